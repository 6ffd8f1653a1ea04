"""Chooses the detector's thresholds on pictures apart, and measures the exported graph's heads on the hold-out.

    python measure.py --work work --network build/network.onnx --out build/subject.json [--composites FOLDER]

FOLDER is what composites.py wrote: held-out pictures, which choose nothing. The choice is made on views of
teaching pictures that the head did not learn from. The same files give the same figures.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from categorise import SOURCES, held_views, recall, table, whole_pictures, windows
from cutouts import for_choice
from detect import CUTOUTS, composer_of
from data import SET_SHARE, Lessons
from labels import area, overlap
from prepare import squash
from teach import session
from validate import SIDE

SEED, VIEWS = 17, {"composite": 480, "plain": 120, "empty": 200}
# A scene teaches its main object where the detector is as sure as this.
LEAST_MAIN, MOST_SECOND = 0.99, 0.8
THRESHOLDS = np.round(np.arange(0.02, 0.8, 0.01), 2)
MOST_OVERLAP, POWERS, NEGLIGIBLE = 0.5, (0.0, 0.1, 0.2, 0.3), 0.002
BANDS = (0, 0.08, 0.16, 0.32, 0.5, 1)
# What is given up of the best overlap so that more pictures of nothing are told as such.
INDULGENCE = 0.004
WHOLE = np.array([0.0, 0.0, 1.0, 1.0])
# The window in which the server looks again, as pack/windows.py chose it.
WINDOW_SCALE = 1.4
SHARES, MOST_LOST = (0.0, 0.3, 0.5, 0.7, 1.0), 0.01


def listed_boxes(graph, pictures, batch=32):
    """All boxes and scores of each picture (n, 3, 128, 128), bytes."""
    parts = [graph.run(["boxes", "scores"], {"pixels": pictures[k:k + batch]}) for k in range(0, len(pictures), batch)]
    return tuple(np.concatenate(each) for each in zip(*parts))


def best_of(boxes, scores, power):
    """For each picture the box that is ranked first, and its score."""
    first = (scores * area(boxes).clip(0) ** power).argmax(1)
    return tuple(np.take_along_axis(each, first.reshape(-1, *[1] * (each.ndim - 1)), 1)[:, 0] for each in (boxes, scores))


def best_boxes(graph, pictures, power):
    return best_of(*listed_boxes(graph, pictures), power)


def windows_of(boxes):
    """server/src/vision/embed/embedding-window.ts, in shares of the picture."""
    side = np.minimum(1, (boxes[:, 2:] - boxes[:, :2]).max(1, keepdims=True) * WINDOW_SCALE)
    start = np.clip((boxes[:, :2] + boxes[:, 2:] - side) / 2, 0, 1 - side)
    return np.concatenate([start, start + side], 1)


def looked_again(graph, pictures, boxes, scores, limits):
    """The best box in the window of the first one: server/src/vision/subject/detector-finder.ts."""
    seen = windows_of(boxes)
    cut = [
        squash(picture.crop(tuple(round(edge * side) for edge, side in zip(window, picture.size * 2))), SIDE)
        for picture, window in zip(pictures, seen)
    ]
    closer, sure = best_boxes(graph, np.ascontiguousarray(np.stack(cut).transpose(0, 3, 1, 2)), limits["areaPower"])
    size = np.tile(seen[:, 2:] - seen[:, :2], 2)
    placed = np.tile(seen[:, :2], 2) + closer * size
    taken = np.where((sure >= limits["minScore"])[:, None], placed, boxes)
    return np.where((scores >= limits["minScore"])[:, None], taken, WHOLE)


def choice_views(composer):
    """Views by kind: bytes and main boxes, none for pictures of nothing."""
    dice = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    drawn = {kind: composer.one_kind(kind, count, dice) for kind, count in VIEWS.items()}
    weight = composer.boxes[..., 4]
    clear = np.flatnonzero(((weight[:, 0] >= LEAST_MAIN) & (weight[:, 1] < MOST_SECOND)).numpy())
    drawn["scene"] = (composer.images(composer.scenes[clear]), composer.boxes[clear])
    views = {}
    for kind, (image, boxes) in drawn.items():
        main = boxes[torch.arange(len(boxes)), boxes[..., 4].argmax(1), :4].numpy()
        views[kind] = ((image * 255).round().to(torch.uint8).numpy(), None if kind == "empty" else main)
    return views


def summary(boxes, scores, truth):
    """How well the best boxes meet the main subjects, also by the subject's share of the frame."""
    value = overlap(boxes, truth)
    size = area(truth)
    bands = {
        f"{low:g}-{high:g}": [int(within.sum()), round(float((value[within] >= 0.5).mean()), 3)]
        for low, high in zip(BANDS, BANDS[1:]) if (within := (size >= low) & (size < high)).any()
    }
    error = float((value >= 0.5).std() / len(value) ** 0.5)
    return {
        "n": len(value), "iou50": round(float((value >= 0.5).mean()), 4), "standard_error": round(error, 4),
        "iou": round(float(value.mean()), 4), "by_area": bands,
        "score_p5_p50_p95": [round(float(v), 3) for v in np.quantile(scores, (0.05, 0.5, 0.95))],
    }


def chosen_threshold(found):
    """The highest score below which the whole picture may be taken at next to no loss of overlap."""
    gains = []
    for least in THRESHOLDS:
        kinds = []
        for boxes, scores, truth in found:
            taken = np.where((scores >= least)[:, None], boxes, WHOLE)
            kinds.append(overlap(taken, truth).mean())
        gains.append(float(np.mean(kinds)))
    gains = np.array(gains)
    return float(THRESHOLDS[np.flatnonzero(gains >= gains.max() - INDULGENCE)[-1]]), gains


