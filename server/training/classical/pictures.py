"""Training pictures as the server sees them: decoded and resized by libvips, squashed to a square."""
import gzip
import json

import numpy as np
import pyvips


def rows(folder, name):
    """The rows of a set and the bytes of each picture."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf8") as lines:
        listed = [json.loads(line) for line in lines]
    packed = (folder / f"{name}.bin").read_bytes()
    return [(row, packed[row["offset"] : row["offset"] + row["size"]]) for row in listed]


def squash(data, side):
    """(3, side, side) uint8, by the resampler and kernel that the server uses."""
    image = pyvips.Image.new_from_buffer(data, "") if isinstance(data, bytes) else data
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    image = image.colourspace("srgb")
    image = image.resize(side / image.width, vscale=side / image.height, kernel="cubic")
    return np.ascontiguousarray(image.numpy().reshape(side, side, -1)[:, :, :3].transpose(2, 0, 1))
