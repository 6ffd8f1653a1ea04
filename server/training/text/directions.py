"""Which way in the space of the pictures each word points, so that a plain dot product ranks well.

    python directions.py --work work --vectors build/vectors.npy --out work/text

A text means some labels at once ("red", "shoes"): its direction is the sum of its words' directions and, where enough
pictures show both, of what the pair has of its own. All are fitted together so that a picture which has everything the
text asks for comes before those that have not. Held-out pictures take no part. Writes OUT/directions.npz and .json.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import time
from collections import Counter
from itertools import permutations, product
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from labels import UNKNOWN_FOR, domain_of, knowledge, labels_of, names_of, read_index, title_words
from phrases import plain, read_phrases

SEED = 7
STEPS, RATE = 300, 0.06
QUESTIONS, LONGEST = 1600, 6
DECAY, PAIR_DECAY = 1e-6, 3e-5
LEAST_PAIR, LEAST_MORE = 8, 15
RIDGE, SHY, LONGEST_GUESS = 1e-4, 10, 12.0
# Pictures of a batch by set.
BATCH = {"07": 1300, "08": 500, "01": 160, "13": 320, "10": 100, "10c": 140, "04": 80, "06": 40, "02": 40}
# How much a right picture of a set counts beside one of a catalogue: hard ones would else rule.
COUNTS = {"01": 0.25, "10": 0.5, "10c": 0.25, "13": 0.5}
FACETS = ("kind", "colour", "audience", "use", "season", "word")


class Knowledge:
    """Rows of the index with their labels, and all that phrases and titles can mean."""

    def __init__(self, work):
        self.rows = read_index(work)
        found = json.loads((work / "scenes.json").read_text())
        self.labels = [labels_of(row, found) for row in self.rows]
        self.held = np.array([row["held"] for row in self.rows])
        self.sets = np.array([row["set"] for row in self.rows])
        phrases = read_phrases(names_of(self.rows))
        taken = {form for phrase in phrases for form in phrase.forms}
        self.words = title_words(self.rows, taken)
        for row, labels in zip(self.rows, self.labels):
            if row.get("attrs"):
                labels.update(f"word:{word}" for word in set(plain(row.get("caption") or "").split()) & self.words)
        known = Counter(label for row, labels in zip(self.rows, self.labels) if not row["held"] for label in labels)
        self.phrases = [phrase for phrase in phrases if any(known[label] for label in phrase.labels)]
        self.domains = [domain_of(row, labels) for row, labels in zip(self.rows, self.labels)]
        self.concepts = sorted(
            {(phrase.facet, phrase.labels) for phrase in self.phrases}
            | {("word", frozenset([f"word:{word}"])) for word in self.words},
            key=lambda one: (one[0], sorted(one[1])),
        )
        self.number = {concept: i for i, concept in enumerate(self.concepts)}

    def members(self):
        """Pictures x concepts: has one of the concept's labels."""
        by_label = {}
        for i, (_, labels) in enumerate(self.concepts):
            for label in labels:
                by_label.setdefault(label, []).append(i)
        members = np.zeros((len(self.rows), len(self.concepts)), bool)
        for i, labels in enumerate(self.labels):
            for label in labels:
                members[i, by_label.get(label, ())] = True
        return members


def single_kinds(concepts):
    """For each catalogue kind the concept that means it and no other one, with all that other sets have of it."""
    result = {}
    for i, (facet, labels) in sorted(enumerate(concepts), key=lambda one: len(one[1][1])):
        kinds = [label for label in labels if label.startswith("kind:")]
        if facet == "kind" and len(kinds) == 1 and not any(label[0] == "@" for label in labels):
            result[kinds[0]] = i
    return result


