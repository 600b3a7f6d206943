"""Works out what Resemblyzer's voice encoder answers, from its own weights, as PyTorch defines
an LSTM: for compare.py, which asks the converted model the same.

usage: lstm.py PRETRAINED.PT OUT.npz
"""

import sys

import numpy as np
from voice import INPUTS, LAYERS, SIZE, load

source, out = sys.argv[1:]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def main():
    w = {name: value.astype(np.float64) for name, value in load(source).items()}
    # Mel frames of a loud and a quiet sound lie in this range.
    x = (np.random.default_rng(9).random((6, 160, INPUTS)) ** 4 * np.logspace(-3, 1, 6)[:, None, None]).astype(np.float32)
    steps = x.astype(np.float64)
    for n in range(LAYERS):
        h = c = np.zeros((len(x), SIZE))
        outputs = []
        for t in range(steps.shape[1]):
            gates = steps[:, t] @ w[f"lstm.weight_ih_l{n}"].T + w[f"lstm.bias_ih_l{n}"]
            gates += h @ w[f"lstm.weight_hh_l{n}"].T + w[f"lstm.bias_hh_l{n}"]
            enter, forget, cell, leave = np.split(gates, 4, axis=1)
            c = sigmoid(forget) * c + sigmoid(enter) * np.tanh(cell)
            h = sigmoid(leave) * np.tanh(c)
            outputs.append(h)
        steps = np.stack(outputs, 1)
    raw = np.maximum(0, h @ w["linear.weight"].T + w["linear.bias"])
    np.savez(out, x=x, voices=raw / np.linalg.norm(raw, axis=1, keepdims=True))


main()
