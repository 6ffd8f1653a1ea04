"""The classical picture descriptor as an ONNX graph: colour layout, colour histogram, gradient orientations, and
what of these stays when the picture is turned by a quarter or mirrored."""
import numpy as np
from onnx import TensorProto

from onnx_graph import Graph

INPUT_SIDE = 128
SIDE = 64
ORIENTATIONS = 8
PALETTE, FEW_COLOURS = 48, 13
SHARPNESS, SOFT_SHARPNESS = 60.0, 20.0
HISTOGRAM_SIDE = 32
EPSILON = 1e-3
# Luma and two colour differences; the differences are stretched to the range that real pictures fill.
OPPONENT = np.array([[0.299, 0.587, 0.114], [-0.338, -0.662, 1.0], [1.0, -0.838, -0.162]], np.float32)
# Length below which a layout is noise rather than shape or colour.
LEAST_LUMA, LEAST_CHROMA = 0.2, 0.5


def pooling(side, cells, inset=0):
    """(cells, side) means over cells, each blurred into its neighbours so that a small shift moves little.

    `inset` pixels are missing at each end (a convolution without padding took them).
    """
    step = (side + 2 * inset) / cells
    place = np.arange(side) + 0.5 + inset
    middle = (np.arange(cells) + 0.5) * step
    weight = np.clip(1 - np.abs(place[None] - middle[:, None]) / step, 0, None)
    return weight / weight.sum(1, keepdims=True)


def palette(count):
    """Colours spread evenly over the cube, in opponent coordinates (Halton points: no chance involved)."""

    def radical_inverse(i, base):
        value, step = 0.0, 1.0 / base
        while i:
            i, digit = divmod(i, base)
            value += digit * step
            step /= base
        return value

    rgb = np.array([[radical_inverse(i, b) for b in (2, 3, 5)] for i in range(1, count - 4)])
    greys = np.linspace(0, 1, 5)[:, None].repeat(3, 1)
    return np.concatenate([rgb, greys]) @ OPPONENT.T.astype(np.float64)


def shares(graph, pixels, count, sharpness):
    """How much each of (n, area, 3) pixels is of each palette colour."""
    colours = palette(count)
    linear = graph.node("MatMul", pixels, graph.constant(2 * sharpness * colours.T))
    return graph.node("Softmax", graph.shifted(linear, -sharpness * (colours**2).sum(1)), axis=-1)


def histogram(graph, colours):
    """Share of each palette colour, over the whole picture and over its quarters."""
    area = HISTOGRAM_SIDE**2
    halves = pooling(HISTOGRAM_SIDE, 2)
    quarters = np.einsum("ay,bx->abyx", halves, halves).reshape(4, area)
    where = np.concatenate([np.full((1, area), 1 / area), quarters])
    return graph.rooted(graph.reshape(graph.node("MatMul", graph.constant(where), colours), -1, 5 * PALETTE))


def neighbours(graph, colours, size):
    """How often each of a few colours lies within `size` pixels of each other one, wherever in the picture."""
    area = HISTOGRAM_SIDE**2
    channels = graph.node("Transpose", colours, perm=[0, 2, 1])
    image = graph.reshape(channels, -1, FEW_COLOURS, HISTOGRAM_SIDE, HISTOGRAM_SIDE)
    pads = [size // 2] * 4
    around = graph.node("AveragePool", image, kernel_shape=[size, size], strides=[1, 1], pads=pads)
    pairs = graph.node("MatMul", graph.reshape(around, -1, FEW_COLOURS, area), colours)
    return graph.rooted(graph.flatten(graph.scaled(pairs, 1 / area)))


def orientations(graph, luma, side, cells):
    """Energy of the gradient in each direction and cell, relative to the contrast around: (n, 8, cells, cells)."""
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32) / 4
    angles = np.arange(ORIENTATIONS) * 2 * np.pi / ORIENTATIONS
    kernels = np.cos(angles)[:, None, None] * sobel + np.sin(angles)[:, None, None] * sobel.T
    along = graph.node("Relu", graph.convolve(luma, kernels[:, None]))
    energy = graph.node("Mul", along, along)
    # The directions' energies add up to twice the squared length of the gradient.
    total = graph.node("ReduceMean", energy, axes=[1], keepdims=1)
    length = graph.node("Sqrt", graph.shifted(graph.scaled(total, ORIENTATIONS / 2), EPSILON**2))
    pooled = graph.both_sides(graph.node("Div", energy, length), pooling(side - 2, cells, inset=1))
    near = np.eye(cells) + np.eye(cells, k=1) + np.eye(cells, k=-1)
    near /= near.sum(1, keepdims=True)
    contrast = graph.both_sides(graph.node("ReduceMean", pooled, axes=[1], keepdims=1), near)
    return graph.node("Sqrt", graph.shifted(graph.node("Div", pooled, graph.shifted(contrast, 0.02)), 1e-6))


