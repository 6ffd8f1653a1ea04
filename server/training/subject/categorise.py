"""Fits the category head on the pooled features of the frozen picture network.

    python categorise.py --work work --checkpoint runs/pack/newest.pt --out category.pt [--seed 1]

Needs WORK/scenes.json of labels.py. The temperature is fitted on the hold-out, and its figures are printed.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import heads
from augment import Augment, clean
from categories import CATEGORIES, NAMES, OBJECTS, category_of
from cutouts import SETS, cut
from data import SET_SHARE, Lessons
from labels import SCENES, area
from validate import SIDE, load_average

PLACE = {category: k for k, category in enumerate(CATEGORIES)}
# At most so many pictures of one label of one set, so that shirts do not fill the time.
MOST_OF_LABEL = {"01": 900, "02": 300, "03": 200, "04": 100, "06": 8, "07": 2500, "08": 1000, "13": 95}
MOST_OTHER_THINGS = 22
MARGIN, OBJECT_AREA, OBJECT_SCORE = 1.1, 0.06, 0.45
BATCH = 64
STEPS, STEP_VIEWS, RATE, DECAY, INNER, LOSS = 2500, 512, 1.5e-3, 0.05, 384, 0.4
# 0 draws every category alike, 1 as often as it is shown.
PRIOR, SMOOTHING = 0.75, 0.03
WHOLE = (0.0, 0.0, 1.0, 1.0)
LEAST_ROWS = 10
SOURCES = {
    "catalogue": {"07", "08"}, "people": {"01"}, "catalogue and people": {"01", "07", "08"}, "shops": {"03"},
    "trash": {"02"}, "groceries": {"04", "06"}, "things": {"13"}, "objects": {"10"},
}


def widened(box, margin=MARGIN):
    """The box with a margin, within the frame."""
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * margin
    return np.concatenate([middle - half, middle + half]).clip(0, 1)


def label_of(row):
    return row["attrs"]["subCategory"] if row["set"] in ("07", "08") else row.get("label") or "unnamed"


def whole_pictures(lessons, index, limited):
    """(row, window, category) of pictures whose label tells the category, at most some of each label."""
    taken, result = {}, []
    for i in index.tolist():
        row = lessons.rows[i]
        category = category_of(row)
        if category is None:
            continue
        key = (row["set"], label_of(row))
        taken[key] = taken.get(key, 0) + 1
        most = MOST_OF_LABEL[row["set"]]
        if row["set"] == "13" and category == CATEGORIES[-1]:
            most = MOST_OTHER_THINGS
        if not limited or taken[key] <= most:
            result.append((i, WHOLE, PLACE[category]))
    return result


def objects(lessons, found, index):
    """Windows around the objects that the detector is sure of."""
    result = []
    for i in index.tolist():
        row = lessons.rows[i]
        for one in found.get(row["file"], []) if row["set"] == SCENES else []:
            box = np.array(one[:4])
            if one[5] in OBJECTS and one[4] >= OBJECT_SCORE and area(box) >= OBJECT_AREA:
                result.append((i, tuple(widened(box)), PLACE[OBJECTS[one[5]]]))
    return result


def held_views(lessons, found):
    return sorted(whole_pictures(lessons, lessons.held, False) + objects(lessons, found, lessons.held))


def subjects(lessons, views):
    """Windows around products on plain ground, as they are embedded when the subject was found."""
    plain = [view for view in views if lessons.rows[view[0]]["set"] in SETS]
    result = []
    for start in range(0, len(plain), 256):
        part = plain[start:start + 256]
        _, boxes, good = cut(lessons.pictures[np.array([i for i, _, _ in part])])
        result += [
            (i, tuple(widened(box / SIDE)), category)
            for (i, _, category), box, trusted in zip(part, boxes, good) if trusted
        ]
    return result


def windows(pictures, boxes):
    """What uint8 pictures (n, 128, 128, 3) show in their windows, at full size."""
    boxes = torch.tensor(boxes, dtype=torch.float32)
    parts = torch.nonzero((boxes != torch.tensor(WHOLE)).any(1))[:, 0]
    if len(parts):
        start, end = boxes[parts, :2], boxes[parts, 2:]
        matrix = torch.cat([torch.diag_embed(end - start), (start + end - 1)[:, :, None]], 2)
        image = pictures[parts].permute(0, 3, 1, 2).float()
        grid = F.affine_grid(matrix, image.shape, align_corners=False)
        view = F.grid_sample(image, grid, mode="bicubic", padding_mode="border", align_corners=False)
        pictures[parts] = view.clamp(0, 255).round().to(torch.uint8).permute(0, 2, 3, 1)
    return pictures


@torch.no_grad()
def features(net, lessons, views, augment=None):
    """Pooled features of views; with `augment` of distorted ones."""
    result = []
    for start in range(0, len(views), BATCH):
        part = views[start:start + BATCH]
        index = np.array([i for i, _, _ in part])
        pictures = windows(lessons.load(index), [window for _, window, _ in part])
        strength = torch.rand(len(part)) * 0.45 + 0.05
        image = augment(pictures, lessons.shape[index], SIDE, strength) if augment else clean(pictures, SIDE)
        with torch.autocast("cpu", torch.bfloat16):
            _, third, fourth = heads.maps(net, image.contiguous(memory_format=torch.channels_last))
        result.append(heads.pooled(net, third, fourth))
    return torch.cat(result)


def fitted(values, labels, seed):
    """The head, taught with categories drawn nearly alike."""
    torch.manual_seed(seed)
    shape = {"categories": len(CATEGORIES), "inner": INNER, "loss": LOSS}
    head = heads.Category(**shape).train()
    counts = torch.bincount(labels, minlength=len(CATEGORIES)).float()
    chance = (counts.clamp(min=1) ** (PRIOR - 1))[labels]
    optimizer = torch.optim.AdamW(head.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, STEPS, pct_start=0.1)
    for _ in range(STEPS):
        which = torch.multinomial(chance, STEP_VIEWS, replacement=True)
        given = values[which]
        loss = F.cross_entropy(head(given), labels[which], label_smoothing=SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return shape, head.eval()


def calibrate(head, logits, labels, weight):
    """Sets the temperature that makes the confidence of held-out pictures come true."""
    choices = torch.linspace(0.3, 3, 109)
    losses = [(F.cross_entropy(logits / value, labels, reduction="none") * weight).sum() for value in choices]
    head.temperature.fill_(choices[int(torch.stack(losses).argmin())])
    return logits / head.temperature


def recall(hit, labels, within):
    """Mean recall over the categories that `within` has at least ten of, or over all it has where none has so many."""
    counts = {k: int((within & (labels == k)).sum()) for k in labels[within].unique().tolist()}
    counted = [k for k, count in counts.items() if count >= LEAST_ROWS] or list(counts)
    return round(float(np.mean([hit[within & (labels == k)].float().mean().item() for k in counted])), 4)


def table(logits, labels, sets):
    """Top-1 by source, precision and recall by category, and how confident the head is."""
    guess, sure = logits.argmax(1), logits.softmax(1).amax(1)
    hit = guess == labels
    figures = {}
    for name, members in SOURCES.items():
        within = torch.tensor([one in members for one in sets])
        if within.any():
            figures[name] = {
                "n": int(within.sum()), "top1": round(hit[within].float().mean().item(), 4),
                "macro": recall(hit, labels, within), "confidence": round(sure[within].mean().item(), 4),
            }
    for k, name in enumerate(NAMES):
        if (labels == k).any():
            figures[f"category {name}"] = {
                "n": int((labels == k).sum()), "recall": round(hit[labels == k].float().mean().item(), 3),
                "precision": round(hit[guess == k].float().mean().item(), 3) if (guess == k).any() else 0.0,
            }
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    parser.add_argument("--keep-features", type=Path, help="writes the features and labels to try other heads on")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    lessons = Lessons(options.work, options.leave_out, in_memory=False)
    found = json.loads((options.work / "scenes.json").read_text())
    net, _ = load_average(options.checkpoint)
    began = time.time()
    whole = whole_pictures(lessons, np.random.default_rng(4).permutation(lessons.teaching), True)
    near = objects(lessons, found, lessons.teaching)
    cut_out = subjects(lessons, whole[::2])
    clothing = [view for view in whole if lessons.rows[view[0]]["set"] in ("01", "03")]
    again = sorted(whole[::2] + clothing * 2 + near * 2)
    plain = sorted(whole + near + cut_out)
    held = held_views(lessons, found)
    print(f"{len(plain)} plain and {len(again)} varied views, {len(held)} held out", flush=True)
    values = torch.cat([features(net, lessons, plain), features(net, lessons, again, Augment())])
    labels = torch.tensor([category for _, _, category in plain + again])
    test, truth = features(net, lessons, held), torch.tensor([category for _, _, category in held])
    sets = [lessons.rows[i]["set"] for i, _, _ in held]
    print(f"features after {time.time() - began:.0f} s", flush=True)
    if options.keep_features:
        torch.save({"values": values, "labels": labels, "test": test, "truth": truth, "sets": sets}, options.keep_features)
    shape, head = fitted(values, labels, options.seed)
    with torch.no_grad():
        counts = {name: sets.count(name) for name in set(sets)}
        logits = calibrate(head, head(test), truth, torch.tensor([1 / counts[name] for name in sets]))
    figures = table(logits, truth, sets)
    heads.save(options.out, "category", shape, head, figures=figures)
    print(json.dumps({"temperature": round(head.temperature.item(), 3), "seconds": round(time.time() - began), **figures}, indent=1))


if __name__ == "__main__":
    main()
