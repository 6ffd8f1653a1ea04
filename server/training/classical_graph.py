"""The classical picture descriptor as an ONNX graph: colour layout, colour histogram, gradient orientations."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
OPSET = 17
ORIENTATIONS = 8
PALETTE = 48
# Weight of each group before the projection.
WEIGHTS = {"layout": 1.0, "histogram": 0.8, "fine": 1.0, "coarse": 0.7}
# Luma and two colour differences; the differences are stretched to the range that real pictures fill.
OPPONENT = np.array([[0.299, 0.587, 0.114], [-0.338, -0.662, 1.0], [1.0, -0.838, -0.162]], np.float32)
EPSILON = 1e-3


class Graph:
    """Collects nodes and constants; every method returns the name of its result."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value, kind=np.float32):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, kind), name))
        return name

    def node(self, kind, *inputs, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def convolve(self, x, weights, stride=1, pad=0):
        padded = self.node("Pad", x, self.constant([0, 0, pad, pad, 0, 0, pad, pad], np.int64), mode="edge") if pad else x
        return self.node("Conv", padded, self.constant(weights), strides=[stride, stride])

    def pool(self, x, cells, channels, side):
        """Mean over a grid of cells, each blurred into its neighbours so that a small shift moves little."""
        step = side // cells
        span = 2 * step - 1 if step > 1 else 1
        ramp = np.bartlett(span + 2)[1:-1]
        kernel = np.outer(ramp, ramp) / ramp.sum() ** 2
        weights = np.broadcast_to(kernel, (channels, 1, span, span))
        pad = (span - step) // 2
        before, after = pad, span - step - pad
        padded = self.node("Pad", x, self.constant([0, 0, before, before, 0, 0, after, after], np.int64), mode="edge")
        return self.node("Conv", padded, self.constant(weights), strides=[step, step], group=channels)

    def flatten(self, x):
        return self.node("Flatten", x, axis=1)

    def unit(self, x):
        return self.node("LpNormalization", x, axis=1, p=2)

    def scaled(self, x, factor):
        return self.node("Mul", x, self.constant(factor))

    def rooted(self, x):
        return self.node("Sqrt", self.node("Add", x, self.constant(1e-6)))


def palette():
    """Colours spread evenly over the cube, in opponent coordinates (Halton points: no chance involved)."""

    def radical_inverse(i, base):
        value, step = 0.0, 1.0 / base
        while i:
            i, digit = divmod(i, base)
            value += digit * step
            step /= base
        return value

    rgb = np.array([[radical_inverse(i, b) for b in (2, 3, 5)] for i in range(1, PALETTE - 4)])
    greys = np.linspace(0, 1, 5)[:, None].repeat(3, 1)
    return np.concatenate([rgb, greys]) @ OPPONENT.T.astype(np.float64)


def histogram(graph, opponent):
    """Share of each palette colour, over the whole picture and over its quarters, softly assigned."""
    colours = palette()
    sharpness = 60.0
    linear = graph.convolve(opponent, (2 * sharpness * colours)[:, :, None, None])
    offset = graph.constant((-sharpness * (colours**2).sum(1))[None, :, None, None])
    shares = graph.node("Softmax", graph.node("Add", linear, offset), axis=1)
    groups = [graph.pool(shares, cells, PALETTE, SIDE) if cells > 1 else graph.node("GlobalAveragePool", shares) for cells in (1, 2)]
    return graph.node("Concat", *[graph.unit(graph.rooted(graph.flatten(group))) for group in groups], axis=1)


def orientations(graph, luma, side, cells):
    """Energy of the gradient in each direction and cell, relative to the contrast around."""
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32) / 4
    gradient = graph.convolve(luma, np.stack([sobel, sobel.T])[:, None], pad=1)
    # relu(direction . gradient) squared over the length: a smooth vote for the nearest directions.
    angles = np.arange(ORIENTATIONS) * 2 * np.pi / ORIENTATIONS
    directions = np.stack([np.cos(angles), np.sin(angles)], 1)[:, :, None, None]
    along = graph.node("Relu", graph.convolve(gradient, directions))
    length = graph.node("ReduceL2", gradient, axes=[1], keepdims=1)
    votes = graph.node("Div", graph.node("Mul", along, along), graph.node("Add", length, graph.constant(EPSILON)))
    pooled = graph.pool(votes, cells, ORIENTATIONS, side)
    around = np.full((1, ORIENTATIONS, 3, 3), 1 / 9, np.float32)
    contrast = graph.convolve(pooled, around, pad=1)
    relative = graph.node("Div", pooled, graph.node("Add", contrast, graph.constant(0.02)))
    return graph.unit(graph.rooted(graph.flatten(relative)))


def describe(graph, pixels):
    """All groups side by side; pixels are uint8 (n, 3, SIDE, SIDE), RGB."""
    rgb = graph.scaled(graph.node("Cast", pixels, to=TensorProto.FLOAT), 1 / 255)
    opponent = graph.convolve(rgb, OPPONENT[:, :, None, None])
    luma = graph.convolve(rgb, OPPONENT[:1, :, None, None])
    half = graph.node("AveragePool", luma, kernel_shape=[2, 2], strides=[2, 2])
    layout = graph.flatten(graph.pool(opponent, 8, 3, SIDE))
    centred = graph.node("Sub", layout, graph.node("ReduceMean", layout, axes=[1], keepdims=1))
    groups = {
        "layout": graph.unit(centred),
        "histogram": histogram(graph, opponent),
        "fine": orientations(graph, luma, SIDE, 8),
        "coarse": orientations(graph, half, SIDE // 2, 4),
    }
    return graph.node("Concat", *[graph.scaled(x, WEIGHTS[name]) for name, x in groups.items()], axis=1)


def build(projection=None):
    """The raw descriptor, or with `projection` = (mean, matrix) the finished one at unit length."""
    graph = Graph()
    result = describe(graph, "pixels")
    width = "d"
    if projection is not None:
        mean, matrix = projection
        centred = graph.node("Sub", result, graph.constant(mean))
        result = graph.unit(graph.node("MatMul", centred, graph.constant(matrix)))
        width = matrix.shape[1]
    graph.nodes.append(helper.make_node("Identity", [result], ["embedding"]))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "classical",
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 3, SIDE, SIDE])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", width])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)
