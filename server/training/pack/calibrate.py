"""Completes BUILD/calibration.json of calibrate.mjs: calibration of texts, and the scores of right hits, domain by domain.

    python calibrate.py --work WORK --build BUILD

Texts: BUILD/text-pairs.npz of text/validate.py holds cosines of held-out pictures with words: right ones among the first
hits and any wrong ones, as `right NAME` and `wrong NAME` for each domain (or `right` and `wrong` for all together).
Right hits of pictures: the nearest held-out picture of the same set
that is another thing (in shops: another view), where it carries the query's label; whole pictures, of vectors.npy.
"""
import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))
from data import UNSURE, read_index

LABELS = {
    "clothing on people": ("01", lambda row: row["label"]),
    "household objects on white": ("02", lambda row: row["label"]),
    "small shops": ("03", lambda row: row.get("product_id")),
    "groceries": ("04", lambda row: row["label"]),
    "fruit": ("06", lambda row: row["coarse"]),
    "fashion catalogue, 60 px": ("07", lambda row: row["attrs"]["articleType"]),
    "fashion catalogue, 112 px": ("08", lambda row: row["attrs"]["articleType"]),
    "natural photos, 64 px": ("13", lambda row: row["label"]),
}
# Where wrong pictures of a text end and its right ones are clear: scores as docs/model-packs.md explains them.
WRONG_BELOW, RIGHT_MIDDLE, RIGHT_BEST = 0.97, 0.5, 0.97
KEPT = 0.9
LEAST_STEP = 0.02
SHOPS, SAME_FILE = "03", 0.9999


def score(knots, cosines):
    places, scores = np.array(knots).T
    return np.interp(cosines, places, scores)


def crossing(domains):
    """Where as many right hits lie below as wrong pictures above, each domain counting alike."""
    grid = np.linspace(-1, 1, 2001)
    missed = np.mean([np.searchsorted(np.sort(right), grid) / len(right) for right, _ in domains], 0)
    passed = np.mean([1 - np.searchsorted(np.sort(wrong), grid) / len(wrong) for _, wrong in domains], 0)
    return grid[np.argmax(missed >= passed)]


def text_knots(domains):
    """.5 above nearly all wrong pictures of the hardest domain, or where right and wrong ones are even if these overlap;
    .7 at the middle of the right ones, .9 at the best."""
    right = np.concatenate([right for right, _ in domains])
    apart = max(np.quantile(wrong, WRONG_BELOW) for _, wrong in domains)
    places = [min(apart, crossing(domains)), *np.quantile(right, (RIGHT_MIDDLE, RIGHT_BEST))]
    # Whatever was measured, knots have to rise.
    for i in (1, 2):
        places[i] = max(places[i], places[i - 1] + LEAST_STEP)
    return [[-1, 0], *([round(float(place), 4), value] for place, value in zip(places, (0.5, 0.7, 0.9))), [1, 1]]


def text_domains(pairs):
    """Right and wrong cosines of each domain that has both."""
    names = [key.removeprefix("right ") for key in pairs if key.startswith("right ")]
    sides = {name: (pairs[f"right {name}"], pairs[f"wrong {name}"]) for name in names} or {"all": (pairs["right"], pairs["wrong"])}
    return {name: both for name, both in sides.items() if all(len(side) for side in both)}


def text_hits(domains, knots):
    """Scores of right hits, and how many wrong pictures stay below .5, by domain."""
    return {
        name: {
            "hits": str(len(right)), **spread(score(knots, right)),
            "unrelated_below": round(float((score(knots, wrong) < 0.5).mean()), 3),
        }
        for name, (right, wrong) in domains.items()
    }


def spread(scores):
    """Where right hits score, and the threshold that nine of ten pass."""
    low, middle, kept = np.quantile(scores, (0.05, 0.5, 1 - KEPT))
    return {"p5": round(float(low), 3), "p50": round(float(middle), 3), "keeps90": round(float(kept), 3)}


def right_hits(vectors, labels, things):
    """Cosines of the first hits that carry the query's label; the same thing and the same file do not count."""
    likeness = vectors @ vectors.T
    likeness[(things[:, None] == things[None]) | (likeness > SAME_FILE)] = -9
    nearest = likeness.argmax(1)
    right = (labels == labels[nearest]) & (likeness.max(1) > -9)
    return likeness.max(1)[right]


def hits_by_domain(rows, vectors, knots):
    found = {}
    for name, (set_id, label) in LABELS.items():
        members = [i for i, row in enumerate(rows) if row["held"] and row["set"] == set_id and label(row) not in UNSURE]
        if not members:
            continue
        labels = np.array([label(rows[i]) for i in members])
        # Another view of a product is what a shop looks for; elsewhere another thing of its kind.
        things = np.array([f"{i}" if set_id == SHOPS else rows[i]["instance"] for i in members])
        cosines = right_hits(np.asarray(vectors[members]), labels, things)
        if not len(cosines):
            continue
        found[name] = {"hits": f"{len(cosines)} of {len(members)}", **spread(score(knots, cosines))}
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    options = parser.parse_args()
    path = options.build / "calibration.json"
    calibration = json.loads(path.read_text(encoding="utf8"))
    vectors = np.load(options.build / "vectors.npy", mmap_mode="r")
    calibration["hits"] = hits_by_domain(read_index(options.work), vectors, calibration["picture"])
    for name, hit in calibration["hits"].items():
        print(f"{name}: {hit}")
    pairs = options.build / "text-pairs.npz"
    if pairs.exists():
        domains = text_domains(np.load(pairs))
        calibration["text"] = text_knots(list(domains.values()))
        calibration["text_hits"] = text_hits(domains, calibration["text"])
        print(f"text: {calibration['text']}")
        for name, hit in calibration["text_hits"].items():
            print(f"text, {name}: {hit}")
    path.write_text(json.dumps(calibration, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