def choose(graph, composer):
    seen = {kind: (listed_boxes(graph, pictures), truth) for kind, (pictures, truth) in choice_views(composer).items()}
    met = {power: mean_overlap(seen, power) for power in POWERS}
    power = next(one for one in POWERS if met[one] >= max(met.values()) - NEGLIGIBLE)
    found = {kind: (*best_of(*given, power), truth) for kind, (given, truth) in seen.items()}
    least, gains = chosen_threshold([given for given in found.values() if given[2] is not None])
    figures = {"areaPower": {power: round(value, 4) for power, value in met.items()}}
    for kind, (boxes, scores, truth) in found.items():
        figures[kind] = {"below": round(float((scores < least).mean()), 3)}
        if truth is not None:
            figures[kind] |= summary(boxes, scores, truth)
    at = int(np.flatnonzero(THRESHOLDS == least)[0])
    figures["overlap"] = {"always the box": round(gains[0], 4), "best": round(gains.max(), 4), "chosen": round(gains[at], 4)}
    return {"minScore": least, "areaPower": power, "maxOverlap": MOST_OVERLAP}, figures


def mean_overlap(seen, power):
    """Over the kinds of views, of the boxes that are ranked first."""
    subjects = ((given, truth) for given, truth in seen.values() if truth is not None)
    return float(np.mean([overlap(best_of(*given, power)[0], truth).mean() for given, truth in subjects]))


def judged(graph, folder, name, limits):
    """The figures of the pictures that composites.py wrote."""
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
    pictures = [Image.open(folder / row["file"]).convert("RGB") for row in rows]
    squashed = np.stack([squash(picture, SIDE) for picture in pictures]).transpose(0, 3, 1, 2)
    size = np.array([[row["width"], row["height"]] * 2 for row in rows])
    truth = np.array([row["main_box"] for row in rows], float)
    truth[:, 2:] += truth[:, :2]
    boxes, scores = best_boxes(graph, np.ascontiguousarray(squashed), limits["areaPower"])
    once = np.where((scores >= limits["minScore"])[:, None], boxes, WHOLE)
    twice = looked_again(graph, pictures, boxes, scores, limits)
    truth /= size
    figures = {"below": round(float((scores < limits["minScore"]).mean()), 3), **summary(twice, scores, truth)}
    return {**figures, "once": summary(once, scores, truth)}


def categorised(graph, lessons, found, batch=64):
    """The category head's figures on held-out pictures and objects."""
    views = held_views(lessons, found)
    logits = []
    for start in range(0, len(views), batch):
        part = views[start:start + batch]
        pictures = windows(lessons.load([i for i, _, _ in part]), [window for _, window, _ in part])
        logits.append(graph.run(["logits"], {"pixels": pictures.permute(0, 3, 1, 2).contiguous().numpy()})[0])
    truth = torch.tensor([category for _, _, category in views])
    return table(torch.from_numpy(np.concatenate(logits)), truth, [lessons.rows[i]["set"] for i, _, _ in views])


def category_share(graph, lessons):
    """The least share of the whole picture in the category of a subject that costs no source much against the whole alone."""
    views = whole_pictures(lessons, lessons.held, False)
    labels = torch.tensor([category for _, _, category in views])
    sets = [lessons.rows[i]["set"] for i, _, _ in views]
    ofs = [np.concatenate(parts) for parts in zip(*(told(graph, lessons, views[k:k + 64]) for k in range(0, len(views), 64)))]
    whole, window = (torch.from_numpy(logits).softmax(1) for logits in ofs)
    figures = {}
    for share in SHARES:
        hit = (whole * share + window * (1 - share)).argmax(1) == labels
        top = {name: hit[torch.tensor([one in members for one in sets])] for name, members in SOURCES.items()}
        figures[share] = {
            "macro": recall(hit, labels, torch.ones_like(hit)),
            **{name: round(hits.float().mean().item(), 4) for name, hits in top.items() if len(hits)},
        }
    whole = figures[1.0]
    kept = (share for share, one in figures.items() if all(one[name] >= whole[name] - MOST_LOST for name in whole))
    return next(kept), figures


def told(graph, lessons, views):
    """Logits of whole pictures, and of the windows of what is found in them."""
    pictures = lessons.load([i for i, _, _ in views])
    whole = pictures.permute(0, 3, 1, 2).contiguous().numpy()
    boxes, _ = best_boxes(graph, whole, 0)
    cut = windows(pictures, windows_of(boxes).tolist()).permute(0, 3, 1, 2).contiguous().numpy()
    return [graph.run(["logits"], {"pixels": given})[0] for given in (whole, cut)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--composites", type=Path)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lessons = Lessons(options.work, options.leave_out, in_memory=False)
    found = json.loads((options.work / "scenes.json").read_text())
    apart = lessons.teaching[[for_choice(lessons.rows[i]) for i in lessons.teaching]]
    graph = session(options.network, 1)
    limits, figures = choose(graph, composer_of(lessons, found, apart, CUTOUTS))
    held = categorised(graph, lessons, found)
    if options.composites:
        held |= {name: judged(graph, options.composites, name, limits) for name in ("composites", "scenes")}
    share, held["category by share of the whole"] = category_share(graph, lessons)
    result = {**limits, "categoryWholeWeight": share, "choice": figures, "held_out": held}
    options.out.write_text(json.dumps(result, indent=2))
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