def questions_of(members, concepts, usable):
    """Sets of concepts that enough pictures answer: single ones, pairs, and audience or use with colour and kind."""
    by_facet = {facet: [i for i, one in enumerate(concepts) if one[0] == facet] for facet in FACETS}
    by_facet["kind"] = list(single_kinds(concepts).values())
    shown = members[usable].astype(np.float32)
    singles = [(i,) for i in np.flatnonzero(shown.sum(0) >= 2)]
    both = shown.T @ shown
    pairs = [
        (i, j)
        for one, other, least in (("kind", "colour", LEAST_PAIR), ("kind", "audience", LEAST_MORE), ("kind", "use", LEAST_MORE))
        for i, j in product(by_facet[one], by_facet[other])
        if both[i, j] >= least and both[i, j] < both[i, i] * 0.98
    ]
    triples = []
    for k in by_facet["audience"]:
        having = shown[shown[:, k] > 0]
        counts = having[:, by_facet["kind"]].T @ having[:, by_facet["colour"]]
        triples += [(by_facet["kind"][i], by_facet["colour"][j], k) for i, j in np.argwhere(counts >= LEAST_MORE).tolist()]
    return singles, pairs, triples


class Directions:
    """One direction for each concept and for each pair of them that many pictures show."""

    def __init__(self, vectors, pairs, concepts):
        self.vectors, self.pairs = vectors, pairs
        self.place = {pair: len(vectors) - len(pairs) + i for i, pair in enumerate(pairs)}
        single = single_kinds(concepts)
        self.kinds = {i: [single[label] for label in labels if label in single] for i, (_, labels) in enumerate(concepts)}

    def parts(self, concepts):
        """Rows of `vectors` that make up a text with these concepts, each with its weight."""
        parts = [(concept, 1.0) for concept in concepts]
        for one, other in permutations(concepts, 2):
            members = self.kinds.get(one) or ()
            own = [self.place[one_, other] for one_ in members if (one_, other) in self.place]
            parts += [(row, 1 / len(members)) for row in own]
        return parts

    def of(self, concepts):
        rows, weights = zip(*self.parts(concepts))
        return np.array(weights, np.float32) @ self.vectors[list(rows)]


def draw(by_set, dice):
    """Pictures of one batch; half of the catalogue ones by the rarity of their kind."""
    return np.concatenate([
        by_set[name][0][np.searchsorted(by_set[name][1], dice.random(count) * (1 - 1e-9))]
        for name, count in BATCH.items() if name in by_set
    ])


def chances(knowledge_, usable):
    """For each set its pictures and the running sum of their chances."""
    result = {}
    for name in BATCH:
        index = np.flatnonzero(usable & (knowledge_.sets == name))
        if len(index):
            kinds = [row.get("label") for row in (knowledge_.rows[i] for i in index)]
            counts = Counter(kinds)
            weight = np.array([1 + 0.5 * (len(index) / len(counts) / counts[kind]) ** 0.5 for kind in kinds])
            result[name] = (index, weight.cumsum() / weight.sum())
    return result


def first_guess(vectors, members, known, usable):
    """Each concept's mean against the mean of its own domain, seen through the domain's spread."""
    fashion = np.isin(known.sets, ("07", "08"))
    guess = np.zeros((len(known.concepts), vectors.shape[1]), np.float32)
    for domain in (fashion, ~fashion):
        index = np.flatnonzero(usable & domain)
        middle = vectors[index].mean(0)
        spread = np.cov(vectors[index].T) + RIDGE * np.eye(vectors.shape[1])
        shown = members[index].astype(np.float32)
        counts = shown.sum(0)
        means = shown.T @ (vectors[index] - middle) / np.maximum(counts, 1)[:, None]
        toward = np.linalg.solve(spread, means.T).T * (counts / (counts + SHY))[:, None]
        mine = counts / np.maximum(members[usable].sum(0), 1)
        guess += (toward * mine[:, None]).astype(np.float32)
    length = np.linalg.norm(guess, axis=1, keepdims=True)
    return guess * np.minimum(1, LONGEST_GUESS / np.maximum(length, 1e-9))


