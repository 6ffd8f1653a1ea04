"""Reports, once and at the end, how texts rank the evaluation catalogue; nothing is chosen by it.

    python measure.py --eval DATA/eval --build build [--unseen ../distillation/unseen-wording.json] [--work work]

The pictures are embedded by the graphs of the build folder, whole frame squashed. P@10 over groups of at least ten.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import onnxruntime as ort
from opencc import OpenCC
from PIL import Image

from directions import Knowledge
from validate import AUDIENCE_ZH, FIRST, LEAST_GROUP, MIN_KNOWN, TextGraph, precision

SIDE = 128


def embedded(folder, build):
    """Rows of a set and the pack's vectors of its pictures."""
    fit = json.loads((build / "fit.json").read_text())
    rows = [json.loads(line) for line in open(folder / "manifest.jsonl", encoding="utf8")]
    graphs = [ort.InferenceSession(str(build / name), providers=["CPUExecutionProvider"]) for name in ("network.onnx", "classical.onnx")]
    vectors = []
    for row in rows:
        picture = Image.open(folder / row["file"]).convert("RGB").resize((SIDE, SIDE), Image.BICUBIC)
        pixels = np.ascontiguousarray(np.asarray(picture).transpose(2, 0, 1)[None])
        parts = [graph.run(["embedding"], {"pixels": pixels})[0][0] for graph in graphs]
        vectors.append(np.concatenate([part / np.linalg.norm(part) * weight for part, weight in zip(parts, fit["weights"])]))
    vectors = np.array(vectors)
    return rows, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def less_audience(text):
    for word in AUDIENCE_ZH.values():
        text = text.removeprefix(word)
    return text


def catalogue(rows, vectors, ask):
    """The issue's rows for texts."""
    def mean(name, asked):
        found = [precision(vectors, ask(text), np.array([right(row) for row in rows])) for text, right in asked]
        print(f"{name}: {np.mean(found):.3f} ({len(found)})")

    kinds = [kind for kind, count in sorted(Counter(row["cls"] for row in rows).items()) if count >= LEAST_GROUP]
    chinese = {row["cls"]: row["cls_zh"] for row in rows if row.get("cls_zh")}
    mean("cls", [(kind, lambda row, kind=kind: row["cls"] == kind) for kind in kinds])
    mean("cls_zh", [(chinese[kind], lambda row, kind=kind: row["cls"] == kind) for kind in kinds if kind in chinese])
    both = defaultdict(list)
    for row in rows:
        both[(row["attrs"]["baseColour"], row["cls"])].append(row)
    large = {pair: members for pair, members in sorted(both.items()) if len(members) >= LEAST_GROUP}

    def shows(pair):
        return lambda row: (row["attrs"]["baseColour"], row["cls"]) == pair

    mean("baseColour cls", [(" ".join(pair), shows(pair)) for pair in large])
    mean("caption_zh less audience", [(less_audience(members[0]["caption_zh"]), shows(pair)) for pair, members in large.items()])


def unseen(path, rows, vectors, ask, known_share):
    """Unseen wording beside the plain words of the same groups."""
    found = defaultdict(list)
    for entry in json.loads(path.read_text(encoding="utf8"))["entries"]:
        right = np.array([all(row["attrs"].get(key, row.get(key)) == value for key, value in entry["match"].items()) for row in rows])
        scores = [precision(vectors, ask(entry[name]), right) for name in ("text", "plain")]
        placed = known_share(entry["text"]) >= MIN_KNOWN
        for key in ("all", entry["lang"], f"{entry['lang']} {entry['change']}"):
            found[key].append((*scores, placed))
    for key, values in sorted(found.items()):
        text, plain, placed = np.mean(values, 0)
        print(f"unseen {key}: {text:.3f} plain {plain:.3f} placed {placed:.2f} ({len(values)})")


def scenes(rows, vectors, ask):
    """Share of the sentences whose own picture is among the first ten."""
    for language in ("en", "zh"):
        hits = [
            i in np.argsort(-(vectors @ ask(text)))[:FIRST].tolist()
            for i, row in enumerate(rows) for text in row[f"captions_{language}"]
        ]
        print(f"scenes {language} R@10: {np.mean(hits):.3f} ({len(hits)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--unseen", type=Path)
    parser.add_argument("--work", type=Path, help="also count the unseen texts that the tables hold by themselves")
    options = parser.parse_args()
    graph, simplified = TextGraph(options.build), OpenCC("t2s").convert

    def ask(text):
        return graph.embed(simplified(text))

    rows, vectors = embedded(options.eval / "text_fashion", options.build)
    catalogue(rows, vectors, ask)
    if options.unseen:
        unseen(options.unseen, rows, vectors, ask, lambda text: graph.known(simplified(text)))
    if options.unseen and options.work:
        forms = {form for phrase in Knowledge(options.work).phrases for form in phrase.forms}
        texts = [entry["text"].lower() for entry in json.loads(options.unseen.read_text(encoding="utf8"))["entries"]]
        print(f"{sum(text in forms for text in texts)} of {len(texts)} unseen texts stand in the tables")
    scenes(*embedded(options.eval / "text_captions_en_zh", options.build), ask)


if __name__ == "__main__":
    main()
