"""Measures checkpoints on groceries whose classes some of them were never taught: network alone, whole frame.

    python groceries.py --groceries EVAL/product_grocery --checkpoint runs/seed1/newest.pt runs/ten/newest.pt \\
      --classes Orange Watermelon ...

Queries are photos of a shelf. Studio: the pictures of the producers, first hit and first five. Photo: other photos,
nearest one. Each with all queries, with those of the classes named, and with the others.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from prepare import squash
from validate import SIDE, embed, load_average


def read_split(folder, rows, split):
    """Pictures (n, side, side, 3) as bytes, and their classes."""
    chosen = [row for row in rows if row["split"] == split]
    pictures = [squash(Image.open(folder / row["file"]).convert("RGB"), SIDE) for row in chosen]
    return torch.from_numpy(np.stack(pictures)), np.array([row["cls"] for row in chosen])


def within(query, gallery, count):
    """For each query, whether one of the nearest `count` has its class; queries and gallery are (vectors, classes)."""
    order = (query[0] @ gallery[0].T).topk(count, 1).indices.numpy()
    return (gallery[1][order] == query[1][:, None]).any(1)


def told(hits, of):
    share = hits[of].mean()
    return f"{share:.3f} ± {(share * (1 - share) / of.sum()) ** 0.5:.3f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groceries", type=Path, required=True, help="folder with manifest.jsonl and its pictures")
    parser.add_argument("--checkpoint", type=Path, required=True, nargs="+")
    parser.add_argument("--classes", required=True, nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = [json.loads(line) for line in (options.groceries / "manifest.jsonl").read_text(encoding="utf8").splitlines()]
    splits = {split: read_split(options.groceries, rows, split) for split in ("query", "gallery_iconic", "gallery_natural")}
    named = np.isin(splits["query"][1], options.classes)
    for path in options.checkpoint:
        net, state = load_average(path)
        query, studio, photo = ((embed(net, pictures), classes) for pictures, classes in splits.values())
        rows_of = {"studio R@1": within(query, studio, 1), "studio R@5": within(query, studio, 5),
                   "photo 1-NN": within(query, photo, 1)}
        for name, hits in rows_of.items():
            of = {"all": named | True, f"{named.sum()} of the classes named": named, "others": ~named}
            print(path.parent.name, state["step"], name, {key: told(hits, mask) for key, mask in of.items()})


if __name__ == "__main__":
    main()
