"""Fits the subject detector on the frozen picture network.

    python detect.py --work work --checkpoint runs/pack/newest.pt --out subject.pt [--steps 4500] [--seed 1]

Needs WORK/scenes.json of labels.py. measure.py tells how good the head is once it is exported.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import copy
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import heads
from augment import to_input
from compose import Composer, sprites
from cutouts import SETS, for_choice
from data import SET_SHARE, Lessons
from labels import SCENES
from validate import load_average

BATCH, RATE, DECAY, AVERAGE, CLIP = 24, 2.5e-3, 0.02, 0.996, 5.0
# Views drawn before come again beside the new ones: the frozen network's maps of them are kept.
AGAIN, KEPT_BATCHES = 2, 250
CUTOUTS = {"02": 400, "03": 600, "06": 250, "07": 2200, "08": 3600}
# The middle of a box that answers for it: a share of the box's sides, so many cells to each side at most.
MIDDLE, FARTHEST = 0.5, 2.5
SCORE_LOSS, BOX_LOSS = 4.0, 1.5
# What a cell that answers for no box counts for.
IDLE = 0.35
LANDSCAPES = {"n09193705", "n09246464", "n09332890", "n09428293"}


def overlap(a, b):
    """Intersection over union, and its generalised form, of boxes (..., 4)."""
    both = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1).clamp(min=1e-6)
    total = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - both
    plain = both / total.clamp(min=1e-6)
    return plain, plain - (around - total) / around


def assigned(boxes, side):
    """For every cell the box (n, side, side, 4) that it answers for, its weight (0 none, -1 not counted), and its share.

    A box's cells share what the box counts for, so that large ones do not drown small ones.
    """
    x, y = heads.centres(side)
    corner, weight = boxes[:, :, None, None, :4], boxes[:, :, None, None, 4]
    middle, half = (corner[..., :2] + corner[..., 2:]) / 2, (corner[..., 2:] - corner[..., :2]) / 2
    reach = (half * MIDDLE).clamp(0.5 / side, FARTHEST / side)
    within = ((x - middle[..., 0]).abs() <= reach[..., 0]) & ((y - middle[..., 1]).abs() <= reach[..., 1])
    inside = ((x - middle[..., 0]).abs() <= half[..., 0]) & ((y - middle[..., 1]).abs() <= half[..., 1])
    value = torch.where(within & (weight > 0), weight.expand(within.shape), 0.0)
    best, which = value.max(1)
    target = boxes[..., :4].gather(1, which.flatten(1)[..., None].expand(-1, -1, 4))
    share = (reach.prod(-1) * 4 * side**2).clamp(min=1).rsqrt().flatten(1).gather(1, which.flatten(1))
    ignored = (inside & (weight < 0)).any(1) & (best == 0)
    return target.view(*best.shape, 4), torch.where(ignored, -1.0, best), share.view(best.shape)


def loss_of(logits, found, boxes):
    """Quality focal loss on the scores, whose target is weight x overlap; generalised overlap on the boxes."""
    target, weight, share = assigned(boxes, logits.shape[-1])
    plain, general = overlap(found, target)
    wanted = (weight.clamp(min=0) * plain.detach()).clamp(0, 1)
    score = logits.sigmoid()
    focal = (wanted - score).abs().square() * F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    focal = focal * torch.where(weight > 0, share, (weight == 0) * IDLE)
    counted = weight.clamp(min=0) * share
    total = counted.sum().clamp(min=1)
    return SCORE_LOSS * focal.sum() / total + BOX_LOSS * ((1 - general) * counted).sum() / total


def composer_of(lessons, found, index, cutouts):
    """A composer over the pictures of index; `cutouts` is how many are taken of each set."""
    rows = lessons.rows
    scenes = [i for i in index if rows[i]["set"] == SCENES]
    busy = [i for i in scenes if found[rows[i]["file"]]]
    empty = [i for i in scenes if not found[rows[i]["file"]]]
    empty += [i for i in index if rows[i].get("label") in LANDSCAPES]
    dice = np.random.default_rng(3)
    chosen = []
    for name in SETS:
        members = np.array([i for i in index if rows[i]["set"] == name])
        chosen.append(dice.permutation(members)[: cutouts[name]])
    cut = sprites(lessons, np.sort(np.concatenate(chosen)).astype(int))
    return Composer(lessons, busy, [found[rows[i]["file"]] for i in busy], empty, cut)


@torch.no_grad()
def seen_by(net, image):
    with torch.autocast("cpu", torch.bfloat16):
        return heads.maps(net, to_input(image).contiguous(memory_format=torch.channels_last))


def answered(head, given):
    with torch.autocast("cpu", torch.bfloat16):
        logits, boxes = head(*given)
    return logits.float(), boxes.float()


def train(net, composer, options):
    head = heads.Subject()
    average = copy.deepcopy(head)
    matrices = [value for value in head.parameters() if value.ndim > 1]
    others = [value for value in head.parameters() if value.ndim <= 1]
    steps = options.steps
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}], RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.08)
    dice = np.random.default_rng(options.seed)
    began, seen = time.time(), []
    for step in range(steps):
        image, boxes = composer.draw(BATCH, dice)
        seen.append((*seen_by(net, image), boxes))
        del seen[:-KEPT_BATCHES]
        batch = [torch.cat(some) for some in zip(seen[-1], *(seen[dice.integers(len(seen))] for _ in range(AGAIN)))]
        loss = loss_of(*answered(head, batch[:3]), batch[3])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), CLIP)
        optimizer.step()
        schedule.step()
        keep(average, head, min(AVERAGE, (1 + step) / (10 + step)))
        if step % 100 == 0 or step == steps - 1:
            print(json.dumps({"step": step, "loss": round(loss.item(), 4), "seconds": round(time.time() - began)}), flush=True)
    return average.eval()


@torch.no_grad()
def keep(average, head, share):
    for mine, theirs in zip(average.state_dict().values(), head.state_dict().values()):
        if mine.is_floating_point():
            mine.lerp_(theirs, 1 - share)
        else:
            mine.copy_(theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4500, help="of 24 new views and 48 seen before")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    lessons = Lessons(options.work, options.leave_out, in_memory=False)
    found = json.loads((options.work / "scenes.json").read_text())
    apart = np.array([for_choice(lessons.rows[i]) for i in lessons.teaching])
    net, _ = load_average(options.checkpoint)
    net.requires_grad_(False)
    composer = composer_of(lessons, found, lessons.teaching[~apart], CUTOUTS)
    print(f"{len(composer.sprites)} cut-outs, {len(composer.scenes)} scenes, {len(composer.empty)} empty", flush=True)
    heads.save(options.out, "subject", {}, train(net, composer, options), steps=options.steps, seed=options.seed)


if __name__ == "__main__":
    main()
