"""Fits the projection of the classical descriptor and writes its ONNX graph. See README.md."""
import argparse
import pathlib

import numpy as np
import onnxruntime

from classical_graph import SIDE, build
from pictures import is_held, rows, squash

# Sets whose terms allow any use; pictures of a set are weighed so that no set drowns the others.
FREE_SETS = ("01_clothing_cc0", "02_trash_mit", "03_shops_mit_bsd_osl", "04_grocery_mit", "06_fruits_ccbysa")
MOST_OF_A_SET = 2500
DIMENSIONS = 256
# 0 leaves the variances as they are, 1 makes them equal.
WHITENING = 0.5


def raw_descriptors(data, sets):
    """Descriptors of the pictures that may be fitted on."""
    session = onnxruntime.InferenceSession(build())
    found = []
    for name in sets:
        usable = [packed for row, packed in rows(data, name) if not is_held(row)][:MOST_OF_A_SET]
        pixels = np.stack([squash(packed, SIDE) for packed in usable])
        batches = [session.run(None, {"pixels": pixels[i : i + 64]})[0] for i in range(0, len(pixels), 64)]
        found.append(np.concatenate(batches))
        print(f"{name}: {len(pixels)} pictures")
    return np.concatenate(found).astype(np.float64)


def fit(descriptors, dimensions=DIMENSIONS, whitening=WHITENING):
    """Mean and projection on the strongest components; signs are fixed, so the result is too."""
    mean = descriptors.mean(0)
    variances, axes = np.linalg.eigh(np.cov((descriptors - mean).T))
    order = np.argsort(variances)[::-1][:dimensions]
    axes, variances = axes[:, order], variances[order]
    axes *= np.sign(axes[np.abs(axes).argmax(0), np.arange(dimensions)])
    return mean.astype(np.float32), (axes / variances ** (whitening / 2)).astype(np.float32)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the training sets")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the ONNX file to write")
    options = parser.parse_args()
    projection = fit(raw_descriptors(options.data, FREE_SETS))
    options.out.write_bytes(build(projection))
    print(f"{options.out}: {options.out.stat().st_size} bytes, {projection[1].shape[0]} -> {projection[1].shape[1]}")
