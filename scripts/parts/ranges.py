"""Finds between which values the costly convolutions of the OCR models stay.

usage: ranges.py MODELS OUT.json PICTURE …   (MODELS as ocr.py makes them without ranges)

Run once, on covers and pages drawn by Loam and scenes of its demo; what it finds is in
ranges.json. The pictures are looked at as the worker does. A value beyond its range counts
as the range's end, so the rarest 0.01 % of values are left out.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx

models, out, *files = sys.argv[1:]
worker = (Path(__file__).parent / "../../internal/parts/worker.py").read_text().rsplit("\nmain()", 1)[0]
sys.argv[1:] = [models, str(1 << 40), "1000000", "0"]
look = {}
exec("import resource; resource.setrlimit = lambda *_: None\n" + worker, look)


class Watched:
    """A session that notes what goes into and comes out of the costly convolutions."""

    def __init__(self, name, costly):
        model = onnx.load(f"{models}/{name}.onnx")
        sizes = {i.name: i.dims for i in model.graph.initializer}
        self.convs = [n for n in model.graph.node if n.op_type == "Conv" and costly(sizes[n.input[1]])]
        self.names = sorted({x for n in self.convs for x in (n.input[0], n.output[0])})
        model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(x) for x in self.names)
        options = look["ort"].SessionOptions()
        self.session = look["ort"].InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.seen = {x: [] for x in self.names}

    def run(self, _, feed):
        first, *rest = self.session.run(None, feed)
        for name, value in zip(self.names, rest):
            self.seen[name].append(np.percentile(value, [0.01, 99.99]))
        return [first]

    def ranges(self):
        def ends(name):
            low, high = np.array(self.seen[name]).T
            return [round(min(0.0, float(low.min())), 4), round(max(0.0, float(high.max())), 4)]

        return {n.output[0]: ends(n.input[0]) + ends(n.output[0]) for n in self.convs}


look["find"] = find = Watched("ocr-det", lambda d: d[2] == 3 and d[1] >= 64)
look["read"] = read = Watched("ocr-rec", lambda d: d[2] == 1 and d[1] >= 128)
for file in files:
    look["lines"](look["decode"](Path(file).read_bytes()))
Path(out).write_text(json.dumps({"ocr-det": find.ranges(), "ocr-rec": read.ranges()}, indent=1, sort_keys=True) + "\n")
