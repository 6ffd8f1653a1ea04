"""Learns the projection of the classical descriptor from teaching pictures and distorted views of them.

    python learn.py --work WORK --out BUILD

Directions count most in which views of one picture, and pictures of one product or kind, differ less than
pictures do: the eigenvectors of all differences against those. Writes BUILD/projection.npz: the mean and 256 columns,
strongest first, of which pack/fit.py keeps as many as pay. Seeded.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))
from augment import Augment
from data import SET_SHARE, UNSURE, Lessons

from descriptor import build

SEED = 17
PICTURES, BATCH = 16000, 200
STRENGTHS = (0.4, 1.0)
DIMENSIONS = 256
# Added to the differences of views, as a share of their mean variance: directions hardly seen are not trusted.
RIDGE = 0.003
# 1 makes all kept directions equally strong, 0 leaves them as strong as they tell pictures apart.
EVENNESS = 0.5
# How much pictures of one product or kind count, beside views of one picture.
KIND_SHARE = 0.3


def kind_of(row):
    """What two pictures of a set must share to be alike; None where a set does not tell."""
    if row["set"] in ("03", "06"):
        return row["instance"]
    if row["set"] in ("07", "08"):
        return f"{row['attrs']['articleType']} {row['attrs']['baseColour']}"
    return row["label"] if row["set"] in ("01", "02", "04") else None


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def batches(lessons, index):
    """Pictures and a distorted view of each, uint8 (n, 3, side, side)."""
    torch.manual_seed(SEED)
    distort = Augment()
    for first in range(0, len(index), BATCH):
        part = index[first : first + BATCH]
        pictures = lessons.load(part)
        strength = torch.empty(len(part)).uniform_(*STRENGTHS)
        view = distort(pictures, lessons.shape[part].float(), pictures.shape[1], strength)
        yield pictures.permute(0, 3, 1, 2).numpy(), ((view * 0.25 + 0.5) * 255).round().clamp(0, 255).byte().numpy()


def described(lessons, index):
    """The descriptors of whole frames, before the projection, of pictures and of their views."""
    graph = session(build(corners=0))
    found = [
        [graph.run(None, {"pixels": np.ascontiguousarray(pixels)})[0] for pixels in pair] for pair in batches(lessons, index)
    ]
    return (np.concatenate(part) for part in zip(*found))


def scatter_of_kinds(clean, rows):
    """Squared differences between pictures of one kind, each set counting alike."""
    sets = {}
    for k, row in enumerate(rows):
        if (kind := kind_of(row)) not in UNSURE:
            sets.setdefault(row["set"], {}).setdefault(kind, []).append(k)
    total = np.zeros((clean.shape[1], clean.shape[1]))
    for kinds in sets.values():
        members = [group for group in kinds.values() if len(group) > 1]
        centred = np.concatenate([clean[group] - clean[group].mean(0) for group in members]).astype(np.float64)
        total += 2 * centred.T @ centred / sum(len(group) - 1 for group in members)
    return total / len(sets)


def project(clean, distorted, rows, ridge=RIDGE):
    """Mean and matrix; signs are fixed, so the result is too."""
    mean = clean.mean(0, dtype=np.float64)
    between = np.cov((clean - mean).T)
    difference = (distorted - clean).astype(np.float64)
    within = difference.T @ difference / len(difference)
    kinds = scatter_of_kinds(clean, rows)
    within = (1 - KIND_SHARE) * within + KIND_SHARE * kinds * np.trace(within) / np.trace(kinds)
    within += np.eye(len(within)) * ridge * np.trace(within) / len(within)
    variance, axes = np.linalg.eigh(within)
    whitener = axes / np.sqrt(variance)
    strength, turned = np.linalg.eigh(whitener.T @ between @ whitener)
    order = np.argsort(strength)[::-1][:DIMENSIONS]
    matrix = whitener @ turned[:, order] / strength[order] ** (EVENNESS / 2)
    matrix *= np.sign(matrix[np.abs(matrix).argmax(0), np.arange(DIMENSIONS)])
    return mean.astype(np.float32), matrix.astype(np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder that distillation/prepare.py filled")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    lessons = Lessons(options.work, options.leave_out, in_memory=False)
    index = np.sort(lessons.draw(options.pictures, np.random.default_rng(SEED)))
    clean, distorted = described(lessons, index)
    mean, matrix = project(clean, distorted, [lessons.rows[i] for i in index])
    path = options.out / "projection.npz"
    np.savez(path, mean=mean, matrix=matrix, left_out=np.array(options.leave_out, dtype=str))
    print(f"{path}: {len(index)} pictures, {matrix.shape[0]} -> {matrix.shape[1]}")


if __name__ == "__main__":
    main()
