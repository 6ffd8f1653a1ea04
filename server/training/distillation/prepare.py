"""Unpacks the teaching sets into one memory-mapped array of squashed pictures and one index.

    python prepare.py --data DATA/train --work work

Writes WORK/index.jsonl (one row per picture: where it lies, labels, hold-out) and WORK/pictures.npy
(rows x 128 x 128 x 3, uint8). A run that was killed goes on where it stopped.
"""
import argparse
import gzip
import hashlib
import io
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = 128
CHUNK = 1024

# Share of each set that never teaches, and the field whose pictures must stay on one side together.
HOLD_OUT = {
    "01": (0.10, "group"),
    "02": (0.10, "file"),
    "03": (0.15, "product_id"),
    "04": (0.12, "file"),
    "06": (0.15, "product_id"),
    "07": (0.05, "file"),
    "08": (0.05, "file"),
    "10": (1 / 6, "file"),
    "13": (0.05, "file"),
}
# 08 shows products of 07 again, only larger: both share one key so that no product is on both sides.
NAMESPACE = {"08": "07"}
CROPS_PER_SCENE = 2
CROP_SEED = 3


def side_of(set_id, row):
    """Names what must stay together on one side of the hold-out."""
    return f"{NAMESPACE.get(set_id, set_id)}:{row[HOLD_OUT[set_id][1]]}"


def held_out(set_id, side):
    """The fixed hash rule: the same picture is held out in every run, whatever sets are left out."""
    return int(hashlib.sha1(side.encode()).hexdigest()[:8], 16) / 2**32 < HOLD_OUT[set_id][0]


def instance_of(set_id, row):
    """Names the thing that a picture shows: pictures of one instance are never each other's negatives."""
    field = {"03": "variant_id", "06": "product_id"}.get(set_id, "file")
    key = row.get(field) or row.get("product_id") or row["file"]
    return f"{NAMESPACE.get(set_id, set_id)}:{key}"


def merged(names, contents):
    """One name for all that show the very same file somewhere: shops sell one picture as several products."""
    parent = {}

    def root(name):
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    first = {}
    for name, content in zip(names, contents):
        one, other = sorted((root(name), root(first.setdefault(content, name))))
        parent[other] = one
    return [root(name) for name in names]


def digest(packed, row):
    return hashlib.sha1(packed[row["offset"]:row["offset"] + row["size"]]).hexdigest()


def read_rows(folder):
    """All pictures, with what is held out and what shows the same thing."""
    rows, packs = [], Packs(folder)
    for path in sorted(folder.glob("*.jsonl.gz")):
        set_name = path.name.removesuffix(".jsonl.gz")
        set_id = set_name[:2]
        with gzip.open(path, "rt", encoding="utf8") as lines:
            for line in lines:
                row = json.loads(line)
                row["set"] = set_id
                row["bin"] = f"{set_name}.bin"
                rows.append(row)
    contents = [digest(packs[row["bin"]], row) for row in rows]
    sides = merged([side_of(row["set"], row) for row in rows], contents)
    instances = merged([instance_of(row["set"], row) for row in rows], contents)
    for row, side, instance in zip(rows, sides, instances):
        row["held"] = held_out(row["set"], side)
        row["instance"] = instance
    return rows


def scene_crops(rows):
    """Parts of everyday scenes as pictures of their own: more natural variety from the same files."""
    dice = random.Random(CROP_SEED)
    crops = []
    for row in rows:
        if row["set"] != "10" or row["held"]:
            continue
        for number in range(CROPS_PER_SCENE):
            side = dice.uniform(0.5, 0.72)
            left, top = dice.uniform(0, 1 - side), dice.uniform(0, 1 - side)
            crop = {key: row[key] for key in ("file", "bin", "offset", "size", "width", "height", "held")}
            crop["set"] = "10c"
            crop["crop"] = [round(v, 4) for v in (left, top, left + side, top + side)]
            crop["instance"] = f"{row['instance']}#{number}"
            crops.append(crop)
    return crops


def decode(packed, row):
    """The picture of a row at its own size."""
    picture = Image.open(io.BytesIO(packed[row["offset"]:row["offset"] + row["size"]])).convert("RGB")
    if "crop" in row:
        width, height = picture.size
        left, top, right, bottom = row["crop"]
        picture = picture.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
    return picture


def squash(picture, size):
    """Whole frame to a square, as every picture is embedded."""
    return np.asarray(picture.resize((size, size), Image.BICUBIC))


class Packs:
    """The .bin files, opened when first asked for."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.maps = {}

    def __getitem__(self, name):
        if name not in self.maps:
            self.maps[name] = np.memmap(self.folder / name, np.uint8, "r")
        return self.maps[name]

    def picture(self, row):
        return decode(self[row["bin"]], row)


def open_array(path, shape, dtype):
    """A memory-mapped array that survives restarts."""
    if path.exists():
        array = np.load(path, mmap_mode="r+")
        if array.shape != shape:
            raise ValueError(f"{path} has shape {array.shape}, expected {shape}: remove it to start anew")
        return array
    return np.lib.format.open_memmap(path, "w+", dtype, shape)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the teaching sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for arrays and the index")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    rows = read_rows(options.data)
    rows += scene_crops(rows)
    with open(options.work / "index.jsonl", "w", encoding="utf8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    packs = Packs(options.data)
    pictures = open_array(options.work / "pictures.npy", (len(rows), SIZE, SIZE, 3), np.uint8)
    mark = options.work / "pictures.done"
    start = int(mark.read_text()) if mark.exists() else 0
    for first in range(start, len(rows), CHUNK):
        chunk = rows[first:first + CHUNK]
        pictures[first:first + len(chunk)] = [squash(packs.picture(row), SIZE) for row in chunk]
        mark.write_text(str(first + len(chunk)))
    pictures.flush()
    held = sum(row["held"] for row in rows)
    print(f"{len(rows)} pictures, {held} held out")


if __name__ == "__main__":
    main()
