"""Teaches the picture network what two frozen teachers see, from views that hide it.

    python train.py --work work --run runs/main --seed 0

Goes on from the newest checkpoint of the run's folder, and may be killed at any time (SIGTERM saves first).
Every step draws from its own seed, so that a resumed run takes the same steps. The rate stays level and falls
only in the last `--anneal` steps: a run may be lengthened, and a branch of it annealed into a pack at any time:

    python train.py --work work --run runs/pack --start-from runs/main/newest.pt --steps 3500 --anneal 800
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import copy
import json
import signal
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from augment import Augment
from data import HEADS, SET_SHARE, Lessons
from model import SHAPES, Heads, PictureNet
from validate import validate

BATCH = 160
BANK = 6144
TEMPERATURE = 0.1
MASKED = -30.0
TWIN = 0.95  # pictures that the teachers hardly tell apart are not each other's negatives
RATE, WARM_UP, FLOOR = 1.6e-3, 150, 0.01
DECAY = 0.03
MOVING_AVERAGE = 0.999
PLAIN_SHARE = 0.4
SIBLING_SHARE = 0.5
SMALL_SIDES = ((80, 96, 112), (0.35, 0.45, 0.20))
FULL_SIDES = ((96, 112, 128), (0.30, 0.40, 0.30))
COLOUR_HEAD = "colour"


def rate(step, steps, anneal):
    """Level after the warm-up, then down by the square root of what is left to go."""
    warm = min(1.0, (step + 1) / WARM_UP)
    begun = max(0, step - (steps - anneal)) / max(1, anneal)
    return RATE * warm * max(FLOOR, 1 - min(1.0, begun) ** 0.5)


def copy_loss(view, target, bank, twins):
    """How far the view's likeness to other pictures differs from what the teachers say of the clean picture."""
    likeness = target @ bank.T / TEMPERATURE
    seen = view @ bank.T / TEMPERATURE
    hide = F.pad(twins, (0, len(bank) - twins.shape[1]))
    likeness, seen = likeness.masked_fill(hide, MASKED), seen.masked_fill(hide, MASKED)
    wanted = likeness.softmax(1)
    return (wanted * (likeness.log_softmax(1) - seen.log_softmax(1))).sum(1).mean()


def contrast_loss(first, second, twins):
    """Each view finds the other view of its picture among the batch."""
    likeness = (first @ second.T / TEMPERATURE).masked_fill(twins, MASKED)
    own = torch.arange(len(first))
    return 0.5 * (F.cross_entropy(likeness, own) + F.cross_entropy(likeness.T, own))


