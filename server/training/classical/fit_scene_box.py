"""Fits the scene rule of server/src/vision/subject/scene-finder.ts. See README.md.

Scenes of a training set are labelled by a detector (which is not shipped); where it is sure of one main
object, the object's box is regressed on four moments of the minimum barrier distance.
"""
import argparse
import pathlib

import numpy as np
import onnxruntime
import pyvips

from pictures import rows, squash

SIDE = 32
PASSES = 3
# Spread of the prior for the middle, as a share of the side.
PRIOR_SPREAD = 0.25
RIDGE = 10
DETECTOR_SIDE = 416
OPPONENT = np.array([[0.299, 0.587, 0.114], [-0.338, -0.662, 1.0], [1.0, -0.838, -0.162]])


def detect(session, data):
    """Boxes (x1, y1, x2, y2, score) in shares of the picture, without overlapping ones."""
    image = pyvips.Image.new_from_buffer(data, "").colourspace("srgb")
    scale = DETECTOR_SIDE / max(image.width, image.height)
    resized = image.resize(scale, kernel="cubic").numpy()[:, :, :3][:, :, ::-1]
    canvas = np.full((DETECTOR_SIDE, DETECTOR_SIDE, 3), 114, np.float32)
    canvas[: resized.shape[0], : resized.shape[1]] = resized
    found = session.run(None, {session.get_inputs()[0].name: canvas.transpose(2, 0, 1)[None]})[0][0]
    cells = [(x, y, k) for k in (8, 16, 32) for y in range(DETECTOR_SIDE // k) for x in range(DETECTOR_SIDE // k)]
    grid = np.array(cells, np.float32)
    middle = (found[:, :2] + grid[:, :2]) * grid[:, 2:]
    half = np.exp(found[:, 2:4]) * grid[:, 2:] / 2
    size = np.array([image.width, image.height] * 2) * scale
    boxes = (np.concatenate([middle - half, middle + half], 1) / size).clip(0, 1)
    scores = found[:, 4] * found[:, 5:].max(1)
    kept = []
    for i in np.argsort(-scores)[:100]:
        if scores[i] < 0.3:
            break
        if all(overlap(boxes[i], other[:4]) <= 0.45 for other in kept):
            kept.append(np.append(boxes[i], scores[i]))
    return kept


def area(box):
    return (box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1])


def overlap(a, b):
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    both = width.clip(0) * height.clip(0)
    return both / (area(a) + area(b) - both)


def main_box(boxes):
    """The largest box, if it is sure, covers 8 % and is twice as large as the next; else None."""
    ranked = sorted(boxes, key=lambda box: -area(box))
    if not ranked or ranked[0][4] < 0.55 or area(ranked[0]) < 0.08:
        return None
    return ranked[0][:4] if len(ranked) == 1 or area(ranked[0]) >= 2 * area(ranked[1]) else None


def barrier_distance(channel):
    """Minimum barrier distance to the border of (n, SIDE, SIDE), by raster scans to and fro."""
    distance = np.full(channel.shape, np.inf)
    distance[:, [0, -1]] = 0
    distance[:, :, [0, -1]] = 0
    high, low = channel.copy(), channel.copy()
    for scan in range(PASSES):
        back = -1 if scan % 2 == 0 else 1
        order = range(1, SIDE - 1) if back < 0 else range(SIDE - 2, 0, -1)
        for y in order:
            for x in order:
                for ny, nx in ((y + back, x), (y, x + back)):
                    upper = np.maximum(high[:, ny, nx], channel[:, y, x])
                    lower = np.minimum(low[:, ny, nx], channel[:, y, x])
                    nearer = upper - lower < distance[:, y, x]
                    distance[:, y, x] = np.where(nearer, upper - lower, distance[:, y, x])
                    high[:, y, x] = np.where(nearer, upper, high[:, y, x])
                    low[:, y, x] = np.where(nearer, lower, low[:, y, x])
    return distance


def moments(pixels):
    """Middle and spread, across and down, of what stands out; (n, 4) in shares of the side."""
    opponent = pixels.transpose(0, 2, 3, 1) / 255 @ OPPONENT.T
    distance = sum(barrier_distance(opponent[..., i]) for i in range(3))
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    prior = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / (2 * PRIOR_SPREAD**2))
    weight = distance**2 * prior
    weight /= weight.sum((1, 2), keepdims=True) + 1e-12
    mean_x, mean_y = (weight * x).sum((1, 2)), (weight * y).sum((1, 2))
    spread_x = np.sqrt(((weight * x**2).sum((1, 2)) - mean_x**2).clip(0))
    spread_y = np.sqrt(((weight * y**2).sum((1, 2)) - mean_y**2).clip(0))
    return np.stack([mean_x, mean_y, spread_x, spread_y], 1)


