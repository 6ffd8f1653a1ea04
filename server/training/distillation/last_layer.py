"""Learns the network's last layer anew from what it pools of teaching pictures and of deep crops of them.

    python last_layer.py --work work --checkpoint runs/pack/newest.pt --out build/last-layer.npz

The training imitates teachers; a shop asks which directions tell pictures apart, and which a crop or another picture of
the same kind leaves as they are. Those are found as the classical descriptor's are (classical/learn.py): mean and 256
columns, strongest first, which export.py folds into the last layer. No other weight changes. Seeded.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "classical"))

from augment import to_input
from data import SET_SHARE, Lessons
from learn import SEED, project
from validate import cropped, load_average

PICTURES, BATCH = 10000, 50
# Of the area, what a crop has.
CROP_AREA = 0.3
# 1,088 pooled features are more alike than the classical ones: directions hardly seen are trusted less.
RIDGE = 0.1


@torch.no_grad()
def pooled(net, lessons, index):
    """What the network pools of pictures and of a crop of each."""
    torch.manual_seed(SEED)
    clean, crops = [], []
    for part in np.split(index, range(BATCH, len(index), BATCH)):
        image = lessons.load(part).permute(0, 3, 1, 2).float() / 255
        for kept, view in ((clean, image), (crops, cropped(image, CROP_AREA).clamp(0, 1))):
            kept.append(net.features(to_input(view).contiguous(memory_format=torch.channels_last)).numpy())
    return np.concatenate(clean), np.concatenate(crops)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lessons = Lessons(options.work, options.leave_out, in_memory=False)
    index = np.sort(lessons.draw(options.pictures, np.random.default_rng(SEED)))
    net, state = load_average(options.checkpoint)
    clean, crops = pooled(net, lessons, index)
    mean, matrix = project(clean, crops, [lessons.rows[i] for i in index], RIDGE)
    np.savez(options.out, mean=mean, matrix=matrix)
    print(f"{options.out}: step {state['step']}, {len(index)} pictures, {matrix.shape[0]} -> {matrix.shape[1]}")


if __name__ == "__main__":
    main()
