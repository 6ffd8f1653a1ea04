"""A small builder of ONNX graphs: every method adds a node and gives the name of its result."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.known = [], [], {}

    def constant(self, value, kind=np.float32):
        """Equal constants are stored once."""
        array = np.ascontiguousarray(value, kind)
        key = (array.shape, array.dtype.str, array.tobytes())
        if key not in self.known:
            self.known[key] = f"c{len(self.constants)}"
            self.constants.append(numpy_helper.from_array(array, self.known[key]))
        return self.known[key]

    def node(self, kind, *inputs, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def convolve(self, x, weights, stride=1):
        return self.node("Conv", x, self.constant(weights), strides=[stride, stride])

    def average(self, x, size):
        return self.node("AveragePool", x, kernel_shape=[size, size], strides=[size, size])

    def both_sides(self, x, matrix):
        """matrix . x . its transpose, for each channel: the same linear step down and across."""
        across = self.node("MatMul", x, self.constant(matrix.T))
        return self.node("MatMul", self.constant(matrix), across)

    def reshape(self, x, *shape):
        return self.node("Reshape", x, self.constant(shape, np.int64))

    def sliced(self, x, first, end, axis=1):
        return self.node("Slice", x, *(self.constant([value], np.int64) for value in (first, end, axis)))

    def flatten(self, x):
        return self.node("Flatten", x, axis=1)

    def scaled(self, x, factor):
        return self.node("Mul", x, self.constant(factor))

    def shifted(self, x, term):
        return self.node("Add", x, self.constant(term))

    def rooted(self, x):
        return self.node("Sqrt", self.shifted(x, 1e-6))

    def unit(self, x):
        return self.node("LpNormalization", x, axis=1, p=2)

    def softly_unit(self, x, least):
        """Nearly unit length; what is shorter than `least` stays short, so that noise is not blown up."""
        square = self.node("ReduceSum", self.node("Mul", x, x), self.constant([1], np.int64))
        return self.node("Div", x, self.node("Sqrt", self.shifted(square, least**2)))

    def joined(self, parts, axis=1):
        return self.node("Concat", *parts, axis=axis)

    def model(self, result, side, width):
        """The finished graph: `pixels` uint8 (n, 3, side, side) to `embedding` (n, width)."""
        nodes = [*self.nodes, helper.make_node("Identity", [result], ["embedding"])]
        graph = helper.make_graph(
            nodes,
            "classical",
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 3, side, side])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", width])],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        onnx.checker.check_model(model)
        return model.SerializeToString(deterministic=True)