def as_box(shape):
    x, y, width, height = shape.T
    return np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1).clip(0, 1)


def fit(features, boxes):
    """Coefficients (5, 4): middle x, y, width, height from 1 and the moments; sizes then grown for overlap."""
    targets = np.stack([boxes[:, [0, 2]].mean(1), boxes[:, [1, 3]].mean(1), boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], 1)
    mean, spread = features.mean(0), features.std(0)
    design = np.c_[np.ones(len(features)), (features - mean) / spread]
    penalty = np.diag([0] + [RIDGE] * 4)
    scaled = np.linalg.solve(design.T @ design + penalty, design.T @ targets)
    coefficients = np.concatenate([scaled[:1] - (mean / spread) @ scaled[1:], scaled[1:] / spread[:, None]])
    predicted = np.c_[np.ones(len(features)), features] @ coefficients
    grown = [(overlap(as_box(predicted + [0, 0, w, h]), boxes).mean(), w, h) for w in np.arange(0, 0.3, 0.03) for h in np.arange(0, 0.3, 0.03)]
    coefficients[0, 2:] += max(grown)[1:]
    return coefficients


def validate(features, boxes):
    """Mean overlap and share of .5 and above, each fifth predicted from the others."""
    fold = np.arange(len(boxes)) % 5
    found = np.zeros((len(boxes), 4))
    for k in range(5):
        coefficients = fit(features[fold != k], boxes[fold != k])
        found[fold == k] = as_box(np.c_[np.ones((fold == k).sum()), features[fold == k]] @ coefficients)
    values = overlap(found, boxes)
    return values.mean(), (values >= 0.5).mean()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the training sets")
    parser.add_argument("--detector", type=pathlib.Path, required=True, help="YOLOX-nano as ONNX")
    parser.add_argument("--pictures", type=int, default=4000)
    options = parser.parse_args()
    session = onnxruntime.InferenceSession(options.detector)
    labelled = [(main_box(detect(session, packed)), packed) for _, packed in rows(options.data, "10_coco2014_256")[: options.pictures]]
    sure = [(box, packed) for box, packed in labelled if box is not None]
    boxes = np.array([box for box, _ in sure])
    features = moments(np.stack([squash(packed, SIDE) for _, packed in sure]).astype(np.float64))
    print(f"{len(sure)} of {len(labelled)} scenes have one main object")
    for name, share in (("middle 70 %", 0.7), ("middle 84 %", 0.84), ("all", 1.0)):
        middle = np.array([0.5 - share / 2, 0.5 - share / 2, 0.5 + share / 2, 0.5 + share / 2])
        print(f"{name}: mean IoU {overlap(middle, boxes).mean():.3f}, >= .5 {(overlap(middle, boxes) >= 0.5).mean():.3f}")
    print("rule, fifths: mean IoU %.3f, >= .5 %.3f" % validate(features, boxes))
    print(np.array2string(fit(features, boxes).T, separator=", ", precision=4, suppress_small=True))
