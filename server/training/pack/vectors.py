"""The pack's vector of every prepared picture, whole frame, by the graphs as they are served.

    python vectors.py --work WORK --build BUILD [--batch 8]

Writes BUILD/vectors.npy, rows x dimensions, float32, unit length. A run that was killed goes on where it stopped;
other graphs or weights start anew.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import hashlib
import json
import sys
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("distillation", "classical")]
from learn import session

from fit import outputs
from holdout import joined

CHUNK = 2048
GRAPHS = ("network.onnx", "classical.onnx")


def signature(build, fit):
    """What decides the vectors."""
    state = hashlib.sha256(json.dumps([fit["weights"], fit["dims"]]).encode())
    for name in GRAPHS:
        state.update((build / name).read_bytes())
    return state.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--batch", type=int, default=8)
    options = parser.parse_args()
    fit = json.loads((options.build / "fit.json").read_text(encoding="utf8"))
    pictures = np.load(options.work / "pictures.npy", mmap_mode="r")
    path, mark = options.build / "vectors.npy", options.build / "vectors.done"
    key = signature(options.build, fit)
    known, _, done = mark.read_text().partition(" ") if mark.exists() else ("", "", "")
    start = int(done) if known == key else 0
    shape = (len(pictures), sum(fit["dims"]))
    vectors = np.lib.format.open_memmap(path, "r+") if start else np.lib.format.open_memmap(path, "w+", np.float32, shape)
    graphs = [outputs(session((options.build / name).read_bytes())) for name in GRAPHS]
    for first in range(start, len(pictures), CHUNK):
        chunk = pictures[first : first + CHUNK].transpose(0, 3, 1, 2)
        parts = [chunk[i : i + options.batch] for i in range(0, len(chunk), options.batch)]
        found = [np.concatenate([graph(part) for part in parts]) for graph in graphs]
        vectors[first : first + len(chunk)] = joined(found, fit["weights"])
        vectors.flush()
        mark.write_text(f"{key} {first + len(chunk)}")
    print(f"{path}: {shape[0]} x {shape[1]}")


if __name__ == "__main__":
    main()
