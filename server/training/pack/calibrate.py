"""Completes BUILD/calibration.json of calibrate.mjs: calibration of texts, and the scores of right hits, domain by domain.

    python calibrate.py --work WORK --build BUILD

Texts: BUILD/text.json names either its own `calibration` or an .npz of cosines, `right` (a held-out text and a
picture it tells of) and `wrong`. Right hits: the nearest held-out picture of the same set that is another thing,
where it carries the query's label; whole pictures, of vectors.npy.
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
WRONG_BELOW, RIGHT_MIDDLE = 0.97, 0.5
KEPT = 0.9


def score(knots, cosines):
    places, scores = np.array(knots).T
    return np.interp(cosines, places, scores)


def text_knots(right, wrong):
    """.5 above nearly all wrong pictures, .7 at the middle of the right ones, .9 at the best of them."""
    places = [np.quantile(wrong, WRONG_BELOW), np.quantile(right, RIGHT_MIDDLE), np.quantile(right, 0.99)]
    # Where wrong and right overlap, the knots still have to rise.
    for i in (1, 2):
        places[i] = max(places[i], places[i - 1] + 0.02)
    return [[-1, 0], *([round(float(place), 4), value] for place, value in zip(places, (0.5, 0.7, 0.9))), [1, 1]]


def right_hits(vectors, labels, instances):
    """Cosines of the first hits that carry the query's label."""
    likeness = vectors @ vectors.T
    likeness[instances[:, None] == instances[None]] = -9
    nearest = likeness.argmax(1)
    right = (labels == labels[nearest]) & (likeness.max(1) > -9)
    return likeness.max(1)[right]


def hits_by_domain(rows, vectors, knots):
    found = {}
    for name, (set_id, label) in LABELS.items():
        members = [i for i, row in enumerate(rows) if row["held"] and row["set"] == set_id and label(row) not in UNSURE]
        if not members:
            continue
        labels, instances = (np.array([of(rows[i]) for i in members]) for of in (label, lambda row: row["instance"]))
        cosines = right_hits(np.asarray(vectors[members]), labels, instances)
        if not len(cosines):
            continue
        scores = score(knots, cosines)
        found[name] = {
            "hits": f"{len(cosines)} of {len(members)}", "p5": round(float(np.quantile(scores, 0.05)), 3),
            "p50": round(float(np.median(scores)), 3), "keeps90": round(float(np.quantile(scores, 1 - KEPT)), 3),
        }
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
    words = options.build / "text.json"
    if words.exists():
        words = json.loads(words.read_text(encoding="utf8"))
        if "calibration" in words:
            calibration["text"] = words["calibration"]
        else:
            pairs = np.load(options.build / words["pairs"])
            calibration["text"] = text_knots(pairs["right"], pairs["wrong"])
            right, wrong = (score(calibration["text"], pairs[name]) for name in ("right", "wrong"))
            calibration["text_scores"] = {
                "right above .5": round(float((right >= 0.5).mean()), 4), "wrong below .5": round(float((wrong < 0.5).mean()), 4),
                "right p5": round(float(np.quantile(right, 0.05)), 4), "right p50": round(float(np.median(right)), 4),
                "keeps 90 %": round(float(np.quantile(right, 1 - KEPT)), 4),
            }
        print(f"text: {calibration['text']}")
    path.write_text(json.dumps(calibration, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
