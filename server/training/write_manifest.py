"""Writes the pack.json of the classical pack beside its graph. See README.md."""
import argparse
import hashlib
import json
import pathlib

from build_classical_pack import DIMENSIONS
from classical_graph import SIDE

# A window of the picture's own aspect, a little larger than the box, mixed with the whole picture.
FOUND = {"scale": 1.1, "aspect": "picture", "wholeWeight": 0.5}
GIVEN = {"scale": 1.1, "aspect": "picture", "wholeWeight": 0}
# Printed by calibrate.mjs.
CALIBRATION = [[-1, 0], [0.777, 0.5], [0.871, 0.7], [0.966, 0.9], [1, 1]]


def manifest(folder):
    graph = folder / "picture.onnx"
    return {
        "format": 1,
        "name": "lite",
        "version": "0.1.0",
        "licence": "Apache-2.0",
        "description": "Colour layout, colour histogram and gradient orientations; nothing learned but the projection.",
        "dims": DIMENSIONS,
        "files": {graph.name: {"sha256": hashlib.sha256(graph.read_bytes()).hexdigest()}},
        "picture": {
            "parts": [
                {
                    "file": graph.name,
                    "input": {
                        "name": "pixels",
                        "widthPx": SIDE,
                        "heightPx": SIDE,
                        "type": "uint8",
                        "layout": "nchw",
                        "channels": "rgb",
                        "resize": {"mode": "squash", "kernel": "cubic"},
                    },
                    "output": "embedding",
                    "dims": DIMENSIONS,
                    "weight": 1,
                }
            ]
        },
        "subject": {"found": FOUND, "given": GIVEN},
        "languages": [],
        "calibration": {"picture": CALIBRATION},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="the pack's folder")
    options = parser.parse_args()
    text = json.dumps(manifest(options.folder), indent=2) + "\n"
    (options.folder / "pack.json").write_text(text, encoding="utf8")
