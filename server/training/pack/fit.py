"""Chooses, on the hold-out, the weights of the two parts of the vector and how many dimensions the classical one has.

    python fit.py --work WORK --build BUILD

Reads BUILD/network.onnx and BUILD/projection.npz (classical/learn.py); writes BUILD/classical.onnx at the chosen
dimensions, BUILD/fit.json and BUILD/holdout.npz (the chosen vectors), and prints every candidate. windows.py adds what is embedded for a subject.

The rule: each figure is divided by the best that any candidate has; the candidate with the highest weighted mean
wins (copies count three times, what a shop meets most), and of those within .0005 of it the one with fewest dimensions.
First the dimensions are chosen at one weight, then the weight.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch

from holdout import OPERATIONS, HoldOut, joined, table, unit

sys.path.insert(0, str(Path(__file__).parents[1] / "classical"))
from descriptor import build
from learn import session

LEARNED = 256
DIMENSIONS = (64, 96, 128, 192, 256)
WEIGHTS = (0.0, 0.3, 0.5, 0.65, 0.8, 1.0, 1.3)
# The dimensions are compared at this weight, then the weights at the dimensions chosen.
FIRST_WEIGHT = 0.8
NEGLIGIBLE = 0.0005
FIGURES = {
    "copies": 3, "crop_25": 1, "rotate_90": 1, "grey": 1, "07 kind": 1, "08 kind": 1, "07 kind+colour": 1,
    "08 kind+colour": 1, "clothing 9-NN": 1, "groceries 1-NN": 1, "shops view": 1,
}


def outputs(graph):
    """The embedding of uint8 pictures, one at a time as in the server: int8 graphs round alike."""
    return lambda pictures: graph.run(["embedding"], {"pixels": np.ascontiguousarray(pictures)})[0]


def projected(hold_out, projection, kept):
    """Vectors and copies of the classical part at all its dimensions; kept, since no checkpoint changes them."""
    key = hashlib.sha256(build(projection)).hexdigest()
    if kept.exists() and (known := np.load(kept))["key"] == key:
        return known["looks"], {name: known[name] for name in OPERATIONS}
    mean, matrix = projection
    looks, views = hold_out.described(outputs(session(build())))
    looks, views = (looks - mean) @ matrix, {name: (view - mean) @ matrix for name, view in views.items()}
    np.savez(kept, key=key, looks=looks, **views)
    return looks, views


def merged(network, classical, weight, dims):
    """Vectors and copies of a candidate."""

    def both(learned, other):
        return joined([learned, other[:, :dims]], [1, weight]) if weight else unit(learned)

    return both(network[0], classical[0]), {name: both(network[1][name], classical[1][name]) for name in network[1]}


def worth(figures, best):
    """The rule's number of one candidate."""
    total = sum(FIGURES.values())
    return sum(weight * figures[name] / best[name] for name, weight in FIGURES.items()) / total


def choose(candidates):
    """(key, figures) of the best by the rule; keys are (weight, dimensions), cheaper ones first."""
    best = {name: max(figures[name] for figures in candidates.values()) for name in FIGURES}
    values = {key: worth(figures, best) for key, figures in candidates.items()}
    highest = max(values.values())
    near = [key for key, value in values.items() if value >= highest - NEGLIGIBLE]
    chosen = min(near, key=lambda key: (key[1], -values[key]))
    return chosen, values


def measure(hold_out, network, classical, keys):
    found = {}
    for weight, dims in keys:
        found[weight, dims] = hold_out.figures(*merged(network, classical, weight, dims))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder that distillation/prepare.py filled")
    parser.add_argument("--build", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    projection = np.load(options.build / "projection.npz")
    mean, matrix = projection["mean"], projection["matrix"]
    hold_out = HoldOut(options.work)
    network = hold_out.described(outputs(session((options.build / "network.onnx").read_bytes())))
    classical = projected(hold_out, (mean, matrix), options.build / "holdout-classical.npz")

    found = measure(hold_out, network, classical, [(FIRST_WEIGHT, dims) for dims in DIMENSIONS])
    (_, dims), _ = choose(found)
    found |= measure(hold_out, network, classical, [(weight, dims) for weight in WEIGHTS if (weight, dims) not in found])
    alone = hold_out.figures(*merged(classical, network, 0.0, 0))
    (weight, _), _ = choose({key: figures for key, figures in found.items() if key[1] == dims and key[0] > 0})
    _, values = choose(found)
    rows = [(f"{key[0]:g} × {key[1]} ({values[key]:.3f})", figures) for key, figures in sorted(found.items())]
    print(table([*rows, ("classical alone", alone)]))
    print(f"chosen: 1 : {weight:g}, {LEARNED} + {dims} dimensions")
    looks, views = merged(network, classical, weight, dims)
    np.savez(options.build / "holdout.npz", looks=looks, **views)
    (options.build / "classical.onnx").write_bytes(build((mean, matrix[:, :dims])))
    path = options.build / "fit.json"
    known = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
    fitted = {
        **known, "weights": [1, weight], "dims": [LEARNED, dims], "left_out": projection["left_out"].tolist(),
        "figures": {name: round(value, 4) for name, value in found[weight, dims].items()},
    }
    path.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
