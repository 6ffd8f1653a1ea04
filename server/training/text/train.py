"""Teaches the text network where texts point, and trains its tokenizer.

    python train.py --work work --text work/text --out build

Captions are drawn with what they mean (captions.py); the network learns the direction of that meaning (directions.py).
No picture and no caption of a picture is seen here beyond the catalogue titles of the training side.
Writes OUT/tokenizer.json and TEXT/network.pt.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from captions import (
    BEFORE, BEFORE_ZH, LINKS, LINKS_ZH, MADE_OF, MODIFIERS, MODIFIERS_ZH, PEOPLE, PEOPLE_ZH, SCENE, SCENE_ZH, Captions,
)
from directions import Knowledge, read_directions
from imitate import read_mixtures
from network import MOST_POSITIONS, TextNet
from tokens import make_tokenizer, split, vocabulary

SEED = 11
TEXTS, STEPS, BATCH, RATE = 160_000, 2500, 256, 3e-3
WARM_UP, AVERAGE = 100, 0.998
LEAST_END = 4


def certain_words(known, mixtures):
    """Words that must be in the vocabulary: those of all phrases and of what the templates add."""
    texts = [form for phrase in known.phrases for form in phrase.forms]
    texts += [text for words in mixtures.values() for text, _ in words]
    texts += [word for words in (BEFORE, BEFORE_ZH, LINKS, LINKS_ZH, MADE_OF, MODIFIERS, MODIFIERS_ZH, PEOPLE, PEOPLE_ZH,
                                 SCENE, SCENE_ZH, sorted(known.words)) for word in words]
    return sorted({word for text in texts for word in split(text)})


def word_ends(known):
    """What joined English words end with: plural signs and the last words of clothes' names."""
    ends = {"s", "es"}
    for phrase in known.phrases:
        if phrase.language == "en" and any(label.startswith("kind:") for label in phrase.labels):
            ends |= {form.split()[-1] for form in phrase.forms if len(form.split()[-1]) >= LEAST_END}
    return ends


def encode(tokenizer, texts):
    """Numbers of the tokens, zero where a text has ended."""
    ids = np.zeros((len(texts), MOST_POSITIONS), np.int64)
    for row, one in zip(ids, tokenizer.encode_batch(texts)):
        row[: len(one.ids[:MOST_POSITIONS])] = one.ids[:MOST_POSITIONS]
    return ids


def targets(model, meanings):
    """The direction of every meaning, of length one. Concepts that a mixture weighs low bring no pairs."""
    result = np.zeros((len(meanings), model.vectors.shape[1]), np.float32)
    for row, meaning in zip(result, meanings):
        whole = [number for number, weight in meaning if weight == 1]
        for number, weight in model.parts(whole) + [part for part in meaning if part[1] != 1]:
            row += weight * model.vectors[number]
    return result / np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-6)


def learn(ids, aims, tokens, steps, log=print):
    """The averaged network after all steps."""
    torch.manual_seed(SEED)
    dice = np.random.default_rng(SEED)
    net = TextNet(tokens, aims.shape[1])
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE))
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.01)
    lengths, start = (ids > 0).sum(1), time.time()
    for step in range(steps):
        share = min(1, (step + 1) / WARM_UP) * 0.5 * (1 + np.cos(np.pi * step / steps)) + 0.01
        for group in optimizer.param_groups:
            group["lr"] = RATE * share
        index = dice.integers(len(ids), size=BATCH)
        longest = lengths[index].max()
        block = torch.from_numpy(ids[index, :longest])
        made = net(block, block > 0)
        loss = (1 - (made * torch.from_numpy(aims[index])).sum(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(net)
        if step % 250 == 0:
            log(f"step {step} loss {loss.item():.4f} {time.time() - start:.0f} s")
    return average.module.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--text", type=Path, required=True, help="directions.npz and mixtures.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = Knowledge(options.work)
    model = read_directions(options.text, known.concepts)
    mixtures = read_mixtures(options.text / "mixtures.json", known)
    source = Captions(known, mixtures, SEED)
    drawn = [source.draw() for _ in range(TEXTS)]
    alone = [(form, [(known.number[(phrase.facet, phrase.labels)], 1.0)]) for phrase in known.phrases for form in phrase.forms]
    texts, meanings = zip(*drawn, *alone, *alone)
    words = vocabulary(texts, word_ends(known), certain_words(known, mixtures))
    tokenizer = make_tokenizer(words)
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(options.out / "tokenizer.json"), pretty=False)
    print(f"{len(texts)} texts, {len(words)} tokens")
    ids = encode(tokenizer, list(texts))
    some = (ids > 1).any(1)
    net = learn(ids[some], targets(model, meanings)[some], len(words), options.steps)
    torch.save({"state": net.state_dict(), "tokens": len(words), "dims": model.vectors.shape[1]}, options.text / "network.pt")


if __name__ == "__main__":
    main()
