"""What is fitted on the frozen picture network: where the subject is, and of which category."""
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[1] / "distillation"))

from model import conv, generalised_mean

WIDTHS = (96, 192, 448)
POOLED = 1088
INNER = 64
# Distances to the four sides are learned in units of this share of the frame.
UNIT = 0.25
CANDIDATES = 24


def maps(net, image):
    """The network's feature maps at strides 8, 16 and 32."""
    second = net.stage2(net.stage1(net.stem(image)))
    third = net.stage3(second)
    return second, third, net.stage4(third)


def pooled(net, third, fourth):
    """`net.features` from the maps."""
    third, fourth = third.float(), fourth.float()
    return net.norm(torch.cat([fourth.mean((2, 3)), generalised_mean(fourth), third.mean((2, 3))], 1))


def convolved(width):
    return nn.Sequential(conv(width, width), nn.ReLU(True))


def doubled(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


class Subject(nn.Module):
    """For every cell of 8 x 8 pixels: is it the middle of a subject, and how far are that subject's sides."""

    def __init__(self, inner=INNER):
        super().__init__()
        self.take = nn.ModuleList([conv(width, inner, 1) for width in WIDTHS])
        self.coarse = convolved(inner)
        self.middle = nn.Sequential(convolved(inner), convolved(inner))
        self.fine = nn.Sequential(convolved(inner), convolved(inner))
        self.score, self.sides = nn.Conv2d(inner, 1, 1), nn.Conv2d(inner, 4, 1)
        nn.init.constant_(self.score.bias, -3.5)
        nn.init.constant_(self.sides.bias, 0.5)

    def forward(self, second, third, fourth):
        """Logits (n, 16, 16) and boxes (n, 16, 16, 4) in shares of the frame."""
        x = self.coarse(F.relu(self.take[2](fourth)))
        x = self.middle(F.relu(self.take[1](third) + doubled(x)))
        x = self.fine(F.relu(self.take[0](second) + doubled(x)))
        sides = F.softplus(self.sides(x).float()) * UNIT
        centre = centres(x.shape[-1])
        boxes = torch.cat([centre - sides[:, :2], centre + sides[:, 2:]], 1)
        return self.score(x)[:, 0], boxes.permute(0, 2, 3, 1)


def centres(side):
    """Middles (2, side, side) of the cells, across and down."""
    line = (torch.arange(side) + 0.5) / side
    return torch.stack([line.expand(side, side), line[:, None].expand(side, side)])


def listed(logits, boxes, count=CANDIDATES):
    """The boxes (n, count, 4) and scores (n, count) of cells that no neighbour outdoes, best first."""
    score = logits.sigmoid()[:, None]
    peak = score * (F.max_pool2d(score, 3, 1, 1) <= score).to(score.dtype)
    best, place = peak.flatten(1).topk(count, 1)
    chosen = boxes.flatten(1, 2).gather(1, place[:, :, None].expand(-1, -1, 4))
    return chosen.clamp(0, 1), best


class Category(nn.Module):
    """Calibrated log-odds of the categories from the pooled features; inner 0 is one linear layer."""

    def __init__(self, categories, inner=0, loss=0.0):
        super().__init__()
        self.inner = inner
        self.body = nn.Sequential(nn.Linear(POOLED, inner), nn.ReLU(True), nn.Dropout(loss)) if inner else nn.Dropout(loss)
        self.last = nn.Linear(inner or POOLED, categories)
        self.register_buffer("temperature", torch.ones(()))

    def forward(self, features):
        return self.last(self.body(features)) / self.temperature


def load(path):
    """A head written by `save`, ready to serve."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    head = {"subject": Subject, "category": Category}[state["kind"]](**state["shape"])
    head.load_state_dict(state["weights"])
    return head.eval()


def save(path, kind, shape, head, **facts):
    torch.save({"kind": kind, "shape": shape, "weights": head.state_dict(), **facts}, path)
