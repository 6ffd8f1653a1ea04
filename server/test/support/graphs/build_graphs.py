"""Writes the graphs that tests use for parts which the embedded pack does not have: `python build_graphs.py`."""
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

HERE = pathlib.Path(__file__).parent


def save(name, nodes, inputs, outputs, constants):
    values = [numpy_helper.from_array(np.asarray(value, np.float32), key) for key, value in constants.items()]
    model = helper.make_model(
        helper.make_graph(nodes, name, inputs, outputs, values), opset_imports=[helper.make_opsetid("", 17)], ir_version=9
    )
    checker.check_model(model)
    (HERE / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def tensor(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


# Always the same boxes: one, nearly the same again, one elsewhere, one below any sensible threshold.
save(
    "detector",
    [
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "none"], ["zero"]),
        helper.make_node("Add", ["some", "zero"], ["boxes"]),
        helper.make_node("Add", ["sure", "zero"], ["scores"]),
    ],
    [tensor("pixels", [1, 3, 32, 32])],
    [tensor("boxes", [1, 4, 4]), tensor("scores", [1, 4])],
    {
        "none": 0,
        "some": [[[0.25, 0.25, 0.75, 0.75], [0.25, 0.25, 0.76, 0.75], [0.8, 0.4, 0.95, 0.6], [0, 0, 0.1, 0.1]]],
        "sure": [[0.8, 0.9, 0.95, 0.1]],
    },
)
# Three categories, always the second first.
save(
    "categories",
    [
        helper.make_node("ReduceMean", ["vector"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["mean", "none"], ["zero"]),
        helper.make_node("Add", ["always", "zero"], ["logits"]),
    ],
    [tensor("vector", [1, "d"])],
    [tensor("logits", [1, 3])],
    {"none": 0, "always": [[0, 2, 1]]},
)
# One graph for everything, as a trained pack has: the mean colour as vector, and one sure box.
save(
    "network",
    [
        helper.make_node("Cast", ["pixels"], ["values"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["values"], ["embedding"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["embedding", "head"], ["logits"]),
        helper.make_node("ReduceMean", ["embedding"], ["mean"], axes=[0, 1], keepdims=0),
        helper.make_node("Mul", ["mean", "none"], ["zero"]),
        helper.make_node("Add", ["some", "zero"], ["boxes"]),
        helper.make_node("Add", ["sure", "zero"], ["scores"]),
    ],
    [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 3, 16, 16])],
    [tensor("embedding", ["n", 3]), tensor("logits", ["n", 2]), tensor("boxes", [1, 2, 4]), tensor("scores", [1, 2])],
    {
        "none": 0,
        "head": [[0.02, 0], [0, 0.02], [0, 0]],
        "some": [[[0.5, 0, 1, 1], [0, 0, 0.4, 0.4]]],
        "sure": [[0.9, 0.2]],
    },
)
# A picture is its mean colour: red, green and blue, from -0.5 to 0.5.
save(
    "colours",
    [
        helper.make_node("Cast", ["pixels"], ["values"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["values", "share"], ["shares"]),
        helper.make_node("Sub", ["shares", "half"], ["colours"]),
        helper.make_node("ReduceMean", ["colours"], ["embedding"], axes=[2, 3], keepdims=0),
    ],
    [tensor("pixels", [1, 3, 8, 8], TensorProto.UINT8)],
    [tensor("embedding", [1, 3])],
    {"share": 1 / 255, "half": 0.5},
)
# A text is the sum of its tokens' colours. Tokens 4 to 7 are red, green, blue and pale; all others have none.
WORDS = np.zeros((32, 3), np.float32)
WORDS[4:8] = [[0.5, -0.5, -0.5], [-0.5, 0.5, -0.5], [-0.5, -0.5, 0.5], [0.4, 0.4, 0.4]]
save(
    "words",
    [
        helper.make_node("Gather", ["words", "ids"], ["colours"]),
        helper.make_node("Cast", ["mask"], ["counts"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["counts", "colours"], ["sums"]),
        helper.make_node("ReduceMean", ["sums"], ["embedding"], axes=[1], keepdims=0),
    ],
    [tensor("ids", [1, "t"], TensorProto.INT64), tensor("mask", [1, "t"], TensorProto.INT64)],
    [tensor("embedding", [1, 3])],
    {"words": WORDS},
)
