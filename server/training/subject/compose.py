"""Teaching views for the subject: products pasted on scenes and on plain ground, scenes as they are, and nothing."""
import math

import numpy as np
import torch
from torch.nn import functional as F

from cutouts import cut
from labels import area, ranked

from augment import blurred, jpeg
from warp import uniform

SIDE, SPRITE, MOST = 128, 96, 8
# Shares of the views: a product in a scene, a product on plain ground, a scene, nothing.
KINDS, SHARES = ("composite", "plain", "scene", "empty"), (0.46, 0.12, 0.37, 0.05)
MORE_PRODUCTS = (0.25, 0.06)
LEAST_SIZE, MOST_SIZE = 0.04, 0.72
SHADOW = 0.5
LEAST_WEIGHT, BEHIND_WEIGHT, SURE_SCORE = 0.15, 0.25, 0.45
LEAST_VISIBLE, IGNORED_VISIBLE = 0.5, 0.15


def sprites(lessons, index, batch=256):
    """Cut-outs of the pictures of index: (n, 4, 96, 96) premultiplied bytes and their width over height."""
    found, shapes = [], []
    for start in range(0, len(index), batch):
        part = index[start:start + batch]
        pictures = lessons.pictures[part]
        masks, boxes, good = cut(pictures)
        for i in np.flatnonzero(good):
            left, top, right, bottom = boxes[i]
            alpha = masks[i, top:bottom, left:right, None].astype(np.float32)
            colour = pictures[i, top:bottom, left:right] * alpha
            sprite = torch.from_numpy(np.concatenate([colour, alpha * 255], 2)).permute(2, 0, 1)[None]
            sprite = F.interpolate(sprite, size=(SPRITE, SPRITE), mode="bilinear", antialias=True)
            found.append(sprite[0].round().to(torch.uint8))
            shapes.append((right - left) / (bottom - top) * float(lessons.shape[part[i]]))
    return torch.stack(found), torch.tensor(shapes, dtype=torch.float32)


def objects(found):
    """Boxes (8, 5) of a scene with weights, the main one first; weight 0 fills up."""
    boxes = np.zeros((MOST, 5), np.float32)
    order = ranked(found)[:MOST]
    if order:
        values = [one[4] * float(area(np.array(one[:4]))) for one in order]
        sure = min(1.0, order[0][4] / SURE_SCORE)
        for k, one in enumerate(order):
            boxes[k, :4] = one[:4]
            boxes[k, 4] = max(LEAST_WEIGHT, sure * (values[k] / max(values[0], 1e-6)) ** 0.5)
    return boxes


def placed(count, low, high, shape):
    """Matrices from the view (-1..1) to a pasted sprite (-1..1): size, aspect, turn, flip, place."""
    even = uniform(low**0.5, high**0.5, count).square()
    size = torch.where(torch.rand(count) < 0.5, even, torch.exp(uniform(math.log(low), math.log(high), count)))
    aspect = (shape * torch.exp(uniform(-0.4, 0.4, count))).clamp(0.25, 4)
    width = (size * aspect).sqrt().clamp(max=0.97)
    height = (size / width).clamp(max=0.97)
    tilted, turned = torch.rand(count) < 0.4, torch.rand(count) < 0.1
    angle = torch.where(tilted, uniform(-0.45, 0.45, count), torch.zeros(count))
    angle = angle + torch.where(turned, torch.randint(1, 4, (count,)) * math.pi / 2, torch.zeros(count))
    cos, sin = angle.cos(), angle.sin()
    reach_x = (width * cos.abs() + height * sin.abs()) * 0.92
    reach_y = (width * sin.abs() + height * cos.abs()) * 0.92
    x = (1 - reach_x).clamp(min=0.02) * uniform(-1, 1, count)
    y = (1 - reach_y).clamp(min=0.02) * uniform(-1, 1, count)
    mirror = torch.where(torch.rand(count) < 0.5, 1.0, -1.0)
    matrix = torch.stack([
        mirror * cos / width, mirror * sin / width, mirror * (-(x * cos) - y * sin) / width,
        -sin / height, cos / height, (x * sin - y * cos) / height,
    ], 1)
    return matrix.view(count, 2, 3)


