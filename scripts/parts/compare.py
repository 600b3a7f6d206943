"""Compares the models in use with those they were made of.

usage: compare.py MODELS WORK

MODELS are those in use. WORK has original.js and faces.js with their packages, of each OCR model the
original and the rewritten one that does not calculate with bytes, and what lstm.py worked out.
"""

import json
import subprocess
import sys

import numpy as np
import onnxruntime as ort

models, work = sys.argv[1:]
CLOSE = 1e-4


def run(path, x):
    return ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]


def report(name, ours, theirs):
    apart = float(np.abs(np.asarray(ours) - np.asarray(theirs)).max())
    print(f"{name}: {len(ours)} answers, at most {apart:.1e} apart")
    return apart < CLOSE * max(1, np.abs(theirs).max() / 10)


def pictures(n=12, sides=(224,)):
    """Noise of several scales, from flat colours to single pixels."""
    r = np.random.default_rng(7)
    for i in range(n):
        block, side = 2 ** (i % 8), sides[i % len(sides)]
        coarse = r.integers(0, 256, (-(-side // block), -(-side // block), 3), dtype=np.uint8)
        yield coarse.repeat(block, 0).repeat(block, 1)[:side, :side]


def original(script, seen):
    said = subprocess.run(["node", script], cwd=work, input=b"".join(p.tobytes() for p in seen), check=True, capture_output=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


seen = list(pictures())
theirs = original("original.js", seen)
ours = [run(f"{models}/unsafe.onnx", p[None].astype(np.float32) / 255)[0] for p in seen]
good = report("unsafe", ours, theirs)

seen = list(pictures(12, (416, 112, 150)))
theirs = original("faces.js", seen)
for i, part in enumerate(("find", "align", "print")):
    ours = [run(f"{models}/face-{part}.onnx", p[None].astype(np.float32)).ravel() for p in seen[i::3]]
    good &= report("face-" + part, ours, theirs[i::3])

r = np.random.default_rng(8)
for part, shape in (("det", (1, 3, 320, 256)), ("rec", (1, 3, 48, 320))):
    x = r.uniform(-2, 2, shape).astype(np.float32)
    original = run(f"{work}/{part}-original.onnx", x)[0]
    good &= report(f"ocr-{part}, rewritten", run(f"{work}/{part}-exact.onnx", x)[0], original)
    report(f"ocr-{part}, in bytes", run(f"{models}/ocr-{part}.onnx", x)[0], original)
known = np.load(f"{work}/voice.npz")
good &= report("voice", run(f"{models}/voice.onnx", known["x"]), known["voices"])
sys.exit(not good)
