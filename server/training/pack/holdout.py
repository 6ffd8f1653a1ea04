"""Figures of any picture vector on the hold-out of distillation/prepare.py; what fits and chooses reads these.

Copies are those of distillation/validate.py, on the same sources, rounded to the 8 bits that a graph reads.
"""
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))
from data import UNSURE, Lessons
from validate import COPIES, COPY_SOURCES, LARGE, SEED, alike, nearest_class, other_views

# What the product meets besides: a mirrored picture.
OPERATIONS = {**COPIES, "flip": lambda image: image.flip(3)}
BATCH = 100
WITH_TAUGHT = ("01", "03", "04")


class HoldOut:
    """The held-out pictures, the taught ones they are compared with, and distorted copies."""

    def __init__(self, work):
        self.lessons = Lessons(work, in_memory=False)
        rows = self.lessons.rows
        self.held = self.lessons.held
        taught = [i for i in self.lessons.teaching if rows[i]["set"] in WITH_TAUGHT]
        self.index = np.sort(np.concatenate([self.held, np.array(taught)]))
        self.place = {int(i): k for k, i in enumerate(self.index)}
        large = [i for i in self.held if min(rows[i]["width"], rows[i]["height"]) >= LARGE]
        count = min(COPY_SOURCES, len(large))
        self.sources = np.sort(np.random.default_rng(SEED).choice(large, count, replace=False))

    def pictures(self):
        """uint8 (n, 3, side, side) of `index`, in batches."""
        for first in range(0, len(self.index), BATCH):
            part = self.lessons.pictures[self.index[first : first + BATCH]]
            yield np.ascontiguousarray(part.transpose(0, 3, 1, 2))

    def copies(self):
        """Name and uint8 views of the sources, operation by operation; the same bytes every time."""
        image = self.lessons.load(self.sources).permute(0, 3, 1, 2).float() / 255
        torch.manual_seed(SEED)
        for name, distort in OPERATIONS.items():
            yield name, (distort(image.clone()) * 255).round().clamp(0, 255).byte().numpy()

    def described(self, embed):
        """Vectors of all pictures and of all copies by `embed(uint8 pictures)`."""
        looks = np.concatenate([embed(part) for part in self.pictures()])
        views = {
            name: np.concatenate([embed(image[i : i + BATCH]) for i in range(0, len(image), BATCH)])
            for name, image in self.copies()
        }
        return looks, views

    def figures(self, looks, views):
        """Every figure of the hold-out by name, for vectors at unit length."""
        vectors = torch.from_numpy(np.ascontiguousarray(looks, np.float32))
        return {**self.copy_hits(vectors, views), **self.domains(vectors)}

    def copy_hits(self, vectors, views):
        """Share of copies whose source comes first among all held-out pictures."""
        gallery = vectors[[self.place[int(i)] for i in self.held]]
        order = {int(i): k for k, i in enumerate(self.held)}
        own = torch.tensor([order[int(i)] for i in self.sources])
        hits = {
            name: float(((torch.from_numpy(view).float() @ gallery.T).argmax(1) == own).float().mean())
            for name, view in views.items()
        }
        return {"copies": float(np.mean(list(hits.values()))), **hits}

    def domains(self, vectors):
        rows, found = self.lessons.rows, {}
        by_set = {}
        for i in self.index:
            by_set.setdefault(rows[i]["set"], ([], []))[0 if rows[i]["held"] else 1].append(int(i))

        def of(index):
            return vectors[[self.place[i] for i in index]]

        for name in ("07", "08"):
            held = by_set[name][0]
            kinds = [rows[i]["attrs"]["articleType"] for i in held]
            colours = [rows[i]["attrs"]["baseColour"] for i in held]
            found[f"{name} kind"] = alike(of(held), [kinds])
            found[f"{name} kind+colour"] = alike(of(held), [kinds, colours])
        for name, label, count in (("01", "clothing 9-NN", 9), ("04", "groceries 1-NN", 1)):
            held, taught = by_set[name]
            held = [i for i in held if rows[i]["label"] not in UNSURE]
            labels = [[rows[i]["label"] for i in part] for part in (held, taught)]
            found[label] = nearest_class(of(held), of(taught), *labels, count)
        held, taught = by_set["03"]
        everything = taught + held
        instances = [rows[i]["instance"] for i in everything]
        targets = self.lessons.targets[torch.tensor(everything)]
        found["shops view"] = other_views(of(everything), targets, instances, len(taught))
        return found


def joined(parts, weights):
    """The vector of a pack: parts at unit length times their weights, the whole at unit length."""
    whole = np.concatenate([weight * unit(part) for part, weight in zip(parts, weights)], 1)
    return unit(whole)


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def table(rows):
    """Markdown of (name, figures) rows."""
    names = list(rows[0][1])
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(f"{figures[n]:.3f}".lstrip("0") for n in names) + " |" for name, figures in rows]
    return "\n".join(lines)
