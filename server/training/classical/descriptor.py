"""The classical picture descriptor as an ONNX graph: colour layout, colour histogram, gradient orientations, and
what of these stays when the picture is turned by a quarter or mirrored.

All is told of five parts, the whole picture and its four corners, and averaged: so a deep crop resembles what it was
cut from. Parts share what is computed for each pixel; from where they are told apart on, they follow each other in the
batch, the whole pictures first.
"""
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
# What a corner has of each side: it ends between pixels at every scale.
CORNER = 0.625
ENDS = ((0, CORNER), (1 - CORNER, 1))
# Each part as its share of the height and of the width.
PARTS = [((0, 1), (0, 1)), *((down, across) for down in ENDS for across in ENDS)]
# Numbers that describe a part: luma, chroma, histogram, near and far, fine, coarse, turned.
WIDTH = 64 + 128 + 5 * PALETTE + 2 * FEW_COLOURS**2 + 512 + 128 + 392
# Share of the four corners in the mean, chosen on the hold-out.
CORNERS_SHARE = 0.3
# Luma and two colour differences; the differences are stretched to the range that real pictures fill.
OPPONENT = np.array([[0.299, 0.587, 0.114], [-0.338, -0.662, 1.0], [1.0, -0.838, -0.162]], np.float32)
# Length below which a layout is noise rather than shape or colour.
LEAST_LUMA, LEAST_CHROMA = 0.2, 0.5


def pooling(side, cells, inset=0, part=(0, 1)):
    """(cells, side) means over the cells of a part of a side, each blurred into its neighbours so that a small shift
    moves little.

    `inset` pixels are missing at each end (a convolution without padding took them).
    """
    first, end = (share * (side + 2 * inset) for share in part)
    step = (end - first) / cells
    place = np.arange(side) + 0.5 + inset
    middle = first + (np.arange(cells) + 0.5) * step
    weight = np.clip(1 - np.abs(place[None] - middle[:, None]) / step, 0, None) * ((place > first) & (place < end))
    return weight / weight.sum(1, keepdims=True)


def pooled(graph, image, channels, side, cells, inset=0):
    """(5 n, channels, cells, cells): `image` in the cells of each part."""
    whole = graph.both_sides(image, pooling(side, cells, inset))
    ends = np.concatenate([pooling(side, cells, inset, part) for part in ENDS])
    blocks = graph.reshape(graph.both_sides(image, ends), -1, channels, 2, cells, 2, cells)
    corners = graph.node("Transpose", blocks, perm=[2, 4, 0, 1, 3, 5])
    return graph.joined([whole, graph.reshape(corners, -1, channels, cells, cells)], axis=0)


def parts_first(graph, told, width):
    """(5 n, width) of (n, 5, …)."""
    flat = graph.reshape(told, -1, len(PARTS), width)
    return graph.reshape(graph.node("Transpose", flat, perm=[1, 0, 2]), -1, width)


def averaged(graph, told, corners):
    """(n, WIDTH) of (5 n, WIDTH); `corners` is their share."""
    shares = np.full(len(PARTS), corners / (len(PARTS) - 1))
    shares[0] = 1 - corners
    weighed = graph.scaled(graph.reshape(told, len(PARTS), -1, WIDTH), shares[:, None, None])
    return graph.node("ReduceSum", weighed, graph.constant([0], np.int64), keepdims=0)


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


def inside(side, part):
    """(side,) equal weights of the pixels in a part of a side."""
    place = np.arange(side) + 0.5
    within = (place > part[0] * side) & (place < part[1] * side)
    return within / within.sum()


def masks(side):
    """(5, side²) equal weights of each part's pixels."""
    return np.stack([np.outer(*(inside(side, share) for share in part)).ravel() for part in PARTS])


def histogram(graph, colours):
    """Share of each palette colour, over each part and over its quarters."""
    side = HISTOGRAM_SIDE
    halves = [[pooling(side, 2, part=share) for share in part] for part in PARTS]
    quarters = [np.einsum("ay,bx->abyx", down, across).reshape(4, side**2) for down, across in halves]
    where = np.concatenate([np.stack([mask, *four]) for mask, four in zip(masks(side), quarters)])
    told = graph.node("MatMul", graph.constant(where), colours)
    return parts_first(graph, graph.rooted(told), 5 * PALETTE)


def neighbours(graph, colours, size):
    """How often each of a few colours lies within `size` pixels of each other one, wherever in the part."""
    area = HISTOGRAM_SIDE**2
    channels = graph.node("Transpose", colours, perm=[0, 2, 1])
    image = graph.reshape(channels, -1, FEW_COLOURS, HISTOGRAM_SIDE, HISTOGRAM_SIDE)
    pads = [size // 2] * 4
    around = graph.node("AveragePool", image, kernel_shape=[size, size], strides=[1, 1], pads=pads)
    weighed = graph.scaled(graph.reshape(around, -1, 1, FEW_COLOURS, area), masks(HISTOGRAM_SIDE)[:, None])
    pairs = graph.node("MatMul", weighed, graph.reshape(colours, -1, 1, area, FEW_COLOURS))
    return parts_first(graph, graph.rooted(pairs), FEW_COLOURS**2)


def orientations(graph, luma, side, cells):
    """Energy of the gradient in each direction and cell, relative to the contrast around: (5 n, 8, cells, cells)."""
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32) / 4
    angles = np.arange(ORIENTATIONS) * 2 * np.pi / ORIENTATIONS
    kernels = np.cos(angles)[:, None, None] * sobel + np.sin(angles)[:, None, None] * sobel.T
    along = graph.node("Relu", graph.convolve(luma, kernels[:, None]))
    energy = graph.node("Mul", along, along)
    # The directions' energies add up to twice the squared length of the gradient.
    total = graph.node("ReduceMean", energy, axes=[1], keepdims=1)
    length = graph.node("Sqrt", graph.shifted(graph.scaled(total, ORIENTATIONS / 2), EPSILON**2))
    told = pooled(graph, graph.node("Div", energy, length), ORIENTATIONS, side - 2, cells, inset=1)
    near = np.eye(cells) + np.eye(cells, k=1) + np.eye(cells, k=-1)
    near /= near.sum(1, keepdims=True)
    contrast = graph.both_sides(graph.node("ReduceMean", told, axes=[1], keepdims=1), near)
    return graph.node("Sqrt", graph.shifted(graph.node("Div", told, graph.shifted(contrast, 0.02)), 1e-6))


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
    """The groups by name, of all parts; pixels are uint8 (n, 3, INPUT_SIDE, INPUT_SIDE), RGB."""
    opponent = in_opponent_colours(graph, pixels)
    luma = graph.sliced(opponent, 0, 1)
    layout = pooled(graph, opponent, 3, SIDE, 8)
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


def build(projection=None, corners=CORNERS_SHARE):
    """The raw descriptor with this share of the corners, or with `projection` = (mean, matrix) the finished one at unit length.

    The matrix is kept in 8 bits, each column with a factor of its own that is applied to what it gives.
    """
    graph = Graph()
    result = averaged(graph, graph.joined(list(describe(graph, "pixels").values())), corners)
    if projection is None:
        return graph.model(result, INPUT_SIDE, "d")
    mean, matrix = projection
    factor = np.abs(matrix).max(0) / 127
    small = graph.constant(np.round(matrix / factor), np.int8)
    large = graph.node("Cast", small, to=TensorProto.FLOAT)
    projected = graph.node("MatMul", graph.shifted(result, -mean), large)
    return graph.model(graph.unit(graph.scaled(projected, factor)), INPUT_SIDE, matrix.shape[1])
