"""Measures, on the hold-out, what several views of a picture in one vector give: each is embedded, and they are averaged.

    python views.py --work WORK --data TRAIN --build BUILD

A view is a window of the picture at its own size, or the whole mirrored; it would cost the server a run of the graphs
each. Views are mixed part by part (learned, classical) at unit length, on both sides alike. Prints the table of all
candidates; decides nothing. README.md tells what came of it.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from fit import outputs
from holdout import BATCH, HoldOut, joined, table, unit
from learn import session
from prepare import Packs, squash

SIDE = 128
CORNER, MIDDLE = 0.6, 0.71
STARTS = (0, 1 - CORNER)
CORNERS = [(left, top, left + CORNER, top + CORNER) for top in STARTS for left in STARTS]
CENTRE = ((1 - MIDDLE) / 2, (1 - MIDDLE) / 2, (1 + MIDDLE) / 2, (1 + MIDDLE) / 2)
# Share of the other views, and to which parts it is given.
SHARES = (0.3, 0.5)
GIVEN = {"both parts": (1, 1), "learned": (1, 0), "classical": (0, 1)}


def window(picture, shares):
    width, height = picture.size
    left, top, right, bottom = shares
    # A corner ends at the picture's edge, whatever the rounding of its shares.
    ends = (min(int(np.ceil(end - 1e-6)), size) for end, size in ((right * width, width), (bottom * height, height)))
    return picture.crop((int(left * width), int(top * height), *ends))


VIEWS = {
    "centre": [lambda picture: window(picture, CENTRE)],
    "corners": [lambda picture, shares=shares: window(picture, shares) for shares in CORNERS],
    "mirrored": [ImageOps.mirror],
}


class Views:
    """Views of the hold-out's pictures and copies, embedded part by part."""

    def __init__(self, work, data, graphs):
        self.hold_out, self.packs, self.graphs = HoldOut(work), Packs(data), graphs
        self.copies = dict(self.hold_out.copies())

    def pictures(self):
        """At their own size, then the copies, operation by operation."""
        rows = self.hold_out.lessons.rows
        yield from (self.packs.picture(rows[i]) for i in self.hold_out.index)
        yield from (Image.fromarray(copy.transpose(1, 2, 0)) for copies in self.copies.values() for copy in copies)

    def embedded(self, view):
        """Each part's vectors of one view of every picture, at unit length."""
        found, batch = [[] for _ in self.graphs], []

        def flush():
            for kept, graph in zip(found, self.graphs):
                kept.append(graph(np.stack(batch)))
            batch.clear()

        for picture in self.pictures():
            batch.append(squash(view(picture), SIDE).transpose(2, 0, 1))
            if len(batch) == BATCH:
                flush()
        if batch:
            flush()
        return [unit(np.concatenate(kept)) for kept in found]

    def figures(self, parts, weights):
        vectors = joined(parts, weights)
        count, size = len(self.hold_out.index), len(self.hold_out.sources)
        starts = {name: count + k * size for k, name in enumerate(self.copies)}
        return self.hold_out.figures(vectors[:count], {name: vectors[at : at + size] for name, at in starts.items()})


def mixed(whole, views, share, given):
    """The whole's parts with this share of the mean of the views, in the parts to which it is given."""
    return [
        part * (1 - share * has) + share * has * np.mean([view[k] for view in views], 0)
        for k, (part, has) in enumerate(zip(whole, given))
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--build", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    weights = json.loads((options.build / "fit.json").read_text(encoding="utf8"))["weights"]
    graphs = [outputs(session((options.build / name).read_bytes())) for name in ("network.onnx", "classical.onnx")]
    views = Views(options.work, options.data, graphs)
    whole = views.embedded(lambda picture: picture)
    lines = [("whole", views.figures(whole, weights))]
    for name, members in VIEWS.items():
        told = [views.embedded(view) for view in members]
        for share in SHARES:
            for where, given in GIVEN.items():
                lines.append((f"{name} {share:g}, {where}", views.figures(mixed(whole, told, share, given), weights)))
    print(table(lines))


if __name__ == "__main__":
    main()
