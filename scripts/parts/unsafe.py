"""Turns nsfwjs's MobileNetV2, a Keras model as TensorFlow.js keeps it, into ONNX.

usage: unsafe.py PACKAGE OUT.onnx   (PACKAGE is npm's nsfwjs, unpacked)

The package wraps the model's description and its weights, bytes in base64, in scripts; Node
reads both. Input: NHWC pixels 0 to 1 under "x"; output: the classes' probabilities.
"""

import base64
import json
import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

package, out = sys.argv[1:]


def module(name):
    path = os.path.abspath(f"{package}/dist/models/mobilenet_v2/{name}.min.js")
    say = "process.stdout.write(JSON.stringify(require(process.argv[1])))"
    return json.loads(subprocess.run(["node", "-e", say, path], check=True, capture_output=True).stdout)


def weights(manifest):
    """Every weight by name: a byte b stands for min + b · scale."""
    values = {}
    for group in manifest:
        data = b"".join(base64.b64decode(module(path)) for path in group["paths"])
        for w in group["weights"]:
            count, q = int(np.prod(w["shape"])), w["quantization"]
            assert q["dtype"] == "uint8"
            steps = np.frombuffer(data[:count], np.uint8).astype(np.float32)
            values[w["name"]] = (steps * np.float32(q["scale"]) + np.float32(q["min"])).reshape(w["shape"])
            data = data[count:]
        assert not data
    return values


class Graph:
    """ONNX nodes as they grow; inside, pixels are NCHW."""

    def __init__(self):
        self.nodes, self.values = [], []

    def add(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))

    def keep(self, name, value):
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name


def convolution(g, name, config, inputs, kernel, group):
    assert config["data_format"] == "channels_last" and not config["use_bias"]
    same = config["padding"] == "same"
    g.add(
        "Conv", [*inputs, g.keep(name + "/kernel", kernel)], name, group=group, strides=config["strides"],
        dilations=config["dilation_rate"], kernel_shape=config["kernel_size"], auto_pad="SAME_UPPER" if same else "VALID",
    )


def layer(g, kind, name, config, inputs, w):
    """Adds one Keras layer, whose output has its name."""
    match kind:
        case "InputLayer":
            g.add("Transpose", ["x"], name, perm=[0, 3, 1, 2])
        case "ZeroPadding2D":
            (top, bottom), (left, right) = config["padding"]
            pads = numpy_helper.from_array(np.array([0, 0, top, left, 0, 0, bottom, right], np.int64), name + "/pads")
            g.values.append(pads)
            g.add("Pad", [*inputs, pads.name], name)
        case "Conv2D":
            assert config["activation"] == "linear"
            convolution(g, name, config, inputs, w[name + "/kernel"].transpose(3, 2, 0, 1), 1)
        case "DepthwiseConv2D":
            assert config["activation"] == "linear" and config["depth_multiplier"] == 1
            kernel = w[name + "/depthwise_kernel"].transpose(2, 3, 0, 1)
            convolution(g, name, config, inputs, kernel, kernel.shape[0])
        case "BatchNormalization":
            parts = [g.keep(f"{name}/{p}", w[f"{name}/{p}"]) for p in ("gamma", "beta", "moving_mean", "moving_variance")]
            g.add("BatchNormalization", [*inputs, *parts], name, epsilon=config["epsilon"])
        case "ReLU":
            g.add("Clip", [*inputs, g.keep(name + "/low", 0), g.keep(name + "/high", config["max_value"])], name)
        case "Add":
            g.add("Add", inputs, name)
        case "AveragePooling2D":
            assert config["padding"] == "valid"
            g.add("AveragePool", inputs, name, kernel_shape=config["pool_size"], strides=config["strides"])
        case "Flatten":
            g.add("Transpose", inputs, name + "/nhwc", perm=[0, 2, 3, 1])
            g.add("Flatten", [name + "/nhwc"], name)
        case "Dropout":
            g.add("Identity", inputs, name)
        case "Dense":
            g.add("Gemm", [*inputs, g.keep(name + "/kernel", w[name + "/kernel"]), g.keep(name + "/bias", w[name + "/bias"])], name + "/linear")
            g.add({"relu": "Relu", "softmax": "Softmax"}[config["activation"]], [name + "/linear"], name)
        case _:
            sys.exit(f"{name} is a {kind}, which this script does not know")


def main():
    description = module("model")
    config, w, g = description["modelTopology"]["model_config"]["config"], weights(description["weightsManifest"]), Graph()
    for one in config["layers"]:
        inputs = [source[0] for node in one["inbound_nodes"] for source in node]
        layer(g, one["class_name"], one["name"], one["config"], inputs, w)
    side = config["layers"][0]["config"]["batch_input_shape"][1]
    last = config["output_layers"][0][0]
    graph = helper.make_graph(
        g.nodes, "nsfwjs mobilenet v2",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, side, side, 3])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, 5])], g.values,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="loam")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, out)


main()