class Trainer:
    def __init__(self, options):
        self.options = options
        self.lessons = Lessons(options.work, options.leave_out, options.leave_out_classes, options.targets)
        self.augment = Augment()
        torch.manual_seed(options.seed)
        self.net = PictureNet(options.shape).to(memory_format=torch.channels_last)
        self.heads = Heads({name: len(names) for name, (_, names) in self.lessons.labels.items() if names})
        self.average = copy.deepcopy(self.net).eval()
        matrices = [p for p in self.net.parameters() if p.ndim > 1]
        others = [p for p in self.net.parameters() if p.ndim <= 1] + list(self.heads.parameters())
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}],
            lr=RATE, betas=(0.9, 0.99),
        )
        self.step, self.seconds = 0, 0.0

    def losses(self, step):
        dice = np.random.default_rng([self.options.seed, step])
        torch.manual_seed(self.options.seed * 1_000_003 + step)
        lessons = self.lessons
        first = lessons.draw(BATCH, dice)
        second = lessons.partners(first, SIBLING_SHARE, dice)
        sides, chances = SMALL_SIDES if step < self.options.small_steps else FULL_SIDES
        side = int(dice.choice(sides, p=chances))
        mild = torch.where(torch.rand(BATCH) < PLAIN_SHARE, torch.zeros(BATCH), torch.rand(BATCH) * 0.6)
        strong = 0.6 + 0.4 * torch.rand(BATCH)
        image = torch.cat([
            self.augment(lessons.load(index), lessons.shape[index], side, strength)
            for index, strength in ((first, mild), (second, strong))
        ]).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            embedding = self.net(image)
        embedding = F.normalize(embedding.float(), dim=1)

        index = torch.from_numpy(np.concatenate([first, second]))
        target = lessons.targets[index]
        closeness = (embedding * target).sum(1)
        others = torch.from_numpy(dice.choice(lessons.teaching, BANK))
        bank = torch.cat([target[:BATCH], lessons.targets[others]])
        thing = lessons.instance[index[:BATCH]]
        twins = (thing[:, None] == thing[None]) | (target[:BATCH] @ target[:BATCH].T > TWIN)
        twins.fill_diagonal_(False)
        losses = {
            "mild": (1.5, 1 - closeness[:BATCH].mean()),
            "strong": (1.5, 1 - closeness[BATCH:].mean()),
            "copy": (1.0, copy_loss(embedding, target, bank, torch.cat([twins, twins]))),
            "contrast": (0.3, contrast_loss(embedding[:BATCH], embedding[BATCH:], twins)),
        }
        for name, (labels, names) in lessons.labels.items():
            known = labels[index] >= 0
            if name == COLOUR_HEAD:
                known[BATCH:] = False  # strong views change the colour
            if names and known.any():
                guess = self.heads(name, embedding[known])
                losses[name] = (HEADS[name][0], F.cross_entropy(guess, labels[index][known], label_smoothing=0.05))
        return losses

    def take_step(self):
        began = time.time()
        for group in self.optimizer.param_groups:
            group["lr"] = rate(self.step, self.options.steps, self.options.anneal)
        self.net.train()
        losses = self.losses(self.step)
        self.optimizer.zero_grad(set_to_none=True)
        sum(weight * loss for weight, loss in losses.values()).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.step += 1
        self.follow()
        self.seconds += time.time() - began
        return {name: loss.item() for name, (_, loss) in losses.items()}

    @torch.no_grad()
    def follow(self):
        """Moves the average towards the net: parameters and the statistics of the normalisation."""
        share = 1 - min(MOVING_AVERAGE, (self.step + 1) / (self.step + 10))
        pairs = list(zip(self.average.state_dict().values(), self.net.state_dict().values()))
        kept, new = zip(*[pair for pair in pairs if pair[0].is_floating_point()])
        torch._foreach_lerp_(list(kept), list(new), share)

    def save(self, path):
        state = {
            "net": self.net.state_dict(), "average": self.average.state_dict(), "heads": self.heads.state_dict(),
            "optimizer": self.optimizer.state_dict(), "step": self.step, "seconds": self.seconds,
            "views": self.step * 2 * BATCH, "shape": self.options.shape, "seed": self.options.seed,
            "leave_out": self.options.leave_out, "leave_out_classes": self.options.leave_out_classes,
        }
        draft = path.with_suffix(".part")
        torch.save(state, draft)
        os.replace(draft, path)

    def load(self, path):
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["shape"] != self.options.shape:
            raise ValueError(f"{path} holds a net of shape {state['shape']!r}, not {self.options.shape!r}")
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.heads.load_state_dict(state["heads"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]


def append(path, record):
    with open(path, "a", encoding="utf8") as out:
        out.write(json.dumps(record) + "\n")


def run(options):
    torch.set_num_threads(options.threads)
    options.run.mkdir(parents=True, exist_ok=True)
    newest = options.run / "newest.pt"
    trainer = Trainer(options)
    source = newest if newest.exists() else options.start_from
    if source:
        trainer.load(source)
        print(f"goes on from {source} at step {trainer.step}", flush=True)
    asked_to_stop = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.append(True))
    saved = measured = time.time()
    sums = {}
    while trainer.step < options.steps and not asked_to_stop:
        for name, value in trainer.take_step().items():
            sums.setdefault(name, []).append(value)
        if trainer.step % 50 == 0:
            means = {name: round(float(np.mean(values)), 4) for name, values in sums.items()}
            speed = round(trainer.step * 2 * BATCH / trainer.seconds)
            append(options.run / "loss.jsonl", {"step": trainer.step, "views_per_second": speed, **means})
            sums = {}
        ended = trainer.step == options.steps
        if ended or asked_to_stop or time.time() - saved > 60 * options.save_minutes:
            trainer.save(newest)
            saved = time.time()
        if ended or time.time() - measured > 60 * options.validate_minutes:
            figures = validate(trainer.average, trainer.lessons)
            minutes = round(trainer.seconds / 60)
            append(options.run / "validation.jsonl", {"step": trainer.step, "minutes": minutes, **figures})
            measured = time.time()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder that prepare.py and teach.py filled")
    parser.add_argument("--run", type=Path, required=True, help="folder of checkpoints and logs")
    parser.add_argument("--targets", default="targets.npy")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="two")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=16000)
    parser.add_argument("--anneal", type=int, default=3200, help="steps at the end in which the rate falls")
    parser.add_argument("--small-steps", type=int, default=5000, help="steps at the start with smaller pictures")
    parser.add_argument("--start-from", type=Path, help="a checkpoint of another run to branch from")
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    parser.add_argument("--leave-out-classes", nargs="*", default=[], metavar="LABEL")
    parser.add_argument("--save-minutes", type=float, default=8)
    parser.add_argument("--validate-minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=1)
    run(parser.parse_args())


if __name__ == "__main__":
    main()
