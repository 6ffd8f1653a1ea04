"""Vectors of the sample catalogue as Python makes them, for the test that Node makes the same.

    python reference.py --pack ../../models/lite --catalogue ../../../examples/catalogue/pictures --out ../../test/fixtures/pack-parity

Writes OUT/reference.json and OUT/vectors.f32; README.md describes both. No chance is involved.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pyvips
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "classical"))
from learn import session

from holdout import joined

SIDE = 128
# Windows as shares of width and height: all, a square-ish middle, a wide strip, a tall one, a small corner.
WINDOWS = (
    (0.0, 0.0, 1.0, 1.0), (0.15, 0.15, 0.85, 0.85), (0.05, 0.3, 0.95, 0.65), (0.3, 0.05, 0.6, 0.95), (0.5, 0.5, 0.9, 0.8),
)
PICTURES = 12


def box_of(shares, width, height):
    left, top, right, bottom = shares
    return [int(left * width), int(top * height), int(np.ceil(right * width)), int(np.ceil(bottom * height))]


def as_served(path, box):
    """The input of the graphs (3, 128, 128) by libvips, as the server cuts and resizes."""
    image = pyvips.Image.new_from_file(str(path)).colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    left, top, right, bottom = box
    # In memory first: the server resizes decoded pixels, never a file that shrinks while it is read.
    part = image.copy_memory().crop(left, top, right - left, bottom - top).copy_memory()
    part = part.resize(SIDE / part.width, vscale=SIDE / part.height, kernel="cubic")
    return np.ascontiguousarray(part.numpy().reshape(SIDE, SIDE, 3).transpose(2, 0, 1))


def by_another_library(path, box):
    """The same by Pillow, decoder and resampler."""
    part = Image.open(path).convert("RGB").crop(box).resize((SIDE, SIDE), Image.BICUBIC)
    return np.ascontiguousarray(np.asarray(part).transpose(2, 0, 1))


def views(catalogue):
    """Windows of pictures spread over the catalogue, taken in turn."""
    files = sorted(path for path in catalogue.iterdir() if path.suffix in (".jpg", ".png", ".webp"))
    chosen = [files[i * len(files) // PICTURES] for i in range(PICTURES)]
    for shares in WINDOWS:
        for path in chosen:
            yield path, box_of(shares, *Image.open(path).size)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--catalogue", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    manifest = json.loads((options.pack / "pack.json").read_text(encoding="utf8"))
    parts = manifest["picture"]["parts"]
    graphs = [session((options.pack / part["file"]).read_bytes()) for part in parts]

    def vector(pixels):
        found = [graph.run([part["output"]], {part["input"]["name"]: pixels[None]})[0] for graph, part in zip(graphs, parts)]
        return joined(found, [part["weight"] for part in parts])[0]

    listed, same_pixels, same_file = [], [], []
    for path, box in views(options.catalogue):
        pixels = as_served(path, box)
        listed.append({"picture": path.name, "box": box, "inputSha256": hashlib.sha256(pixels.tobytes()).hexdigest()})
        same_pixels.append(vector(pixels))
        same_file.append(vector(by_another_library(path, box)))
    vectors = np.stack([*same_pixels, *same_file]).astype("<f4")
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "vectors.f32").write_bytes(vectors.tobytes())
    reference = {"dims": vectors.shape[1], "files": manifest["files"], "views": listed}
    (options.out / "reference.json").write_text(json.dumps(reference, indent=1) + "\n", encoding="utf8")
    cosines = (np.stack(same_pixels) * np.stack(same_file)).sum(1)
    print(f"{len(listed)} views; libvips against Pillow: cosine {cosines.mean():.4f} on average, {cosines.min():.4f} at least")


if __name__ == "__main__":
    main()
