"""Writes Resemblyzer's voice encoder, a pickle of PyTorch's, as ONNX. PyTorch takes no part.

usage: voice.py PRETRAINED.PT OUT.onnx

Input: windows of mel frames, (n, frames, 40), under "x"; output: n vectors of 256 numbers and
length 1. The file is of the form torch.save had before 1.6: a magic number, a version, the
machine's sizes, what was saved, the storages' keys, each a pickle; then each storage, its
length before it. A name the pickles may not use ends the script: nothing of them is run.
"""

import collections
import pickle
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MAGIC = 0x1950A86A20F9469CFC6C
LAYERS, INPUTS, SIZE = 3, 40, 256


class View:
    """A tensor's place in its storage."""

    def __init__(self, storage, offset, shape, strides, *_):
        self.storage, self.offset, self.shape = storage, offset, shape
        steps = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
        assert list(strides) == steps, "a tensor that does not lie in one piece"

    def of(self, storages):
        n = int(np.prod(self.shape))
        values = storages[self.storage][self.offset : self.offset + n]
        assert len(values) == n
        return values.reshape(self.shape)


class Reader(pickle.Unpickler):
    """Reads tensors of float32 and plain values; knows no other name."""

    names = {
        ("collections", "OrderedDict"): collections.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): View,
        ("torch", "FloatStorage"): "float32",
    }

    def find_class(self, module, name):
        return self.names[module, name]

    def persistent_load(self, what):
        kind, dtype, key, _, _, view = what
        assert (kind, dtype, view) == ("storage", "float32", None)
        return key


def load(source):
    """The model's weights by name."""
    with open(source, "rb") as f:
        magic, version, machine, saved, keys = (Reader(f).load() for _ in range(5))
        assert magic == MAGIC and version == 1001 and machine["little_endian"]
        storages = {}
        for key in keys:
            (n,) = struct.unpack("<q", f.read(8))
            storages[key] = np.frombuffer(f.read(4 * n), "<f4")
            assert len(storages[key]) == n
        assert not f.read(1)
    return {name: view.of(storages) for name, view in saved["model_state"].items()}


def gates(w):
    """PyTorch's order of an LSTM's gates (input, forget, cell, output) as ONNX has it."""
    i, f, c, o = np.split(w, 4)
    return np.concatenate([i, o, f, c])


def main():
    source, out = sys.argv[1:]
    w, nodes, values = load(source), [], []

    def keep(name, value):
        values.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(op, inputs, outputs, **attributes):
        nodes.append(helper.make_node(op, inputs, outputs, **attributes))

    add("Transpose", ["x"], ["steps0"], perm=[1, 0, 2])
    direction = keep("direction", np.array([1], np.int64))
    for n in range(LAYERS):
        part = {p: gates(w[f"lstm.{p}_l{n}"]) for p in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
        weights = [
            keep(f"w{n}", part["weight_ih"][None]), keep(f"r{n}", part["weight_hh"][None]),
            keep(f"b{n}", np.concatenate([part["bias_ih"], part["bias_hh"]])[None]),
        ]
        last = n == LAYERS - 1
        add("LSTM", [f"steps{n}", *weights], ["", "last"] if last else [f"y{n}"], hidden_size=SIZE)
        add("Squeeze", ["last" if last else f"y{n}", direction if not last else keep("first", np.array([0], np.int64))],
            ["hidden" if last else f"steps{n + 1}"])
    add("Gemm", ["hidden", keep("linear", w["linear.weight"]), keep("bias", w["linear.bias"])], ["raw"], transB=1)
    add("Relu", ["raw"], ["positive"])
    add("LpNormalization", ["positive"], ["voice"], axis=1, p=2)
    graph = helper.make_graph(
        nodes, "Resemblyzer voice encoder",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "frames", INPUTS])],
        [helper.make_tensor_value_info("voice", TensorProto.FLOAT, ["n", SIZE])], values,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="loam")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, out)


if __name__ == "__main__":
    main()
