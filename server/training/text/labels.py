"""What is known of each picture: labels by facet, words of titles, and for which questions it can be a wrong answer."""
import json
import re
from collections import Counter

import numpy as np

from phrases import plain, qualified

ATTRIBUTES = {"kind": "articleType", "colour": "baseColour", "audience": "gender", "use": "usage", "season": "season"}
UNSURE = {"NA", "", None, "Not sure", "Skip", "Other"}
COCO_NAMES = (
    "person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant, stop sign, "
    "parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe, backpack, umbrella, "
    "handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, "
    "surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, apple, sandwich, orange, "
    "broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, potted plant, bed, dining table, toilet, tv, "
    "laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, "
    "scissors, teddy bear, hair drier, toothbrush"
).split(", ")
# A detector's answer counts from this score on; a part of a scene shows what lies in it by at least this share.
LEAST_SCORE, LEAST_SHARE = 0.3, 0.6
TITLE_ROWS = 40
# Classes of natural photos that show clothes: never a wrong answer to a question for clothes.
WORN = {
    "sandal", "sock", "sunglasses", "backpack", "bikini", "cardigan", "fur coat", "kimono", "miniskirt", "sombrero",
    "swimming trunks", "apron", "poncho", "bow tie", "academic gown", "military uniform", "vestment", "Christmas stocking",
}


def read_index(work):
    with open(work / "index.jsonl", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def inside(box, crop):
    """Share of a box that a crop shows."""
    width = min(box[2], crop[2]) - max(box[0], crop[0])
    height = min(box[3], crop[3]) - max(box[1], crop[1])
    return max(width, 0) * max(height, 0) / max((box[2] - box[0]) * (box[3] - box[1]), 1e-9)


def scene_labels(row, found):
    crop = row.get("crop", (0, 0, 1, 1))
    return {
        f"10:{COCO_NAMES[kind]}"
        for *box, score, kind in found.get(row["file"], ())
        if score >= LEAST_SCORE and inside(box, crop) >= LEAST_SHARE
    }


def labels_of(row, found):
    """Labels of one picture, with the coarser ones that hold it."""
    kind = row["set"]
    if kind in ("07", "08"):
        values = {facet: row["attrs"].get(name) for facet, name in ATTRIBUTES.items()}
        return {f"{facet}:{value}" for facet, value in values.items() if value not in UNSURE} | {
            f"@{row['attrs']['masterCategory']}"
        }
    if kind in ("10", "10c"):
        return scene_labels(row, found)
    if kind == "13":
        return {f"13:{row['name'].split(',')[0]}"}
    if kind == "01":
        return set() if row["label"] in UNSURE else {f"01:{row['label']}"}
    if kind == "02":
        return {f"material:{row['label']}"}
    if kind in ("04", "06"):
        stem = re.sub(r" \d+$", "", row["label"])
        words = stem.split(" ")
        return {f"{kind}:{row['coarse']}"} | {f"{kind}:{' '.join(words[:n])}" for n in range(1, len(words) + 1)}
    return set()


def title_words(rows, taken):
    """Words of titles that enough pictures share and that name no kind, colour or audience by themselves."""
    counts = Counter(
        word for row in rows if not row["held"] and row.get("attrs") for word in set(plain(row.get("caption") or "").split())
    )
    return {
        word for word, count in counts.items()
        if count >= TITLE_ROWS and len(word) > 2 and word.isascii() and word.isalpha() and word not in taken
    }


def names_of(rows):
    """English names that the sets give to their classes."""
    names = {}
    for row in rows:
        if row["set"] == "13":
            names[f"13:{row['name'].split(',')[0]}"] = [name.strip() for name in row["name"].split(",")]
        elif row["set"] == "04":
            names[f"04:{row['label']}"] = [row["label"].replace("-", " ")]
    return names


def domain_of(row, labels):
    """Pictures of one domain are wrong answers to the same questions."""
    if row["set"] in ("07", "08"):
        return "fashion"
    if row["set"] == "01":
        return "people" if labels else "unsure"
    if row["set"] in ("10", "10c"):
        return "people in scenes" if "10:person" in labels else "scenes"
    if row["set"] == "13":
        return "worn" if row["name"].split(",")[0] in WORN else "photos"
    return "unsure" if row["set"] == "03" else "goods"


# Domains whose pictures are no wrong answers to a question with this facet or label, for want of knowledge.
UNKNOWN_FOR = {
    "clothes": {"people in scenes", "worn", "unsure"},
    "looks": {"people", "people in scenes", "scenes", "worn", "photos", "goods", "unsure"},
    "person": {"fashion", "people", "worn", "photos", "unsure"},
    "thing": {"unsure"},
}


def knowledge(labels):
    """Which of UNKNOWN_FOR a question is, by the labels of one facet."""
    if any(label.startswith(("colour:", "audience:", "use:", "season:", "word:")) for label in labels):
        return "looks"
    if any(label.startswith(("kind:", "01:", "@")) for label in labels):
        return "clothes"
    return "person" if "10:person" in labels else "thing"
