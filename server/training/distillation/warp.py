"""The geometric half of the augmentation: one homography and one resampling per picture."""
import math

import torch
from torch.nn import functional as F

# Chances at strength 1; each is scaled by the strength of the view.
DEEP_CROP, MILD_CROP = 0.45, 0.30
TILT, QUARTER_TURN = 0.35, 0.15
FLIP, PERSPECTIVE, ZOOM_OUT = 0.40, 0.18, 0.20
LARGEST_TILT = 26.0


def uniform(low, high, *shape):
    return torch.rand(*shape) * (high - low) + low


def identity(count):
    return torch.eye(3).repeat(count, 1, 1)


def crop(strength):
    """A window of the picture: below half of its area (deep) or above (mild), at any place."""
    count = len(strength)
    dice = torch.rand(count)
    deep = dice < DEEP_CROP * strength
    mild = ~deep & (dice < (DEEP_CROP + MILD_CROP) * strength + 0.1)
    area = torch.where(deep, uniform(0.18, 0.5, count), torch.where(mild, uniform(0.5, 1, count), torch.ones(count)))
    area = torch.maximum(area, 1 - strength * 0.82)
    stretch = torch.exp(uniform(-0.22, 0.22, count) * strength)
    across, down = (area.sqrt() * stretch).clamp(max=1), (area.sqrt() / stretch).clamp(max=1)
    matrix = identity(count)
    matrix[:, 0, 0], matrix[:, 1, 1] = across, down
    matrix[:, 0, 2] = (1 - across) * uniform(-1, 1, count)
    matrix[:, 1, 2] = (1 - down) * uniform(-1, 1, count)
    return matrix, across / down


def rotation(shape, strength):
    """Small tilts and quarter turns on a canvas that grows, except that half of the tilts lose their corners."""
    count = len(strength)
    dice = torch.rand(count)
    tilted = dice < TILT * strength
    turned = ~tilted & (dice < (TILT + QUARTER_TURN) * strength)
    quarter = torch.tensor([90.0, 180.0, 270.0])[torch.randint(0, 3, (count,))]
    degrees = torch.where(tilted, uniform(-LARGEST_TILT, LARGEST_TILT, count), torch.zeros(count))
    angle = torch.where(turned, quarter, degrees) * math.pi / 180
    cos, sin = angle.cos(), angle.sin()
    width = shape * cos.abs() + sin.abs()
    height = shape * sin.abs() + cos.abs()
    tight = torch.where(tilted & (torch.rand(count) < 0.5), torch.full((count,), 0.78), torch.ones(count))
    matrix = identity(count)
    matrix[:, 0, 0] = cos * width / shape * tight
    matrix[:, 0, 1] = -sin * height / shape * tight
    matrix[:, 1, 0] = sin * width * tight
    matrix[:, 1, 1] = cos * height * tight
    return matrix


def perspective(strength):
    """The picture seen from the side: its corners move inwards."""
    matrix = identity(len(strength))
    chosen = torch.nonzero(torch.rand(len(strength)) < PERSPECTIVE * strength)[:, 0]
    if not len(chosen):
        return matrix
    count = len(chosen)
    corner = torch.tensor([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]).expand(count, 4, 2)
    moved = corner * (1 - torch.rand(count, 4, 2) * 0.28)
    mx, my, x, y = moved[..., 0], moved[..., 1], corner[..., 0], corner[..., 1]
    one, zero = torch.ones_like(x), torch.zeros_like(x)
    for_x = torch.stack([mx, my, one, zero, zero, zero, -x * mx, -x * my], -1)
    for_y = torch.stack([zero, zero, zero, mx, my, one, -y * mx, -y * my], -1)
    solved = torch.linalg.solve(torch.cat([for_x, for_y], 1), torch.cat([x, y], 1))
    matrix[chosen] = torch.cat([solved, torch.ones(count, 1)], 1).view(count, 3, 3)
    return matrix


def zoom_out(strength):
    """The picture on something larger: a border, a screen, another picture."""
    count = len(strength)
    out = torch.rand(count) < ZOOM_OUT * strength
    across = torch.where(out, uniform(1.05, 1.7, count), torch.ones(count))
    down = torch.where(out, across * torch.exp(uniform(-0.2, 0.3, count)), torch.ones(count)).clamp(min=1)
    matrix = identity(count)
    matrix[:, 0, 0], matrix[:, 1, 1] = across, down
    matrix[:, 0, 2] = (across - 1) * uniform(-0.6, 0.6, count)
    matrix[:, 1, 2] = (down - 1) * uniform(-0.8, 0.8, count)
    return matrix, out


def flip(count):
    matrix = identity(count)
    matrix[:, 0, 0] = torch.where(torch.rand(count) < FLIP, -torch.ones(count), torch.ones(count))
    return matrix


def geometry(shape, strength):
    """Matrices from the view's coordinates to the picture's, and which views were zoomed out."""
    cropped, squeeze = crop(strength)
    zoomed, out = zoom_out(strength)
    turned = rotation(shape * squeeze, strength)
    return flip(len(strength)) @ cropped @ turned @ perspective(strength) @ zoomed, out


def resample(image, matrix, side):
    """The view, and a mask of where the picture is."""
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    down, across = torch.meshgrid(line, line, indexing="ij")
    points = torch.stack([across, down, torch.ones_like(across)], -1).view(1, -1, 3) @ matrix.transpose(1, 2)
    points = (points[..., :2] / points[..., 2:].clamp(min=1e-3)).view(len(image), side, side, 2)
    inside = (points.abs() <= 1).all(-1)[:, None].float()
    view = F.grid_sample(image, points, mode="bilinear", padding_mode="border", align_corners=False)
    return view, inside
