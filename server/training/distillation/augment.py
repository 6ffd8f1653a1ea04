"""Views of a batch of pictures: geometry (warp.py), colour, overlays, loss of quality."""
import math
import random

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional as F

import warp
from warp import uniform

# Chances at strength 1; each is scaled by the strength of the view.
GREY, BRIGHTNESS, SATURATION, HUE, CONTRAST, WHITE_BALANCE, GAMMA = 0.24, 0.5, 0.5, 0.4, 0.4, 0.25, 0.3
TEXT, BAR, ERASE = 0.14, 0.08, 0.16
SHRINK, BLUR, SHARPEN, NOISE, JPEG = 0.11, 0.07, 0.12, 0.14, 0.20
WORDS = (
    "SALE -50%", "www.example-shop.com", "FREE SHIPPING", "NEW", "12:47  shop app", "add to cart", "@photo",
    "$19.99", "LOGO", "best price", "50% off", "copyright",
)
TO_LUMA = torch.tensor([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
FROM_LUMA = torch.linalg.inv(TO_LUMA)
LUMA_STEPS = torch.tensor([
    [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62], [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
]).float()
CHROMA_STEPS = torch.full((8, 8), 99.0)
CHROMA_STEPS[:4, :4] = torch.tensor([[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]).float()
COSINES = torch.tensor([
    [(math.sqrt(1 / 8) if k == 0 else 0.5) * math.cos((2 * n + 1) * k * math.pi / 16) for n in range(8)]
    for k in range(8)
])


def to_input(image):
    """What the network takes: values of 0..1 to (rgb - 0.5) / 0.25."""
    return (image - 0.5) / 0.25


def clean(pictures, side):
    """uint8 (n, h, w, 3) to the network's input as it is served: whole frame, bicubic, antialiased."""
    image = pictures.permute(0, 3, 1, 2).float()
    if image.shape[2] != side or image.shape[3] != side:
        image = F.interpolate(image, size=(side, side), mode="bicubic", antialias=True, align_corners=False)
    return to_input(image.clamp(0, 255) / 255)


def chosen(chance, strength):
    """Indices of the views that an operation befalls."""
    return torch.nonzero(torch.rand(len(strength)) < chance * strength)[:, 0]


def colour(image, strength):
    """Brightness, saturation, hue, white balance and contrast as one matrix per view, then gamma."""
    count, side = len(image), image.shape[-1]
    one = torch.ones(count)

    def pick(chance, values, otherwise):
        return torch.where(torch.rand(count) < chance * strength, values, otherwise)

    light = pick(BRIGHTNESS, torch.exp(uniform(-0.55, 0.35, count)), one)
    depth = pick(GREY, torch.zeros(count), pick(SATURATION, uniform(0.3, 1.9, count), one))
    angle = pick(HUE, uniform(-0.5, 0.5, count), torch.zeros(count))
    contrast = pick(CONTRAST, uniform(0.6, 1.6, count), one)
    matrix = torch.zeros(count, 3, 3)
    matrix[:, 0, 0] = light
    matrix[:, 1, 1] = matrix[:, 2, 2] = light * depth * angle.cos()
    matrix[:, 2, 1] = light * depth * angle.sin()
    matrix[:, 1, 2] = -matrix[:, 2, 1]
    tint = torch.where(
        (torch.rand(count) < WHITE_BALANCE * strength)[:, None] & (depth > 0)[:, None],
        torch.exp(torch.randn(count, 3) * 0.08), torch.ones(count, 3),
    )
    matrix = tint[:, :, None] * (FROM_LUMA @ matrix @ TO_LUMA) * contrast.view(-1, 1, 1)
    middle = (1 - contrast) * image.mean((1, 2, 3)) * light
    image = (torch.bmm(matrix, image.flatten(2)) + middle.view(-1, 1, 1)).clamp_(0, 1).view(count, 3, side, side)
    bent = chosen(GAMMA, strength)
    if len(bent):
        image[bent] = (image[bent] + 1e-3).pow(torch.exp(uniform(-0.6, 0.5, len(bent))).view(-1, 1, 1, 1)).clamp(0, 1)
    return image


def rectangles(image, which, width, height):
    """Paints one rectangle of one colour over each chosen view; sizes are shares of the side."""
    if not len(which):
        return
    side, count = image.shape[-1], len(which)
    left, top = torch.rand(count) * (1 - width).clamp(min=0), torch.rand(count) * (1 - height)
    line = torch.arange(side) / side
    across = (line >= left[:, None]) & (line < (left + width)[:, None])
    down = (line >= top[:, None]) & (line < (top + height)[:, None])
    mask = (down[:, :, None] & across[:, None, :])[:, None]
    image[which] = torch.where(mask, torch.rand(count, 3, 1, 1), image[which])


def bars(image, which):
    count = len(which)
    width = torch.where(torch.rand(count) < 0.5, torch.full((count,), 1.01), uniform(0.3, 0.9, count))
    rectangles(image, which, width, uniform(0.04, 0.14, count))


def surroundings(image, out):
    """What lies around a picture that does not fill its view: a colour, bars as on a screen, another picture."""
    count, side = len(image), image.shape[-1]
    usual = torch.tensor([[0.5, 0.5, 0.5], [1, 1, 1], [0.96, 0.96, 0.97], [0, 0, 0]])[torch.randint(0, 4, (count,))]
    tone = torch.where((torch.rand(count) < 0.45)[:, None], torch.rand(count, 3), usual)
    ground = tone.view(count, 3, 1, 1).repeat(1, 1, side, side)
    zoomed = torch.nonzero(out)[:, 0]
    bars(ground, zoomed)
    bars(ground, zoomed[torch.rand(len(zoomed)) < 0.7])
    other = zoomed[torch.rand(len(zoomed)) < 0.25]
    ground[other] = image[torch.randint(0, count, (len(other),))]
    return ground


def lettering(count=160, side=128, seed=1):
    """Masks of printed words, drawn once."""
    dice = random.Random(seed)
    masks = []
    for _ in range(count):
        mask = Image.new("L", (side, side), 0)
        pen = ImageDraw.Draw(mask)
        for _ in range(dice.randint(1, 5)):
            font = ImageFont.load_default(dice.choice([6, 7, 8, 10, 12, 16, 22]))
            place = (dice.randint(-10, side // 2), dice.randint(0, side - 10))
            pen.text(place, dice.choice(WORDS), fill=255, font=font)
        masks.append(np.asarray(mask))
    return torch.from_numpy(np.stack(masks)).float()[:, None] / 255


def blurred(image, sigma):
    reach = int(min(4, max(1, round(2.5 * sigma))))
    steps = torch.arange(-reach, reach + 1).float()
    bell = torch.exp(-steps * steps / (2 * sigma * sigma))
    bell = (bell / bell.sum()).repeat(3, 1)
    image = F.conv2d(F.pad(image, (reach, reach, 0, 0), mode="reflect"), bell.view(3, 1, 1, -1), groups=3)
    return F.conv2d(F.pad(image, (0, 0, reach, reach), mode="reflect"), bell.view(3, 1, -1, 1), groups=3)


def jpeg(image, quality):
    """What JPEG of a quality of 1..100 leaves of values of 0..1."""
    count, _, side, _ = image.shape
    shifted = torch.einsum("ij,njhw->nihw", TO_LUMA, image * 255) - torch.tensor([128.0, 0, 0]).view(1, 3, 1, 1)
    blocks = shifted.view(count, 3, side // 8, 8, side // 8, 8).permute(0, 1, 2, 4, 3, 5)
    scale = torch.where(quality < 50, 50 / quality, (200 - 2 * quality) / 100).view(-1, 1, 1, 1, 1, 1)
    steps = (torch.stack([LUMA_STEPS, CHROMA_STEPS, CHROMA_STEPS]).view(1, 3, 1, 1, 8, 8) * scale).clamp(min=1)
    kept = torch.round(COSINES @ blocks @ COSINES.T / steps) * steps
    restored = (COSINES.T @ kept @ COSINES).permute(0, 1, 2, 4, 3, 5).reshape(count, 3, side, side)
    restored = restored + torch.tensor([128.0, 0, 0]).view(1, 3, 1, 1)
    return (torch.einsum("ij,njhw->nihw", FROM_LUMA, restored) / 255).clamp(0, 1)


def shrunk(image):
    """Down and up again, as thumbnails are shown."""
    side = image.shape[-1]
    small = F.interpolate(image, size=int(side * random_between(0.22, 0.7)), mode="area")
    mode = "bilinear" if torch.rand(()) < 0.5 else "bicubic"
    return F.interpolate(small, size=side, mode=mode, align_corners=False).clamp(0, 1)


def random_between(low, high):
    return float(uniform(low, high, 1))


def degrade(image, strength):
    for _ in range(2):
        if len(which := chosen(SHRINK, strength)):
            image[which] = shrunk(image[which])
        if len(which := chosen(BLUR, strength)):
            image[which] = blurred(image[which], random_between(0.4, 2.2))
    if len(which := chosen(SHARPEN, strength)):
        edges = image[which] - blurred(image[which], random_between(0.6, 1.2))
        image[which] = (image[which] + random_between(0.5, 2.0) * edges).clamp(0, 1)
    if len(which := chosen(NOISE, strength)):
        grain = uniform(0.01, 0.13, len(which), 1, 1, 1)
        image[which] = (image[which] + torch.randn_like(image[which]) * grain).clamp(0, 1)
    if len(which := chosen(JPEG, strength)):
        image[which] = jpeg(image[which], uniform(5, 45, len(which)))


class Augment:
    def __init__(self):
        self.words = lettering()

    def distort(self, pictures, shape, side, strength):
        """uint8 pictures, their width over height, and a strength of 0..1 for each."""
        image = pictures.permute(0, 3, 1, 2).float() / 255
        matrix, out = warp.geometry(shape, strength)
        image, inside = warp.resample(image, matrix, side)
        image = colour(image, strength)
        image = image * inside + surroundings(image, out) * (1 - inside)
        if len(which := chosen(TEXT, strength)):
            words = self.words[torch.randint(0, len(self.words), (len(which),))]
            mask = F.interpolate(words, size=side, mode="bilinear")
            image[which] = image[which] * (1 - mask) + mask * torch.rand(len(which), 3, 1, 1)
        bars(image, chosen(BAR, strength))
        which = chosen(ERASE, strength)
        rectangles(image, which, uniform(0.1, 0.45, len(which)), uniform(0.1, 0.45, len(which)))
        degrade(image, strength)
        return to_input(image)

    def __call__(self, pictures, shape, side, strength):
        """Views; strength 0 is the picture as it is served, mirrored or not."""
        result = torch.empty(len(pictures), 3, side, side)
        plain = strength == 0
        if plain.any():
            image = clean(pictures[plain], side)
            mirrored = torch.rand(len(image)) < warp.FLIP
            image[mirrored] = image[mirrored].flip(-1)
            result[plain] = image
        if not plain.all():
            result[~plain] = self.distort(pictures[~plain], shape[~plain], side, strength[~plain])
        return result
