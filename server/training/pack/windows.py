"""Chooses, on the hold-out, what is embedded for a subject that was found, with the server's own finder.

    python windows.py --work WORK --data TRAIN --build BUILD --pack DRAFT_PACK --scenes FOLDER

DRAFT_PACK is a pack assembled from BUILD, for its finder. Stored and asked pictures are both framed (as shops that leave
Crop away do). FOLDER is what subject/composites.py draws: "in a scene" is the share of them that find the picture
their product was cut from. Writes `windows` into BUILD/fit.json and prints every candidate.

The rule: of the candidates that lose at most .02 against whole pictures on each of BOUND, the one with the highest
mean of FIGURES; among those within .002 of it the one in which the window weighs most.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import io
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from fit import outputs
from holdout import BATCH, OPERATIONS, HoldOut, joined, table, unit
from learn import session
from prepare import Packs, squash

SIDE = 128
FRAMES = ((1.1, "picture"), (1.4, "picture"))
WHOLE_WEIGHTS = (0.0, 0.3, 0.5, 0.7)
# A box that the caller gave is meant: the window alone.
GIVEN = {"scale": 1.1, "aspect": "picture", "wholeWeight": 0}
BOUND = ("copies", "groceries 1-NN", "clothing 9-NN", "07 kind", "08 kind")
IN_SCENE = "in a scene"
FIGURES = (IN_SCENE, "copies", "crop_25", "screenshot", "groceries 1-NN", "clothing 9-NN", "07 kind", "08 kind", "shops view")
MOST_LOST, NEGLIGIBLE = 0.02, 0.002


def window_of(box, scale, aspect, width, height):
    """server/src/vision/embed/embedding-window.ts: the part of a picture that is embedded for a box."""
    across, down = (box[2] - box[0]) * scale, (box[3] - box[1]) * scale
    if aspect == "picture":
        share = max(across / width, down / height)
        across, down = share * width, share * height

    def slide(middle, length, limit):
        within = min(length, limit)
        start = min(max(middle - within / 2, 0), limit - within)
        return start, start + within

    left, right = slide((box[0] + box[2]) / 2, across, width)
    top, bottom = slide((box[1] + box[3]) / 2, down, height)
    left, top = min(int(left), width - 1), min(int(top), height - 1)
    return left, top, max(int(np.ceil(right)), left + 1), max(int(np.ceil(bottom)), top + 1)


class Scenes:
    """The pictures of the hold-out, its copies and its products in scenes as files, in one order, with their boxes."""

    def __init__(self, hold_out, data, folder, composites):
        self.packs, self.hold_out, self.folder = Packs(data), hold_out, folder
        self.data, self.views = Path(data).resolve(), list(hold_out.copies())
        rows = (composites / "composites.jsonl").read_text(encoding="utf8").splitlines()
        self.composites = [json.loads(row) for row in rows]
        self.files = [(composites / row["file"]).read_bytes() for row in self.composites]
        folder.mkdir(parents=True, exist_ok=True)

    def listing(self):
        """Rows of the list that the finder reads; copies are written beside it as PNG."""
        rows = [self.hold_out.lessons.rows[i] for i in self.hold_out.index]
        yield from ({name: row[name] for name in ("bin", "offset", "size")} for row in rows)
        packed = (self.folder / "copies.bin").resolve()
        with open(packed, "wb") as out:
            for content in (*self.copies(), *self.files):
                yield {"bin": str(packed), "offset": out.tell(), "size": len(content)}
                out.write(content)

    def copies(self):
        for _, views in self.views:
            for view in views:
                buffer = io.BytesIO()
                Image.fromarray(view.transpose(1, 2, 0)).save(buffer, "PNG", compress_level=1)
                yield buffer.getvalue()

    def boxes(self, pack):
        path = self.folder / "list.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in self.listing()), encoding="utf8")
        script = Path(__file__).parent / "boxes.mjs"
        command = ["node", str(script), "--list", str(path), "--data", str(self.data), "--pack", str(pack)]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in found.splitlines()]

    def pictures(self):
        """Every picture at its own size, in the list's order."""
        for i in self.hold_out.index:
            yield self.packs.picture(self.hold_out.lessons.rows[i])
        for _, views in self.views:
            for view in views:
                yield Image.fromarray(view.transpose(1, 2, 0))
        yield from self.composed()

    def composed(self):
        return (Image.open(io.BytesIO(content)).convert("RGB") for content in self.files)

    def found_in_scenes(self, looks, vectors):
        """Share of the products in scenes whose nearest is the picture that they were cut from, or its like."""
        rows = [self.hold_out.lessons.rows[i] for i in self.hold_out.index]
        things = {row["file"]: row["instance"] for row in rows}
        nearest = (vectors @ looks.T).argmax(1)
        return float(np.mean([rows[k]["instance"] == things[row["product"]] for k, row in zip(nearest, self.composites)]))

    def windows(self, boxes, scale, aspect):
        """uint8 windows of what has a box, and which of the list they are."""
        which, cut = [], []
        for k, (picture, box) in enumerate(zip(self.pictures(), boxes)):
            if box is None:
                continue
            window = window_of(box, scale, aspect, *picture.size)
            if window == (0, 0, *picture.size):
                continue
            which.append(k)
            cut.append(squash(picture.crop(window), SIDE).transpose(2, 0, 1))
        return np.array(which), np.stack(cut)


