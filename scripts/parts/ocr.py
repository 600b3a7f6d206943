"""Rewrites a PP-OCR model so that ONNX Runtime has less to do; what it answers stays the same.

usage: ocr.py IN.onnx OUT.onnx [RANGES.json NAME]

Exported from Paddle, a hard swish is four nodes and each block scales and shifts its values
by two numbers. Here a hard swish is x · HardSigmoid(x), which the runtime fuses, and the two
numbers go into the weights of the convolution before or after. Where that one pads, they
become a batch normalisation, which the runtime keeps in its own layout.

With ranges (see ranges.py) the convolutions they name, those that cost most, calculate with
bytes. All that is rounded is rounded the same everywhere: the result has one hash.
"""

import json
import math
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

source, out = sys.argv[1:3]


class Net:
    """A model's nodes and constants, and who makes and uses which value."""

    def __init__(self, model):
        self.model = model
        self.constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
        self.nodes = []
        for node in model.graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            else:
                self.nodes.append(node)

    def makers(self):
        return {o: n for n in self.nodes for o in n.output}

    def users(self):
        users = {o.name: [None] for o in self.model.graph.output}
        for n in self.nodes:
            for i in n.input:
                users.setdefault(i, []).append(n)
        return users

    def scalar(self, node, op):
        """(value, number) of a node that is `value op number`, else None."""
        if node is None or node.op_type != op:
            return None
        fixed = [i for i in node.input if i in self.constants and self.constants[i].size == 1]
        moving = [i for i in node.input if i not in self.constants]
        return (moving[0], float(self.constants[fixed[0]].ravel()[0])) if len(fixed) == len(moving) == 1 else None

    def drop(self, *gone):
        self.nodes = [n for n in self.nodes if not any(n is g for g in gone)]

    def put(self, old, *new):
        at = next(i for i, n in enumerate(self.nodes) if n is old)
        self.nodes[at : at + 1] = new

    def rename(self, old, new):
        for n in self.nodes:
            for i, name in enumerate(n.input):
                if name == old:
                    n.input[i] = new

    def save(self, path):
        used = {i for n in self.nodes for i in n.input}
        graph = self.model.graph
        del graph.node[:], graph.initializer[:]
        graph.node.extend(self.nodes)
        graph.initializer.extend(numpy_helper.from_array(np.ascontiguousarray(v), k) for k, v in self.constants.items() if k in used)
        onnx.checker.check_model(self.model, full_check=True)
        onnx.save(self.model, path)


def only(users, name):
    """The one user of a value, else None."""
    return users[name][0] if len(users.get(name, [])) == 1 else None


def attribute(node, name):
    return next(helper.get_attribute_value(a) for a in node.attribute if a.name == name)


def swish(net):
    """x · clip(x + 3, 0, 6) / 6 becomes x · HardSigmoid(x)."""
    users, n = net.users(), 0
    for add in list(net.nodes):
        x = net.scalar(add, "Add")
        clip = only(users, add.output[0]) if x and x[1] == 3 else None
        mul = only(users, clip.output[0]) if clip is not None and clip.op_type == "Clip" else None
        if mul is None or mul.op_type != "Mul" or x[0] not in mul.input:
            continue
        div = only(users, mul.output[0])
        assert net.scalar(div, "Div")[1] == 6
        gate = x[0] + "/gate"
        net.put(
            div, helper.make_node("HardSigmoid", [x[0]], [gate], alpha=1 / 6, beta=0.5),
            helper.make_node("Mul", [x[0], gate], list(div.output)),
        )
        net.drop(add, clip, mul)
        n += 1
    return n


def weigh(net, conv, scale, shift):
    """Gives a convolution weights times scale and a bias of bias · scale + shift."""
    w = net.constants[conv.input[1]].astype(np.float64)
    bias = net.constants[conv.input[2]].astype(np.float64) if len(conv.input) > 2 else np.zeros(w.shape[0])
    kept = list(conv.input[:1]) + [conv.output[0] + "/w", conv.output[0] + "/b"]
    net.constants[kept[1]] = (w * scale).astype(np.float32)
    net.constants[kept[2]] = shift(w, bias).astype(np.float32)
    del conv.input[:]
    conv.input.extend(kept)


