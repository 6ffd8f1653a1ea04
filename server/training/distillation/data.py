"""The prepared pictures as training batches: index, sampling shares, labels, other views of one product."""
import json

import numpy as np
import torch

# How often each set is drawn; the shares of the sets in use are scaled to one.
SET_SHARE = {
    "01": 0.09, "02": 0.03, "03": 0.04, "04": 0.05, "06": 0.02,
    "07": 0.18, "08": 0.14, "10": 0.13, "10c": 0.10, "13": 0.22,
}
UNSURE = {"Not sure", "Skip", "Other", "NA", "", None}


def read_index(work):
    with open(work / "index.jsonl", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def picture_weights(rows, leave_out=(), leave_out_classes=()):
    """The probability of each picture to be drawn: 0 for what is held out or left out."""
    sets = np.array([row["set"] for row in rows])
    usable = np.array([
        not row["held"] and row["set"] not in leave_out and row.get("label") not in leave_out_classes for row in rows
    ])
    weights = np.zeros(len(rows))
    for name, share in SET_SHARE.items():
        members = (sets == name) & usable
        if members.any():
            weights[members] = share / members.sum()
    return weights / weights.sum()


def _fashion(row, name):
    return row["attrs"].get(name) if row["set"] in ("07", "08") else None


# The supervised heads: weight of the loss, label of a row.
HEADS = {
    "kind": (0.15, lambda row: _fashion(row, "articleType")),
    "colour": (0.10, lambda row: _fashion(row, "baseColour")),
    "gender": (0.04, lambda row: _fashion(row, "gender")),
    "clothing": (0.08, lambda row: row["label"] if row["set"] == "01" else None),
    "grocery": (0.08, lambda row: row["label"] if row["set"] == "04" else None),
    "fruit": (0.03, lambda row: row["label"] if row["set"] == "06" else None),
    "thing": (0.12, lambda row: row["label"] if row["set"] == "13" else None),
    "material": (0.03, lambda row: row["label"] if row["set"] == "02" else None),
}


def encode(values):
    """Labels to numbers; -1 where there is none."""
    names = sorted({value for value in values if value not in UNSURE})
    number = {name: i for i, name in enumerate(names)}
    return torch.tensor([number.get(value, -1) for value in values]), names


class Lessons:
    """Everything that a training step draws from."""

    def __init__(self, work, leave_out=(), leave_out_classes=(), targets="targets.npy", in_memory=True):
        """in_memory takes 5 GB and spares a random read of the disk for every picture drawn."""
        self.rows = read_index(work)
        self.pictures = np.load(work / "pictures.npy", mmap_mode=None if in_memory else "r")
        self.targets = torch.from_numpy(np.load(work / targets))
        taught = self.targets.abs().sum(1).numpy() > 0
        weights = picture_weights(self.rows, leave_out, leave_out_classes) * taught
        self.teaching = np.flatnonzero(weights)
        self.chance = weights[self.teaching].cumsum() / weights.sum()
        self.held = np.flatnonzero([row["held"] and row["set"] not in leave_out for row in self.rows] & taught)
        self.shape = torch.tensor([_shape(row) for row in self.rows])
        self.instance, _ = encode([row["instance"] for row in self.rows])
        self.labels = {name: encode([of(row) for row in self.rows]) for name, (_, of) in HEADS.items()}
        self.siblings = self._siblings()

    def _siblings(self):
        groups = {}
        for i in self.teaching.tolist():
            groups.setdefault(self.rows[i]["instance"], []).append(i)
        return {i: group for group in groups.values() if len(group) > 1 for i in group}

    def draw(self, count, dice):
        """Pictures of a batch by the sets' shares."""
        return self.teaching[np.searchsorted(self.chance, dice.random(count) * (1 - 1e-9))]

    def partners(self, index, share, dice):
        """For some pictures another one of the same product; itself for the rest."""
        result = index.copy()
        for k in np.flatnonzero(dice.random(len(index)) < share):
            group = self.siblings.get(int(index[k]))
            if group:
                result[k] = group[dice.integers(len(group))]
        return result

    def load(self, index):
        return torch.from_numpy(self.pictures[index])


def _shape(row):
    """Width over height as the shop showed it: set 08 was squeezed to a square by its publisher."""
    if row["set"] == "08" and row["width"] == row["height"]:
        return 0.75
    return row["width"] / row["height"]
