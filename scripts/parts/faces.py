"""Turns face-api's networks, as TensorFlow.js keeps their weights, into ONNX.

usage: faces.py PACKAGE OUT   (PACKAGE is npm's @vladmandic/face-api, unpacked)

Writes face-find.onnx (the tiny face detector), face-align.onnx (68 points of a face) and
face-print.onnx (dlib's ResNet, 128 numbers of a face) into the folder OUT. Input of each:
NHWC pixels 0 to 255, red first, under "x". The package has weights only: how the layers
follow each other stands here. Weights stay bytes where they were; onnxruntime makes them
numbers when it loads the model.
"""

import json
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

package, out = sys.argv[1:]


class Graph:
    """A network as it grows, pixels inside NCHW; every method adds to x and gives the output's name."""

    def __init__(self, network, mean):
        self.nodes, self.values, self.known = [], [], {}
        with open(f"{package}/model/{network}_model-weights_manifest.json") as f:
            (group,) = json.load(f)
        (path,) = group["paths"]
        with open(f"{package}/model/{path}", "rb") as f:
            data = f.read()
        for w in group["weights"]:
            data = self.weight(w, data)
        assert not data
        x = self.add("Sub", "x", self.keep("mean", np.float32(mean)))
        self.start = self.add("Transpose", self.add("Div", x, self.keep("white", np.float32(255))), perm=[0, 3, 1, 2])

    def add(self, op, *inputs, **attributes):
        name = f"node {len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        return name

    def keep(self, name, value):
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, w, data):
        """Knows a weight, of the first bytes of data; a byte b stands for min + b · scale."""
        name, shape = w["name"], w["shape"]
        order = {1: (0,), 2: (0, 1), 4: (2, 3, 0, 1) if "depthwise" in name else (3, 2, 0, 1)}[len(shape)]
        q = w.get("quantization")
        kind = np.dtype(q["dtype"] if q else w["dtype"])
        size = int(np.prod(shape)) * kind.itemsize
        value = self.keep(name, np.frombuffer(data[:size], kind).reshape(shape).transpose(order))
        if q:
            scaled = self.add("Mul", self.add("Cast", value, to=TensorProto.FLOAT), self.keep(name + "/scale", np.float32(q["scale"])))
            value = self.add("Add", scaled, self.keep(name + "/min", np.float32(q["min"])))
        self.known[name] = value, tuple(shape[i] for i in order)
        return data[size:]

    def conv(self, x, kernel, bias=None, pads=(0, 0, 0, 0), **attributes):
        value, shape = self.known[kernel]
        inputs = [x, value] + ([self.known[bias][0]] if bias else [])
        group = shape[0] if "depthwise" in kernel else 1
        if "auto_pad" not in attributes:
            attributes["pads"] = pads
        return self.add("Conv", *inputs, kernel_shape=shape[2:], group=group, **attributes)

    def separable(self, x, name, **attributes):
        x = self.conv(x, name + "/depthwise_filter", **attributes)
        return self.conv(x, name + "/pointwise_filter", name + "/bias")

    def each(self, op, x, name):
        """Calculates with one number for each channel."""
        channels = self.keep(name + "/shape", np.int64([-1, 1, 1]))
        return self.add(op, x, self.add("Reshape", self.known[name][0], channels))

    def save(self, name, x, side, answer):
        self.nodes.append(helper.make_node("Identity", [x], ["y"]))
        graph = helper.make_graph(
            self.nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, side, side, 3])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, answer)], self.values,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="loam")
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, f"{out}/{name}.onnx")


def find():
    """Five boxes for each cell of 32 pixels: place, size, and how surely it is a face, as TinyYOLOv2 codes them."""
    g = Graph("tiny_face_detector", (117.001, 114.697, 97.404))
    x = g.add("LeakyRelu", g.conv(g.start, "conv0/filters", "conv0/bias"), alpha=0.1)
    for i in range(1, 6):
        x = g.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
        x = g.add("LeakyRelu", g.separable(x, f"conv{i}", pads=(1, 1, 1, 1)), alpha=0.1)
    x = g.add("MaxPool", x, kernel_shape=[2, 2], strides=[1, 1], auto_pad="SAME_UPPER")
    g.save("face-find", g.add("Transpose", g.conv(x, "conv8/filters", "conv8/bias"), perm=[0, 2, 3, 1]), "n", [1, "m", "m", 25])


def align():
    """The 68 points in the order of iBUG 300-W, x and y as shares of the side."""
    g = Graph("face_landmark_68", (122.782, 117.001, 104.298))
    x = g.start
    for i in range(4):
        if i == 0:
            x = g.conv(x, "dense0/conv0/filters", "dense0/conv0/bias", strides=[2, 2], auto_pad="SAME_UPPER")
        else:
            x = g.separable(x, f"dense{i}/conv0", strides=[2, 2], auto_pad="SAME_UPPER")
        x = sofar = g.add("Relu", x)
        for k in range(1, 4):
            sofar = g.add("Add", sofar, g.separable(x, f"dense{i}/conv{k}", pads=(1, 1, 1, 1)))
            x = g.add("Relu", sofar)
    x = g.add("Flatten", g.add("AveragePool", x, kernel_shape=[7, 7], strides=[2, 2]))
    g.save("face-align", g.add("Gemm", x, g.known["fc/weights"][0], g.known["fc/bias"][0]), 112, [1, 136])


def print_():
    """128 numbers of a face of 150 × 150 pixels."""
    g = Graph("face_recognition", (122.782, 117.001, 104.298))

    def scaled(x, name, **attributes):
        x = g.conv(x, name + "/conv/filters", name + "/conv/bias", **attributes)
        return g.each("Add", g.each("Mul", x, name + "/scale/weights"), name + "/scale/biases")

    def plain(x, name):
        y = g.add("Relu", scaled(x, name + "/conv1", pads=(1, 1, 1, 1)))
        return g.add("Relu", g.add("Add", scaled(y, name + "/conv2", pads=(1, 1, 1, 1)), x))

    def down(x, name, more, odd):
        """Halves the sides; more channels are zeros on the short way, a missing row and column are on the long."""
        y = g.add("Relu", scaled(x, name + "/conv1", strides=[2, 2]))
        y = scaled(y, name + "/conv2", pads=(1, 1, 1, 1))
        if odd:
            y = g.add("Pad", y, g.keep(name + "/odd", np.int64([0, 0, 0, 0, 0, 0, 1, 1])))
        x = g.add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
        if more:
            x = g.add("Pad", x, g.keep(name + "/more", np.int64([0, 0, 0, 0, 0, more, 0, 0])))
        return g.add("Relu", g.add("Add", x, y))

    x = g.add("Relu", scaled(g.start, "conv32_down", strides=[2, 2]))
    x = g.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])  # 35 × 35
    for name in ("conv32_1", "conv32_2", "conv32_3"):
        x = plain(x, name)
    for name, more, odd, then in (
        ("conv64_down", 32, False, ("conv64_1", "conv64_2", "conv64_3")),  # 17 × 17
        ("conv128_down", 64, False, ("conv128_1", "conv128_2")),  # 8 × 8
        ("conv256_down", 128, True, ("conv256_1", "conv256_2")),  # 4 × 4
        ("conv256_down_out", 0, True, ()),  # 2 × 2
    ):
        x = down(x, name, more, odd)
        for one in then:
            x = plain(x, one)
    x = g.add("Flatten", g.add("GlobalAveragePool", x))
    g.save("face-print", g.add("MatMul", x, g.known["fc"][0]), 150, [1, 128])


find()
align()
print_()