def fit(vectors, known, usable, steps=STEPS, log=print):
    """Directions of all concepts and pairs."""
    torch.manual_seed(SEED)
    dice = np.random.default_rng(SEED)
    members = known.members()
    singles, pairs, triples = questions_of(members, known.concepts, usable)
    log(f"{len(singles)} words, {len(pairs)} pairs, {len(triples)} triples")
    weights = torch.zeros(len(known.concepts) + len(pairs) + 1, vectors.shape[1])
    weights[: len(known.concepts)] = torch.from_numpy(first_guess(vectors, members, known, usable))
    model = Directions(weights[:-1], pairs, known.concepts)
    questions = [*singles, *pairs, *triples]
    parts = torch.full((len(questions), LONGEST), len(weights) - 1)
    asked = torch.full((len(questions), 3), -1)
    for q, question in enumerate(questions):
        own = [row for row, weight in model.parts(question) if weight == 1]
        parts[q, : len(own)] = torch.tensor(own)
        asked[q, : len(question)] = torch.tensor(question)
    names = sorted(set(known.domains))
    domain = torch.tensor([names.index(name) for name in known.domains])
    unknown = torch.tensor([[name in UNKNOWN_FOR[knowledge(labels)] for name in names] for _, labels in known.concepts])
    worth = torch.tensor([COUNTS.get(name, 1.0) for name in known.sets])
    members = torch.from_numpy(np.concatenate([members, np.ones((len(members), 1), bool)], 1))
    unknown = torch.cat([unknown, torch.zeros(1, len(names), dtype=torch.bool)])
    weights.requires_grad_()
    optimizer = torch.optim.Adam([weights], lr=RATE)
    by_set = chances(known, usable)
    share = np.concatenate([np.full(len(part), amount / len(part)) for part, amount in
                            ((singles, 0.45), (pairs, 0.4), (triples, 0.15)) if part])
    start, first_pair = time.time(), len(known.concepts)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - step / steps)
        index = draw(by_set, dice)
        chosen = torch.from_numpy(dice.choice(len(questions), min(QUESTIONS, len(questions)), False, share / share.sum()))
        right = members[index][:, asked[chosen]].all(2)
        unsure = unknown[asked[chosen]].any(1)[:, domain[index]].T & ~right
        seen = right.any(0)
        right, unsure, chosen = right[:, seen], unsure[:, seen], chosen[seen]
        directions = weights[parts[chosen]].sum(1)
        scores = torch.from_numpy(vectors[index]) @ directions.T
        wrong = torch.logsumexp(scores.masked_fill(right | unsure, -1e9), 0)
        counted = right * worth[index, None]
        count = counted.sum(0)
        losses = (F.softplus(wrong - scores) * counted).sum(0) / count
        loss = (losses * count.sqrt()).sum() / count.sqrt().sum()
        decay = DECAY * weights[:first_pair].square().sum() + PAIR_DECAY * weights[first_pair:].square().sum()
        optimizer.zero_grad()
        (3 * loss + decay).backward()
        weights.grad[-1] = 0
        optimizer.step()
        if step % 50 == 0:
            log(f"step {step} loss {loss.item():.3f} decay {decay.item():.3f} {time.time() - start:.0f} s")
    return Directions(weights.detach()[:-1].numpy(), pairs, known.concepts)


def read_directions(folder, concepts):
    with np.load(folder / "directions.npz") as saved:
        return Directions(saved["vectors"], [tuple(pair) for pair in saved["pairs"].tolist()], concepts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="index.jsonl and scenes.json")
    parser.add_argument("--vectors", type=Path, required=True, help="the pack's vector of every row of the index")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = Knowledge(options.work)
    model = fit(np.load(options.vectors).astype(np.float32), known, ~known.held, options.steps)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez(options.out / "directions.npz", vectors=model.vectors, pairs=np.array(model.pairs))


if __name__ == "__main__":
    main()
