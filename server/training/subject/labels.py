"""Asks a detector once where the objects of everyday scenes are, and keeps its answers.

    python labels.py --data DATA/train --detector DATA/weights/yolox_nano.onnx --work work

Writes WORK/scenes.json: for every picture of the scene set, in the order of the index, a list of
[x1, y1, x2, y2, score, class], boxes in shares of the picture. The detector is not shipped.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))

from data import read_index
from prepare import Packs
from teach import session

SCENES = "10"
SIDE = 416
GREY = 114
LEAST_SCORE, MOST_OVERLAP, CANDIDATES = 0.2, 0.45, 100
CELLS = np.array([(x, y, k) for k in (8, 16, 32) for y in range(SIDE // k) for x in range(SIDE // k)], np.float32)
# Where the detector is sure of one main object.
SURE_SCORE, SURE_AREA, SURE_LEAD = 0.5, 0.04, 1.0


def area(box):
    return (box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1])


def overlap(a, b):
    """Intersection over union of boxes (..., 4)."""
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    both = width.clip(0) * height.clip(0)
    return both / np.maximum(area(a) + area(b) - both, 1e-9)


def detect(graph, picture):
    """Objects of a picture, best score first, near-duplicates left out."""
    scale = SIDE / max(picture.size)
    size = [max(1, round(side * scale)) for side in picture.size]
    canvas = np.full((SIDE, SIDE, 3), GREY, np.float32)
    canvas[: size[1], : size[0]] = np.asarray(picture.resize(size, Image.BICUBIC))[:, :, ::-1]
    found = graph.run(None, {graph.get_inputs()[0].name: canvas.transpose(2, 0, 1)[None]})[0][0]
    middle = (found[:, :2] + CELLS[:, :2]) * CELLS[:, 2:]
    half = np.exp(found[:, 2:4]) * CELLS[:, 2:] / 2
    boxes = (np.concatenate([middle - half, middle + half], 1) / np.array(size * 2)).clip(0, 1)
    scores = found[:, 4] * found[:, 5:].max(1)
    classes = found[:, 5:].argmax(1)
    kept = []
    for i in np.argsort(-scores)[:CANDIDATES]:
        if scores[i] < LEAST_SCORE:
            break
        if all(overlap(boxes[i], np.array(other[:4])) <= MOST_OVERLAP for other in kept):
            kept.append([*(round(float(v), 4) for v in (*boxes[i], scores[i])), int(classes[i])])
    return kept


def ranked(found):
    """Objects with the main one first: the surest of the largest."""
    return sorted(found, key=lambda one: -one[4] * float(area(np.array(one[:4]))))


def main_object(found):
    """The object that clearly dominates the scene, or None."""
    order = ranked(found)
    if not order:
        return None
    weights = [one[4] * float(area(np.array(one[:4]))) for one in order]
    first = order[0]
    alone = len(order) == 1 or weights[0] >= SURE_LEAD * weights[1]
    sure = first[4] >= SURE_SCORE and float(area(np.array(first[:4]))) >= SURE_AREA
    return first if sure and alone else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--detector", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    packs, graph = Packs(options.data), session(options.detector, 1)
    rows = [row for row in read_index(options.work) if row["set"] == SCENES]
    found = {row["file"]: detect(graph, packs.picture(row)) for row in rows}
    (options.work / "scenes.json").write_text(json.dumps(found))
    sure = sum(main_object(found[row["file"]]) is not None for row in rows if row["held"])
    print(f"{len(rows)} scenes, {sure} held-out ones with one main object")


if __name__ == "__main__":
    main()
