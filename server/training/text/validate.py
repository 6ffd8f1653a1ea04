"""Measures the text network on held-out pictures, and writes the likeness of right and wrong pairs for calibration.

    python validate.py --work work --text work/text --vectors build/vectors.npy --build build

P@10 over groups of at least ten held-out pictures of each catalogue set; the exported graph and tokenizer are asked.
Writes BUILD/text-pairs.json: {"right": [...], "wrong": [...], "domains": {name: the same}}.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from directions import Knowledge, knowledge, read_directions
from labels import UNKNOWN_FOR
from network import MOST_POSITIONS
from phrases import plain, read_table

SEED = 5
LEAST_GROUP, FIRST = 10, 10
PAIRS_OF_TEXT = 12
# Share of a text's tokens that must be known for it to be placed.
MIN_KNOWN = 0.5
ODD_TEXTS = [
    "T-Shirt", "men's T-shirts", "women’s 'red' dress!", "ＲＥＤ　ｓｈｏｅｓ", "3/4 pants", "红色T恤 男款", "red运动鞋", "runningshoes", "xyzzy plugh",
    "décolleté café", "naïve", "size 42", "", "  ", "100% cotton", "#hashtag", "a_b", "你好世界", "日本語のテキスト", "한국어", "👟 shoes", "e-mail", "O'Neill's",
    "rock'n'roll", "ÅÄÖ", "½ zip", "x" * 50, "鞋" * 60, "red-and-black", "black/white", "v-neck", "über", "ñandú",
]
AUDIENCE_ZH = {"Men": "男士", "Women": "女士", "Boys": "男童", "Girls": "女童", "Unisex": "中性"}


class TextGraph:
    """The exported graph with its tokenizer."""

    def __init__(self, build):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.graph = ort.InferenceSession(str(build / "text.onnx"), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(build / "tokenizer.json"))

    def embed(self, text):
        ids = np.array([self.tokenizer.encode(text).ids], np.int64)
        return self.graph.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]


def first_chinese():
    """The catalogue's own Chinese name of each label: the first of its row."""
    names = {}
    for table in ("words.tsv",):
        for row, labels, _, chinese in read_table(table):
            if row in ("kind", "colour") and chinese:
                names.setdefault(f"{row}:{labels[0]}", chinese[0])
    return names


def precision(gallery, vector, right):
    return float(right[np.argsort(-(gallery @ vector), kind="stable")[:FIRST]].mean())


def groups(rows, keys):
    """Groups of enough pictures by some attributes."""
    counts = Counter(tuple(row["attrs"].get(key) for key in keys) for row in rows)
    return [group for group, count in sorted(counts.items(), key=str) if count >= LEAST_GROUP and all(group)]


def questions(rows, phrases, dice):
    """Name of a row of the table -> (text, attributes that its pictures have)."""
    chinese = first_chinese()
    result = defaultdict(list)
    by_label = defaultdict(list)
    for phrase in phrases:
        for label in phrase.labels:
            if sum(other.startswith("kind:") for other in phrase.labels) == 1:
                by_label[(phrase.language, label)] += phrase.forms
    for (kind,) in groups(rows, ["articleType"]):
        right = {"articleType": kind}
        result["kind en"].append((kind, right))
        if f"kind:{kind}" in chinese:
            result["kind zh"].append((chinese[f"kind:{kind}"], right))
        for language in ("en", "zh"):
            options = by_label[(language, f"kind:{kind}")]
            if options:
                for text in dice.choice(options, min(3, len(options)), False):
                    result[f"kind synonyms {language}"].append((str(text), right))
    for kind, colour in groups(rows, ["articleType", "baseColour"]):
        right = {"articleType": kind, "baseColour": colour}
        result["colour kind en"].append((f"{colour} {kind}", right))
        result["kind, colour en"].append((f"{kind} {colour}", right))
        if f"kind:{kind}" in chinese and f"colour:{colour}" in chinese:
            result["colour kind zh"].append((chinese[f"colour:{colour}"] + chinese[f"kind:{kind}"], right))
    for kind, colour, gender in groups(rows, ["articleType", "baseColour", "gender"]):
        right = {"articleType": kind, "baseColour": colour, "gender": gender}
        result["audience colour kind en"].append((f"{gender} {colour} {kind}", right))
        if f"kind:{kind}" in chinese and f"colour:{colour}" in chinese:
            text = AUDIENCE_ZH[gender] + chinese[f"colour:{colour}"] + chinese[f"kind:{kind}"]
            result["audience colour kind zh"].append((text, right))
    return result