def framed(whole, window, which, weight):
    """server/src/vision/look.ts: the window mixed with the whole, where there is a window."""
    result = whole.copy()
    result[which] = unit(window * (1 - weight) + whole[which] * weight)
    return result


def chosen(candidates, base):
    """The rule; None where no candidate stays within what may be lost."""
    fit = {
        key: np.mean([figures[name] for name in FIGURES])
        for key, figures in candidates.items()
        if all(figures[name] >= base[name] - MOST_LOST for name in BOUND)
    }
    if not fit:
        return None
    near = [key for key, value in fit.items() if value >= max(fit.values()) - NEGLIGIBLE]
    return min(near, key=lambda key: (key[2], -fit[key]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--pack", type=Path, required=True, help="a draft of the pack")
    parser.add_argument("--scenes", type=Path, required=True, help="written by subject/composites.py")
    options = parser.parse_args()
    torch.set_num_threads(1)
    fit = json.loads((options.build / "fit.json").read_text(encoding="utf8"))
    graphs = [outputs(session((options.build / name).read_bytes())) for name in ("network.onnx", "classical.onnx")]

    def embed(pictures):
        return joined([graph(pictures) for graph in graphs], fit["weights"])

    hold_out = HoldOut(options.work)
    scenes = Scenes(hold_out, options.data, options.build / "windows", options.scenes)
    boxes = scenes.boxes(options.pack)
    known = np.load(options.build / "holdout.npz")
    names, count, size = list(OPERATIONS), len(known["looks"]), len(hold_out.sources)
    composed = embed(np.stack([squash(picture, SIDE).transpose(2, 0, 1) for picture in scenes.composed()]))
    whole = np.concatenate([known["looks"], *(known[name] for name in names), composed])
    print(f"{np.mean([box is not None for box in boxes]):.3f} of the pictures have a subject")

    def figures(vectors):
        copies = {name: vectors[count + k * size : count + (k + 1) * size] for k, name in enumerate(names)}
        in_scene = scenes.found_in_scenes(vectors[:count], vectors[-len(composed) :])
        return {**hold_out.figures(vectors[:count], copies), IN_SCENE: in_scene}

    base, candidates = figures(whole), {}
    for scale, aspect in FRAMES:
        which, cut = scenes.windows(boxes, scale, aspect)
        window = np.concatenate([embed(cut[i : i + BATCH]) for i in range(0, len(cut), BATCH)])
        for weight in WHOLE_WEIGHTS:
            candidates[scale, aspect, weight] = figures(framed(whole, window, which, weight))
    best = chosen(candidates, base)
    print(table([("whole", base), *((f"{s:g} {a}, whole {w:g}", found) for (s, a, w), found in candidates.items())]))
    print(f"chosen: {best}")
    if best is None:
        raise SystemExit("every window loses more than may be lost")
    fit["windows"] = {"found": dict(zip(("scale", "aspect", "wholeWeight"), best)), "given": GIVEN}
    fit["framed"] = {name: round(value, 4) for name, value in candidates[best].items()}
    (options.build / "fit.json").write_text(json.dumps(fit, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
