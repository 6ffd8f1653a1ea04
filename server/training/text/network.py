"""The text network: token vectors, two light attention layers, one vector in the space of the pictures."""
import math

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, LAYERS, INNER = 128, 4, 2, 256
MOST_POSITIONS = 32


class Layer(nn.Module):
    """Attention over the tokens, then a step for each; written out so that every runtime has its operators."""

    def __init__(self, width, inner):
        super().__init__()
        self.before, self.middle = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mixed, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x, bias):
        count, length, width = x.shape
        query, key, value = (
            part.reshape(count, length, HEADS, width // HEADS).transpose(1, 2) for part in self.mixed(self.before(x)).chunk(3, 2)
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(width // HEADS) + bias
        seen = (scores.softmax(3) @ value).transpose(1, 2).reshape(count, length, width)
        x = x + self.joined(seen)
        return x + self.narrow(F.relu(self.wide(self.middle(x))))


class TextNet(nn.Module):
    def __init__(self, tokens, dims):
        super().__init__()
        self.tokens = nn.Embedding(tokens, WIDTH)
        self.places = nn.Parameter(torch.randn(MOST_POSITIONS, WIDTH) * 0.02)
        self.layers = nn.ModuleList(Layer(WIDTH, INNER) for _ in range(LAYERS))
        self.out = nn.Linear(WIDTH, dims)
        nn.init.normal_(self.tokens.weight, std=0.3)

    def forward(self, ids, mask):
        known = mask.to(self.places.dtype)
        x = self.tokens(ids) + self.places[: ids.shape[1]]
        bias = (known - 1)[:, None, None] * 1e4
        for layer in self.layers:
            x = layer(x, bias)
        mean = (x * known[:, :, None]).sum(1) / known.sum(1, keepdim=True).clamp(min=1)
        return F.normalize(self.out(mean), dim=1, eps=1e-6)