def turned_places(channels, cells):
    """(8, channels * cells²) where each value goes when the picture is turned by quarters, then mirrored and turned.

    Channels that are directions turn with the picture: a quarter turn moves them by two, a mirror reverses them.
    """
    place = np.arange(channels * cells**2).reshape(channels, cells, cells)
    views = []
    for mirrored in (False, True):
        view = place
        if mirrored:
            view = view[:, :, ::-1]
            if channels == ORIENTATIONS:
                view = view[(ORIENTATIONS // 2 - np.arange(ORIENTATIONS)) % ORIENTATIONS]
        for _ in range(4):
            views.append(view.ravel())
            view = np.rot90(view, axes=(1, 2))
            if channels == ORIENTATIONS:
                view = np.roll(view, -2, axis=0)
    return np.stack(views)


def orbits(channels, cells):
    """One row of eight places for each set of values that turning and mirroring exchanges."""
    places = turned_places(channels, cells)
    return places[:, places.min(0) == places[0]].T


def unturned(graph, values, channels, cells):
    """What turning by quarters and mirroring leaves as it is: magnitudes of the spectrum over the eight views."""
    rows = orbits(channels, cells)
    gathered = graph.node("Gather", graph.flatten(values), graph.constant(rows.ravel(), np.int64), axis=1)
    eight = graph.reshape(gathered, -1, len(rows), 8)
    spectrum = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [2**0.5, 0, -(2**0.5), 0], [0, 2**0.5, 0, -(2**0.5)]]) / 2
    double = np.kron(np.array([[1, 1], [1, -1]]) / 2**0.5, spectrum)
    parts = graph.node("MatMul", eight, graph.constant(double.T))
    mean = graph.sliced(parts, 0, 1, axis=2)
    square = graph.node("Mul", parts, parts)
    # Alternating; once around, real and imaginary; and the same of the difference to the mirrored views.
    gather = np.zeros((8, 3))
    gather[[1, 5], 0] = 1
    gather[[2, 3, 6, 7], 1] = 1
    gather[4, 2] = 1
    sizes = graph.rooted(graph.node("MatMul", square, graph.constant(gather)))
    return graph.flatten(graph.joined([mean, sizes], axis=2))


def in_opponent_colours(graph, pixels):
    """(n, 3, SIDE, SIDE): averages of the bytes, as luma and two colour differences."""
    rgb = graph.node("Cast", pixels, to=TensorProto.FLOAT)
    step = INPUT_SIDE // SIDE
    means = np.broadcast_to(OPPONENT[:, :, None, None] / (255 * step**2), (3, 3, step, step))
    return graph.convolve(rgb, means, stride=step)


def describe(graph, pixels):
    """The groups by name; pixels are uint8 (n, 3, INPUT_SIDE, INPUT_SIDE), RGB."""
    opponent = in_opponent_colours(graph, pixels)
    luma = graph.sliced(opponent, 0, 1)
    layout = graph.both_sides(opponent, pooling(SIDE, 8))
    light, chroma = graph.sliced(layout, 0, 1), graph.sliced(layout, 1, 3)
    light = graph.node("Sub", light, graph.node("ReduceMean", light, axes=[2, 3], keepdims=1))
    small = graph.reshape(graph.average(opponent, SIDE // HISTOGRAM_SIDE), -1, 3, HISTOGRAM_SIDE**2)
    colours = graph.node("Transpose", small, perm=[0, 2, 1])
    few = shares(graph, colours, FEW_COLOURS, SOFT_SHARPNESS)
    fine = orientations(graph, luma, SIDE, 8)
    coarse = orientations(graph, graph.average(luma, 2), SIDE // 2, 4)
    return {
        "luma": graph.softly_unit(graph.flatten(light), LEAST_LUMA),
        "chroma": graph.softly_unit(graph.flatten(chroma), LEAST_CHROMA),
        "histogram": graph.unit(histogram(graph, shares(graph, colours, PALETTE, SHARPNESS))),
        "near": graph.unit(neighbours(graph, few, 3)),
        "far": graph.unit(neighbours(graph, few, 9)),
        "fine": graph.unit(graph.flatten(fine)),
        "coarse": graph.unit(graph.flatten(coarse)),
        "turned luma": graph.softly_unit(unturned(graph, light, 1, 8), LEAST_LUMA),
        "turned chroma": graph.softly_unit(unturned(graph, chroma, 2, 8), LEAST_CHROMA),
        "turned fine": graph.unit(unturned(graph, fine, ORIENTATIONS, 8)),
    }


def build(projection=None):
    """The raw descriptor, or with `projection` = (mean, matrix) the finished one at unit length.

    The matrix is kept in 8 bits, each column with a factor of its own that is applied to what it gives.
    """
    graph = Graph()
    result = graph.joined(list(describe(graph, "pixels").values()))
    if projection is None:
        return graph.model(result, INPUT_SIDE, "d")
    mean, matrix = projection
    factor = np.abs(matrix).max(0) / 127
    small = graph.constant(np.round(matrix / factor), np.int8)
    large = graph.node("Cast", small, to=TensorProto.FLOAT)
    projected = graph.node("MatMul", graph.shifted(result, -mean), large)
    return graph.model(graph.unit(graph.scaled(projected, factor)), INPUT_SIDE, matrix.shape[1])