def affine(net):
    """value · a + b goes into the convolution beside it."""
    before, after, between = 0, 0, 0
    for mul in list(net.nodes):
        users, makers = net.users(), net.makers()
        x = net.scalar(mul, "Mul")
        add = only(users, mul.output[0]) if x else None
        y = net.scalar(add, "Add")
        if not y:
            continue
        (value, a), b, result = x, y[1], add.output[0]
        maker, convs = makers.get(value), users[result]
        if maker is not None and maker.op_type == "Conv" and only(users, value) is mul:
            weigh(net, maker, a, lambda _, bias: bias * a + b)
            net.rename(result, value)
            net.drop(mul, add)
            before += 1
        elif any(c is None or c.op_type != "Conv" for c in convs):
            continue
        elif all(not any(attribute(c, "pads")) and attribute(c, "group") == 1 for c in convs):
            for c in convs:
                weigh(net, c, a, lambda w, bias: bias + [b * math.fsum(one.ravel()) for one in w])
            net.rename(result, value)
            net.drop(mul, add)
            after += 1
        else:
            channels = net.constants[convs[0].input[1]].shape[1] * attribute(convs[0], "group")
            names = [f"{result}/{i}" for i in range(4)]
            for name, number in zip(names, (a, b, 0, 1)):
                net.constants[name] = np.full(channels, number, np.float32)
            net.put(add, helper.make_node("BatchNormalization", [value, *names], [result], epsilon=0.0))
            net.drop(mul)
            between += 1
    return before, after, between


def normalised(net):
    """A batch normalisation after a convolution goes into it."""
    n = 0
    for norm in [n for n in net.nodes if n.op_type == "BatchNormalization"]:
        conv = net.makers().get(norm.input[0])
        if conv is None or conv.op_type != "Conv" or only(net.users(), norm.input[0]) is not norm:
            continue
        gamma, beta, mean, variance = (net.constants[i].astype(np.float64) for i in norm.input[1:])
        scale = gamma / np.sqrt(variance + attribute(norm, "epsilon"))
        weigh(net, conv, scale[:, None, None, None], lambda _, bias: (bias - mean) * scale + beta)
        net.rename(norm.output[0], conv.output[0])
        net.drop(norm)
        n += 1
    return n


def in_bytes(net, ranges):
    """The named convolutions calculate with bytes between the lowest and highest values seen.

    Weights have seven bits, since processors without VNNI add two products in 16.
    """
    for conv in [n for n in net.nodes if n.op_type == "Conv" and n.output[0] in ranges]:
        result, w = conv.output[0], net.constants[conv.input[1]].astype(np.float64)
        low_in, high_in, low_out, high_out = ranges[result]
        each = np.maximum(np.abs(w).max((1, 2, 3)), 1e-4) / 63
        constants = {
            "w": np.rint(w / each[:, None, None, None]).astype(np.int8), "w/scale": each.astype(np.float32), "w/zero": np.zeros(len(w), np.int8),
        }
        for side, low, high in (("in", low_in, high_in), ("out", low_out, high_out)):
            scale = np.float32((high - low) / 255)
            constants[side + "/scale"], constants[side + "/zero"] = scale, np.uint8(round(-low / float(scale)))
        step = float(constants["in/scale"]) * constants["w/scale"].astype(np.float64)
        bias = net.constants[conv.input[2]] if len(conv.input) > 2 else np.zeros(len(w))
        constants["b"] = np.rint(bias / step).astype(np.int32)
        name = {k: f"{result}/byte/{k}" for k in constants}
        net.constants.update({name[k]: np.asarray(v) for k, v in constants.items()})
        x, y = f"{result}/byte/x", f"{result}/byte/y"
        inner = helper.make_node(
            "QLinearConv",
            [x, *(name[k] for k in ("in/scale", "in/zero", "w", "w/scale", "w/zero", "out/scale", "out/zero", "b"))], [y],
        )
        inner.attribute.extend(conv.attribute)
        net.put(
            conv, helper.make_node("QuantizeLinear", [conv.input[0], name["in/scale"], name["in/zero"]], [x]), inner,
            helper.make_node("DequantizeLinear", [y, name["out/scale"], name["out/zero"]], [result]),
        )


net = Net(onnx.load(source))
print(
    source, "hard swishes:", swish(net), "scales before, after, between convolutions:", *affine(net),
    "normalisations:", normalised(net),
)
if len(sys.argv) > 3:
    in_bytes(net, json.load(open(sys.argv[3]))[sys.argv[4]])
net.save(out)