def taught(known, model, text):
    """What the network was to learn for the name of a kind, with or without a colour before it."""
    forms = {(phrase.facet, form): known.number[(phrase.facet, phrase.labels)] for phrase in known.phrases for form in phrase.forms}
    words = plain(text).split()
    for cut in range(len(words)):
        colour, kind = ("colour", " ".join(words[:cut])), ("kind", " ".join(words[cut:]))
        if kind in forms and (colour in forms or not cut):
            return model.of((forms[kind], forms[colour]) if cut else (forms[kind],))
    return np.zeros(model.vectors.shape[1], np.float32)


def table(known, gallery, ask, which, only=None, prefix=""):
    """Mean P@10 of each row of questions."""
    index, figures = np.flatnonzero(known.held & np.isin(known.sets, which)), {}
    rows, pictures = [known.rows[i] for i in index], gallery[index]
    for name, asked in questions(rows, known.phrases, np.random.default_rng(SEED)).items():
        if only and name not in only:
            continue
        found = [
            precision(pictures, ask(text), np.array([all(row["attrs"].get(k) == v for k, v in right.items()) for row in rows]))
            for text, right in asked
        ]
        figures[f"{prefix}{'+'.join(which)} {name}"] = [round(float(np.mean(found)), 4), len(found)]
        print(f"{prefix}{'+'.join(which)} {name}: {np.mean(found):.3f} ({len(found)})")
    return figures


def spoken(known, tokenizer):
    """Texts of all kinds with their token numbers, for check.mjs."""
    texts = [form for phrase in known.phrases[::7] for form in phrase.forms] + ODD_TEXTS
    return [[text, tokenizer.encode(text).ids] for text in texts]


def pairs(known, gallery, ask):
    """Likeness of words to their right pictures among the first hits, and to any wrong ones, by domain of the pictures."""
    dice = np.random.default_rng(SEED)
    result = {}
    members = known.members()
    domains = {"fashion": ("07", "08"), "people": ("01",), "scenes": ("10",), "photos": ("13",), "goods": ("02", "04", "06")}
    for name, sets in domains.items():
        index = np.flatnonzero(known.held & np.isin(known.sets, sets))
        unsure = np.array(known.domains)[index]
        right, wrong = [], []
        for phrase in known.phrases:
            shown = members[index, known.number[(phrase.facet, phrase.labels)]]
            doubtful = np.isin(unsure, sorted(UNKNOWN_FOR[knowledge(phrase.labels)])) | (phrase.facet != "kind")
            if not shown.any() or phrase.facet not in ("kind", "colour"):
                continue
            likeness = gallery[index] @ ask(phrase.forms[0])
            first = np.argsort(-likeness, kind="stable")[:FIRST]
            right += likeness[first[shown[first]]].tolist()
            options = np.flatnonzero(~shown & ~doubtful)
            if len(options):
                wrong += likeness[dice.choice(options, min(PAIRS_OF_TEXT, len(options)), False)].tolist()
        result[name] = {"right": right, "wrong": wrong}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("work", "text", "vectors", "build"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    known = Knowledge(options.work)
    gallery = np.load(options.vectors).astype(np.float32)
    graph = TextGraph(options.build)
    ask = graph.embed
    figures = {}
    for which in (("07", "08"), ("08",)):
        figures |= table(known, gallery, ask, which)
    model = read_directions(options.text, known.concepts)
    figures |= table(known, gallery, lambda text: taught(known, model, text), ("07", "08"), ("kind en", "colour kind en"), "taught ")
    found = pairs(known, gallery, ask)
    for name, one in found.items():
        for side, values in one.items():
            spread = np.percentile(values, (5, 50, 95)) if values else ()
            print(name, side, len(values), *(f"{v:.3f}" for v in spread))
    joined = {side: np.concatenate([one[side] for one in found.values()]) for side in ("right", "wrong")}
    np.savez(options.build / "text-pairs.npz", **joined)
    words = {"maxTokens": MOST_POSITIONS, "minKnown": MIN_KNOWN, "mask": True, "languages": ["en", "zh"],
             "pairs": "text-pairs.npz", "figures": figures}
    (options.build / "text.json").write_text(json.dumps(words, indent=2) + "\n")
    (options.build / "tokens.json").write_text(json.dumps(spoken(known, graph.tokenizer), ensure_ascii=False))


if __name__ == "__main__":
    main()