def pasted(ground, sprite, matrix):
    """The ground with the sprites on it, lit anew and with a shadow, and the mask of each."""
    count = len(ground)
    grid = F.affine_grid(matrix, (count, 4, SIDE, SIDE), align_corners=False)
    layer = F.grid_sample(sprite.float() / 255, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    colour, alpha = layer[:, :3], layer[:, 3:]
    light = torch.exp(uniform(-0.45, 0.3, count, 1, 1, 1) + torch.randn(count, 3, 1, 1) * 0.06)
    if torch.rand(()) < SHADOW:
        shift = [int(v) for v in torch.randint(-4, 5, (2,))]
        shade = F.avg_pool2d(alpha.roll(shift, (2, 3)), (9, 1), 1, (4, 0))
        shade = F.avg_pool2d(shade, (1, 9), 1, (0, 4)) * uniform(0, 0.6, count, 1, 1, 1)
        ground = ground * (1 - shade)
    return ground * (1 - alpha) + (colour * light).clamp(0, 1), alpha[:, 0]


def box_of(alpha):
    """Boxes (n, 4) in shares of what is more than half opaque, and whether there is any."""
    solid = alpha > 0.5
    across, down = solid.any(1), solid.any(2)
    line = torch.arange(SIDE)

    def ends(flags):
        first = torch.where(flags, line, SIDE).amin(1)
        last = torch.where(flags, line + 1, 0).amax(1)
        return first, last

    (left, right), (top, bottom) = ends(across), ends(down)
    return torch.stack([left, top, right, bottom], 1).float() / SIDE, across.any(1)


def plain_ground(count):
    """White, grey or coloured ground, at times with a gradient and grain."""
    tone = torch.where(torch.rand(count, 1) < 0.5, uniform(0.9, 1, count, 1).expand(-1, 3), torch.rand(count, 3))
    line = torch.linspace(-1, 1, SIDE)
    slope = torch.randn(count, 2, 1, 1, 1) * 0.08 * (torch.rand(count, 1, 1, 1, 1) < 0.6)
    ground = tone[:, :, None, None] + slope[:, 0] * line + slope[:, 1] * line[:, None]
    grain = torch.randn(count, 3, SIDE, SIDE) * 0.02 * (torch.rand(count, 1, 1, 1) < 0.4)
    return (ground + grain).clamp(0, 1)


def windowed(image, boxes):
    """A window of each scene, mirrored or not, with its objects; a weight of -1 marks what is cut off."""
    count = len(image)
    whole = torch.rand(count) < 0.35
    side = torch.where(whole, torch.ones(count), uniform(0.35, 1, count).sqrt())
    stretch = torch.where(whole, torch.zeros(count), uniform(-0.3, 0.3, count)).exp()
    width, height = (side * stretch).clamp(max=1), (side / stretch).clamp(max=1)
    left, top = (1 - width) * torch.rand(count), (1 - height) * torch.rand(count)
    mirror = torch.where(torch.rand(count) < 0.5, 1.0, -1.0)
    matrix = torch.zeros(count, 2, 3)
    matrix[:, 0, 0], matrix[:, 1, 1] = mirror * width, height
    matrix[:, 0, 2], matrix[:, 1, 2] = 2 * left + width - 1, 2 * top + height - 1
    view = F.grid_sample(
        image, F.affine_grid(matrix, (count, 3, SIDE, SIDE), align_corners=False),
        mode="bilinear", padding_mode="border", align_corners=False,
    )
    start, scale = torch.stack([left, top], 1).repeat(1, 2)[:, None], torch.stack([width, height], 1).repeat(1, 2)[:, None]
    moved = (boxes[..., :4] - start) / scale
    flipped = torch.stack([1 - moved[..., 2], moved[..., 1], 1 - moved[..., 0], moved[..., 3]], -1)
    moved = torch.where((mirror < 0)[:, None, None], flipped, moved)
    full = (moved[..., 2] - moved[..., 0]) * (moved[..., 3] - moved[..., 1])
    moved = moved.clamp(0, 1)
    seen = (moved[..., 2] - moved[..., 0]) * (moved[..., 3] - moved[..., 1]) / full.clamp(min=1e-6)
    weight = torch.where(seen >= LEAST_VISIBLE, boxes[..., 4], torch.where(seen >= IGNORED_VISIBLE, -1.0, 0.0))
    weight = torch.where(boxes[..., 4] > 0, weight, 0.0)
    most = weight.amax(1, keepdim=True).clamp(min=1e-3)
    grown = torch.where((weight > 0) & (most > LEAST_WEIGHT), weight * boxes[..., 4].amax(1, keepdim=True) / most, weight)
    return view, torch.cat([moved, grown[..., None]], 2)


def photographed(image):
    """Light, loss of colour, blur, sharper edges, grain and JPEG of the finished view: the teaching scenes are softer than real ones."""
    count = len(image)
    image = image * torch.exp(uniform(-0.35, 0.25, count, 1, 1, 1) * (torch.rand(count, 1, 1, 1) < 0.5))
    grey = (image * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    depth = torch.where(torch.rand(count, 1, 1, 1) < 0.06, 0.0, uniform(0.6, 1.4, count, 1, 1, 1))
    image = (grey + (image - grey) * depth).clamp(0, 1)
    dice = torch.rand(count)
    if len(which := torch.nonzero(dice < 0.2)[:, 0]):
        image[which] = blurred(image[which], float(uniform(0.4, 1.5, 1)))
    if len(which := torch.nonzero((dice > 0.5) & (dice < 0.8))[:, 0]):
        edges = image[which] - blurred(image[which], 0.8)
        image[which] = (image[which] + uniform(0.4, 1.8, len(which), 1, 1, 1) * edges).clamp(0, 1)
    if len(which := torch.nonzero((dice > 0.3) & (dice < 0.45))[:, 0]):
        image[which] = (image[which] + torch.randn_like(image[which]) * 0.04).clamp(0, 1)
    if len(which := torch.nonzero(dice > 0.85)[:, 0]):
        image[which] = jpeg(image[which], uniform(15, 60, len(which)))
    return image


class Composer:
    """Draws batches of views with the boxes (n, 8 + 3, 5) of their subjects; the last number is the weight."""

    def __init__(self, lessons, scenes, found, empty, cutouts):
        """Indices of scenes with what the detector found in them, indices of empty pictures, and sprites."""
        self.lessons, self.scenes, self.empty = lessons, np.asarray(scenes), np.asarray(empty)
        self.boxes = torch.from_numpy(np.stack([objects(one) for one in found]))
        self.sprites, self.shapes = cutouts

    def images(self, index):
        return self.lessons.load(index).permute(0, 3, 1, 2).float() / 255

    def scene(self, count, dice):
        which = dice.integers(len(self.scenes), size=count)
        return windowed(self.images(self.scenes[which]), self.boxes[which])

    def nothing(self, count, dice):
        image = plain_ground(count)
        if len(self.empty):
            natural = torch.rand(count) < 0.7
            some = self.images(self.empty[dice.integers(len(self.empty), size=count)])
            image[natural] = some[natural]
        return image, torch.zeros(count, MOST, 5)

    def paste(self, image, boxes, dice):
        """One to three products, the largest last and on top."""
        count = len(image)
        boxes = boxes.clone()
        boxes[..., 4] = boxes[..., 4].clamp(max=BEHIND_WEIGHT)
        extra = torch.zeros(count, 3, 5)
        for layer, chance in enumerate((*MORE_PRODUCTS[::-1], 1.0)):
            which = torch.nonzero(torch.rand(count) < chance)[:, 0]
            if not len(which):
                continue
            some = torch.from_numpy(dice.integers(len(self.sprites), size=len(which)))
            low, high = (LEAST_SIZE, MOST_SIZE) if chance == 1.0 else (0.03, 0.2)
            matrix = placed(len(which), low, high, self.shapes[some])
            view, alpha = pasted(image[which], self.sprites[some], matrix)
            image[which] = view
            found, any_left = box_of(alpha)
            hidden = self._covered(torch.cat([boxes, extra], 1)[which], found)
            boxes[which], extra[which] = hidden[:, :MOST], hidden[:, MOST:]
            extra[which, layer, :4] = found
            extra[which, layer, 4] = any_left.float() * (1.0 if chance == 1.0 else 0.6)
        return image, torch.cat([boxes, extra], 1)

    @staticmethod
    def _covered(boxes, found):
        """Objects that the new one covers for the most part no longer count, for or against."""
        both = (torch.minimum(boxes[..., 2:4], found[:, None, 2:]) - torch.maximum(boxes[..., :2], found[:, None, :2]))
        own = (boxes[..., 2:4] - boxes[..., :2]).prod(-1).clamp(min=1e-6)
        boxes[..., 4] = torch.where(both.clamp(min=0).prod(-1) / own > 0.4, boxes[..., 4].clamp(max=0), boxes[..., 4])
        return boxes

    def one_kind(self, kind, count, dice):
        """Views of a kind of KINDS, before they are photographed."""
        if kind == "composite":
            return self.paste(*self.scene(count, dice), dice)
        if kind == "plain":
            return self.paste(plain_ground(count), torch.zeros(count, MOST, 5), dice)
        image, boxes = self.scene(count, dice) if kind == "scene" else self.nothing(count, dice)
        return image, F.pad(boxes, (0, 0, 0, len(MORE_PRODUCTS) + 1))

    def draw(self, count, dice):
        """Views of all kinds by their shares, with their boxes."""
        numbers = np.bincount(dice.choice(len(KINDS), count, p=SHARES), minlength=len(KINDS))
        parts = [self.one_kind(kind, int(number), dice) for kind, number in zip(KINDS, numbers) if number]
        return photographed(torch.cat([part[0] for part in parts])), torch.cat([part[1] for part in parts])
