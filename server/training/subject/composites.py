"""Draws the pictures that judge the subject detector: products cut out of held-out pictures on held-out scenes.

    python composites.py --data DATA/train --work work --out FOLDER [--count 500] [--seed 2026]

Writes FOLDER/composites/*.jpg with FOLDER/composites.jsonl, and the held-out scenes where the detector of labels.py
is sure of a main object as FOLDER/scenes/*.jpg with FOLDER/scenes.jsonl. Rows: file, width, height and main_box
[x, y, w, h] in pixels. WORK holds the index of prepare.py and scenes.json of labels.py. Nothing of it teaches.
"""
import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))

from data import read_index
from prepare import Packs

from cutouts import cut
from labels import SCENES, main_object

LONG_SIDE, QUALITY = 400, 92
# Sets with clean cut-outs of 100 px and more, and how often each is drawn.
SETS, SHARES = ("08", "06", "03"), (0.7, 0.2, 0.1)
# The square root of the box's share of the frame is even between these: areas of 4 to 70 %.
LEAST_SIDE, MOST_SIDE = 0.2, 0.837
TILT_CHANCE, TILT, STRETCH = 0.4, 25, 0.2


def enlarged(picture):
    scale = LONG_SIDE / max(picture.size)
    return picture.resize([round(side * scale) for side in picture.size], Image.BICUBIC)


def sprite(picture):
    """The product with its mask, cut to its box, or None where the mask cannot be trusted."""
    masks, boxes, good = cut(np.asarray(picture)[None])
    if not good[0]:
        return None
    mask = Image.fromarray(masks[0].astype(np.uint8) * 255).filter(ImageFilter.MinFilter(3))
    cut_out = picture.copy()
    cut_out.putalpha(mask)
    return cut_out.crop(mask.getbbox())


def arranged(cut_out, size, dice):
    """The product at its place: a layer as large as the scene. What would not fit is made smaller."""
    width, height = size
    share = dice.uniform(LEAST_SIDE, MOST_SIDE) ** 2
    aspect = cut_out.width / cut_out.height * np.exp(dice.uniform(-STRETCH, STRETCH))
    across = (share * width * height * aspect) ** 0.5
    scaled = cut_out.resize((max(2, round(across)), max(2, round(across / aspect))), Image.BICUBIC)
    if dice.random() < 0.5:
        scaled = scaled.transpose(Image.FLIP_LEFT_RIGHT)
    if dice.random() < TILT_CHANCE:
        scaled = scaled.rotate(dice.uniform(-TILT, TILT), Image.BICUBIC, expand=True)
    scaled = scaled.crop(scaled.getchannel("A").point(lambda v: 255 * (v > 127)).getbbox())
    scaled.thumbnail(size, Image.BICUBIC)
    layer = Image.new("RGBA", size)
    layer.paste(scaled, (dice.randint(0, width - scaled.width), dice.randint(0, height - scaled.height)))
    return layer


def composed(scene, layer, dice):
    """The scene with the product in it: soft edge, other light, at times a shadow."""
    alpha = layer.getchannel("A").filter(ImageFilter.GaussianBlur(1))
    product = ImageEnhance.Brightness(layer.convert("RGB")).enhance(dice.uniform(0.7, 1.25))
    if dice.random() < 0.5:
        shadow = ImageChops.offset(alpha, dice.randint(-10, 10), dice.randint(0, 12)).filter(ImageFilter.GaussianBlur(8))
        dark = ImageEnhance.Brightness(scene).enhance(0.5)
        scene = Image.composite(dark, scene, shadow.point(lambda v: int(v * 0.7)))
    return Image.composite(product, scene, alpha)


def box_of(layer):
    left, top, right, bottom = layer.getchannel("A").point(lambda v: 255 * (v > 127)).getbbox()
    return [left, top, right - left, bottom - top]


def row_of(folder, name, picture, box, **more):
    picture.save(folder / name, quality=QUALITY)
    return {"file": f"{folder.name}/{name}", "width": picture.width, "height": picture.height, "main_box": box, **more}


def write_composites(options, rows, packs):
    dice = random.Random(options.seed)
    folder = options.out / "composites"
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [row for row in rows if row["set"] == SCENES]
    groups = {name: [row for row in rows if row["set"] == name] for name in SETS}
    listed = []
    while len(listed) < options.count:
        product, scene = dice.choice(groups[dice.choices(SETS, SHARES)[0]]), dice.choice(scenes)
        cut_out = sprite(packs.picture(product))
        if cut_out is None:
            continue
        ground = enlarged(packs.picture(scene))
        layer = arranged(cut_out, ground.size, dice)
        picture = composed(ground, layer, dice)
        name = f"{len(listed):04d}.jpg"
        listed.append(row_of(folder, name, picture, box_of(layer), product=product["file"], scene=scene["file"]))
    return listed


def write_scenes(options, rows, packs):
    folder = options.out / "scenes"
    folder.mkdir(parents=True, exist_ok=True)
    found = json.loads((options.work / "scenes.json").read_text())
    listed = []
    for row in rows:
        main = main_object(found[row["file"]]) if row["set"] == SCENES else None
        if main is None:
            continue
        picture = enlarged(packs.picture(row))
        size = np.array(picture.size)
        start, end = np.array(main[:2]) * size, np.array(main[2:4]) * size
        box = [round(float(v), 1) for v in (*start, *(end - start))]
        listed.append(row_of(folder, f"{Path(row['file']).stem}.jpg", picture, box, score=main[4]))
    return listed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the teaching sets")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    rows = [row for row in read_index(options.work) if row["held"]]
    packs = Packs(options.data)
    for name, write in (("composites", write_composites), ("scenes", write_scenes)):
        listed = write(options, rows, packs)
        (options.out / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in listed))
        print(f"{len(listed)} {name}")


if __name__ == "__main__":
    main()
