"""Puts the files of a build folder together as a model pack: graphs, pack.json with their SHA-256, model card.

    python assemble.py --build BUILD --out ../../models/lite
    python assemble.py --build BUILD --out BUILD/draft --draft

`--draft` leaves texts out and puts up with what is not fitted yet: its vectors are the pack's, its scores are not.
What a build folder holds, and who writes it, stands in README.md. A head or a text encoder that is not there is
left out of the pack.
"""
import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

import onnx

from model_card import model_card

sys.path.insert(0, str(Path(__file__).parents[1] / "subject"))
from categories import CATEGORIES

SIDE = 128
NAME, VERSION = "lite", "1.0.0"
LICENCE = "Terms of the weights and of what taught them: MODEL_CARD.md"
SEES = "A distilled picture network and a classical descriptor"
READS = "; texts in English and Chinese in their space"
MOST_TOKENS, LEAST_KNOWN = 32, 0.5
# Of a draft that has none of its own.
WINDOWS = {name: {"scale": 1.1, "aspect": "picture", "wholeWeight": weight} for name, weight in (("found", 0.5), ("given", 0))}
LINEAR = [[-1, 0], [1, 1]]
MAX_BYTES = 8 * 1024 * 1024


def read(path):
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}


def pixels():
    return {
        "name": "pixels", "widthPx": SIDE, "heightPx": SIDE, "type": "uint8", "layout": "nchw", "channels": "rgb",
        "resize": {"mode": "squash", "kernel": "cubic"},
    }


def picture(fit):
    files = ("network.onnx", "classical.onnx")
    return {
        "parts": [
            {"file": file, "input": pixels(), "output": "embedding", "dims": dims, "weight": weight}
            for file, dims, weight in zip(files, fit["dims"], fit["weights"])
        ]
    }


def subject(fit, heads, outputs):
    if "boxes" not in outputs:
        return fit["windows"]
    limits = {name: heads[name] for name in ("minScore", "areaPower", "maxOverlap") if name in heads}
    detector = {"file": "network.onnx", "input": pixels(), "boxes": "boxes", "scores": "scores", **limits}
    return {"detector": detector, **fit["windows"]}


def text(build, words):
    """The text encoder as the manifest tells of it; what text.json leaves open is usual."""
    names = [tensor.name for tensor in onnx.load(build / "text.onnx").graph.input]
    inputs = {"ids": "ids", **({"mask": "mask"} if "mask" in names else {})}
    return {
        "text": {
            "file": "text.onnx", "tokenizer": "tokenizer.json", "inputs": inputs, "output": "embedding",
            "maxTokens": words.get("maxTokens", MOST_TOKENS), "simplified": True,
            "minKnown": words.get("minKnown", LEAST_KNOWN),
        },
        "languages": ["en", "zh"],
    }


def categories(heads, outputs):
    """The graph itself divides its logits by the temperature that was fitted."""
    if "logits" not in outputs:
        return {}
    source = {"kind": "part", "part": 0, "output": "logits"}
    share = {"wholeWeight": heads["categoryWholeWeight"]} if "categoryWholeWeight" in heads else {}
    return {"categories": {"source": source, "ids": list(CATEGORIES), "temperature": 1, **share}}


def manifest(build, files, draft):
    """pack.json as server/src/vision/pack/pack-schema.ts describes it."""
    fit, heads, words, calibration = (read(build / f"{name}.json") for name in ("fit", "subject", "text", "calibration"))
    if draft:
        fit, calibration = {"windows": WINDOWS, **fit}, {"picture": LINEAR, **calibration}
    hashes = {path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in files}
    speaks = "text.onnx" in hashes
    outputs = [output.name for output in onnx.load(build / "network.onnx").graph.output]
    knots = {"picture": calibration["picture"], **({"text": calibration["text"]} if speaks else {})}
    return {
        "format": 1, "name": NAME, "version": VERSION, "licence": LICENCE, "description": f"{SEES}{READS if speaks else ''}.",
        "dims": sum(fit["dims"]), "files": hashes, "picture": picture(fit), **categories(heads, outputs),
        "subject": subject(fit, heads, outputs), "languages": [], **(text(build, words) if speaks else {}),
        "calibration": knots,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the pack's folder; what lies there is replaced")
    parser.add_argument("--draft", action="store_true")
    options = parser.parse_args()
    names = ["network.onnx", "classical.onnx"]
    if (options.build / "text.onnx").exists() and not options.draft:
        names += ["text.onnx", "tokenizer.json"]
    options.out.mkdir(parents=True, exist_ok=True)
    for old in options.out.iterdir():
        old.unlink()
    files = [Path(shutil.copyfile(options.build / name, options.out / name)) for name in names]
    packed = manifest(options.build, files, options.draft)
    (options.out / "pack.json").write_text(json.dumps(packed, indent=2) + "\n", encoding="utf8")
    (options.out / "MODEL_CARD.md").write_text(model_card(options.build, packed), encoding="utf8")
    size = sum(path.stat().st_size for path in options.out.iterdir())
    print(f"{options.out}: {size} bytes, {packed['dims']} dimensions")
    if size > MAX_BYTES:
        raise SystemExit(f"the pack may have {MAX_BYTES} bytes")


if __name__ == "__main__":
    main()
