"""Measures a checkpoint on pictures that never taught (the hold-out of prepare.py); same figures every time.

    python validate.py --work work --checkpoint runs/main/newest.pt
    python validate.py --work work --teachers

`--teachers` gives the rows of the targets themselves: what the network could reach by imitation alone.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import warp
from augment import blurred, clean, jpeg, to_input
from data import UNSURE, Lessons, encode
from model import PictureNet

SIDE = 128
COPY_SOURCES = 300
LARGE = 100
SEED = 11
SAME_FILE = 0.98


def homography(count, across=1.0, down=1.0, right=0.0, below=0.0, degrees=0.0):
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    grown = abs(cos) + abs(sin)
    matrix = torch.tensor([[across * cos, -down * sin, 0.0], [across * sin, down * cos, 0.0], [0.0, 0.0, 1.0]])
    matrix = matrix.repeat(count, 1, 1)
    matrix[:, :2, :2] *= grown
    matrix[:, 0, 2], matrix[:, 1, 2] = right, below
    return matrix


def warped(image, ground=0.5, **how):
    view, inside = warp.resample(image, homography(len(image), **how), image.shape[-1])
    return view * inside + ground * (1 - inside)


def cropped(image, area):
    """A window of this share of the area at any place."""
    side = area**0.5
    right, below = ((1 - side) * warp.uniform(-1, 1, len(image)) for _ in range(2))
    return warped(image, across=side, down=side, right=right, below=below)


def grey(image):
    luma = (image * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    return luma.expand_as(image).contiguous()


def screenshot(image):
    shot = warped(image, 0.96, across=1.3, down=1.6, below=0.1)
    side = image.shape[-1]
    shot[:, :, : side // 16] = 0.12
    orange = torch.tensor([1, 0.35, 0]).view(3, 1, 1)
    shot[:, :, int(side * 0.85):int(side * 0.93), side // 12:int(side * 0.92)] = orange
    return shot


def noisy(image, grain):
    return (image + torch.randn_like(image) * grain).clamp(0, 1)


def shrunk(image, side):
    return F.interpolate(F.interpolate(image, size=side, mode="area"), size=image.shape[-1], mode="bicubic").clamp(0, 1)


def hard(image):
    return jpeg(noisy(warped(cropped(image, 0.6), degrees=8) * 1.15, 0.05), torch.full((len(image),), 40.0))


COPIES = {
    "crop_50": lambda image: cropped(image, 0.5),
    "crop_25": lambda image: cropped(image, 0.25),
    "rotate_20": lambda image: warped(image, degrees=20),
    "rotate_90": lambda image: image.transpose(2, 3).flip(2),
    "rotate_180": lambda image: image.flip(2, 3),
    "grey": grey,
    "dark": lambda image: (image * 0.6),
    "thumb_32": lambda image: shrunk(image, 32),
    "blur": lambda image: blurred(image, 2.0),
    "noise": lambda image: noisy(image, 0.15),
    "jpeg_8": lambda image: jpeg(image, torch.full((len(image),), 8.0)),
    "screenshot": screenshot,
    "hard": hard,
}


@torch.no_grad()
def embed(net, pictures, side=SIDE, batch=128):
    """Embeddings of uint8 pictures, whole frame, full precision."""
    net.eval()
    parts = [net(clean(pictures[i:i + batch], side).contiguous(memory_format=torch.channels_last))
             for i in range(0, len(pictures), batch)]
    return F.normalize(torch.cat(parts), dim=1)


@torch.no_grad()
def copy_hits(net, lessons, gallery):
    """Share of distorted copies whose original comes first among all held-out pictures."""
    rows = lessons.rows
    place = {int(i): k for k, i in enumerate(lessons.held)}
    large = [i for i in lessons.held if min(rows[i]["width"], rows[i]["height"]) >= LARGE]
    source = np.sort(np.random.default_rng(SEED).choice(large, min(COPY_SOURCES, len(large)), replace=False))
    image = lessons.load(source).permute(0, 3, 1, 2).float() / 255
    own = torch.tensor([place[int(i)] for i in source])
    torch.manual_seed(SEED)
    hits = {}
    for name, distort in COPIES.items():
        view = to_input(distort(image.clone()))
        found = F.normalize(torch.cat([net(part) for part in view.split(100)]), dim=1) @ gallery.T
        hits[name] = round((found.argmax(1) == own).float().mean().item(), 4)
    hits["mean"] = round(float(np.mean(list(hits.values()))), 4)
    return hits


def nearest_class(query, gallery, query_labels, gallery_labels, count):
    """Share of queries whose class most of the nearest have; ties go to the nearest."""
    order = (query @ gallery.T).topk(count, 1).indices
    found = [Counter(gallery_labels[k] for k in row).most_common(1)[0][0] for row in order.tolist()]
    return round(float(np.mean([a == b for a, b in zip(found, query_labels)])), 4)


def alike(vectors, labels, count=10):
    """Share of the nearest others that carry all labels of the query."""
    likeness = vectors @ vectors.T
    likeness.fill_diagonal_(-9)
    order = likeness.topk(count, 1).indices
    same = torch.ones_like(order, dtype=torch.bool)
    for label in labels:
        number, _ = encode(label)
        same &= number[order] == number[:, None]
    return round(same.float().mean().item(), 4)


def other_views(vectors, targets, instances, first):
    """Share of queries (places from `first` on) whose nearest is of the same product; the same file does not count."""
    number, _ = encode(instances)
    twin = targets[first:] @ targets.T > SAME_FILE
    same = (number[first:, None] == number[None]) & ~twin
    found = (vectors[first:] @ vectors.T).masked_fill(twin, -9).argmax(1, keepdim=True)
    asked = same.any(1)
    return round(same.gather(1, found)[asked].float().mean().item(), 4)


def validate(net, lessons, vectors_of=None):
    """All figures; `vectors_of(index)` replaces the net for the rows of the teachers."""
    rows = lessons.rows
    vectors_of = vectors_of or (lambda index: embed(net, lessons.load(np.asarray(index))))
    held = vectors_of(lessons.held)
    closeness = (held * lessons.targets[torch.from_numpy(lessons.held)]).sum(1)
    figures = {"closeness": {}}
    for name in sorted({rows[i]["set"] for i in lessons.held}):
        members = [k for k, i in enumerate(lessons.held) if rows[i]["set"] == name]
        figures["closeness"][name] = round(closeness[members].mean().item(), 4)
        vectors, members_rows = held[members], [rows[lessons.held[k]] for k in members]
        taught = [i for i in lessons.teaching if rows[i]["set"] == name]
        if name in ("07", "08"):
            kinds = [row["attrs"]["articleType"] for row in members_rows]
            colours = [row["attrs"]["baseColour"] for row in members_rows]
            figures[f"fashion_{name}"] = {
                "kind": alike(vectors, [kinds]), "kind_colour": alike(vectors, [kinds, colours]),
            }
        elif name == "03":
            everything = taught + [lessons.held[k] for k in members]
            figures["shops_view"] = other_views(
                torch.cat([vectors_of(taught), vectors]), lessons.targets[torch.tensor(everything)],
                [rows[i]["instance"] for i in everything], len(taught),
            )
        elif name in ("01", "04"):
            clear = [k for k, row in enumerate(members_rows) if row["label"] not in UNSURE]
            figures["clothing_9nn" if name == "01" else "grocery_1nn"] = nearest_class(
                vectors[clear], vectors_of(taught), [members_rows[k]["label"] for k in clear],
                [rows[i]["label"] for i in taught], 9 if name == "01" else 1,
            )
    if net is not None:
        figures["copies"] = copy_hits(net, lessons, held)
    return figures


def load_average(path):
    state = torch.load(path, map_location="cpu", weights_only=True)
    net = PictureNet(state["shape"])
    net.load_state_dict(state["average"])
    return net.eval().to(memory_format=torch.channels_last), state


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--teachers", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    lessons = Lessons(options.work, in_memory=False)
    if options.teachers:
        figures = validate(None, lessons, lambda index: lessons.targets[torch.as_tensor(np.asarray(index))])
    else:
        net, state = load_average(options.checkpoint)
        figures = {"step": state["step"], **validate(net, lessons)}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
