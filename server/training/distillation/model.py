"""The picture network: a small residual net of plain 3x3 convolutions, fast on a CPU in training and in use."""
import torch
from torch import nn
from torch.nn import functional as F

DIMENSIONS = 256

# name: (width of each stage, single blocks in stages 1 and 2, bottlenecks in stage 3, inner width and count in stage 4)
SHAPES = {
    "one": dict(widths=(48, 96, 192, 384), singles=(1, 2), middle=(96, 3), last=(160, 2)),
    "two": dict(widths=(48, 96, 192, 448), singles=(1, 2), middle=(96, 4), last=(256, 3)),
}


def conv(inner, outer, kernel=3, stride=1):
    return nn.Sequential(
        nn.Conv2d(inner, outer, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outer),
    )


class Residual(nn.Module):
    """relu(body(x) + x), with a 1x1 convolution on the way past where the shape changes."""

    def __init__(self, body, inner, outer, stride=1):
        super().__init__()
        self.body = body
        self.past = conv(inner, outer, 1, stride) if inner != outer or stride > 1 else nn.Identity()

    def forward(self, x):
        return F.relu(self.body(x) + self.past(x))


def single(width):
    return Residual(conv(width, width), width, width)


def basic(inner, outer, stride):
    body = nn.Sequential(conv(inner, outer, 3, stride), nn.ReLU(True), conv(outer, outer))
    return Residual(body, inner, outer, stride)


def bottleneck(inner, middle, outer, stride=1):
    body = nn.Sequential(
        conv(inner, middle, 1), nn.ReLU(True), conv(middle, middle, 3, stride), nn.ReLU(True), conv(middle, outer, 1),
    )
    return Residual(body, inner, outer, stride)


def generalised_mean(x, power=3.0):
    """Between mean and maximum: what stands out in one place counts more than by the mean."""
    return x.clamp(min=1e-4).pow(power).mean((2, 3)).pow(1 / power)


class PictureNet(nn.Module):
    """Picture (n, 3, side, side), values (rgb - 0.5) / 0.25, to an embedding that is not yet normalised."""

    def __init__(self, shape="two", dimensions=DIMENSIONS):
        super().__init__()
        self.shape = shape
        plan = SHAPES[shape]
        first, second, third, fourth = plan["widths"]
        middle, middle_count = plan["middle"]
        last, last_count = plan["last"]
        self.stem = nn.Sequential(nn.Conv2d(3, first, 4, 4, bias=False), nn.BatchNorm2d(first), nn.ReLU(True))
        self.stage1 = nn.Sequential(*[single(first) for _ in range(plan["singles"][0])])
        self.stage2 = nn.Sequential(
            conv(first, second, 3, 2), nn.ReLU(True), *[single(second) for _ in range(plan["singles"][1])],
        )
        self.stage3 = nn.Sequential(
            basic(second, third, 2), *[bottleneck(third, middle, third) for _ in range(middle_count)],
        )
        self.stage4 = nn.Sequential(
            bottleneck(third, last, fourth, 2),
            *[bottleneck(fourth, last, fourth) for _ in range(last_count - 1)],
        )
        self.pooled = 2 * fourth + third
        self.norm = nn.BatchNorm1d(self.pooled)
        self.embed = nn.Linear(self.pooled, dimensions)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def features(self, image):
        """What heads other than the embedding (text, category) may be fitted on."""
        third = self.stage3(self.stage2(self.stage1(self.stem(image))))
        fourth = self.stage4(third).float()
        return self.norm(torch.cat([fourth.mean((2, 3)), generalised_mean(fourth), third.float().mean((2, 3))], 1))

    def forward(self, image):
        return self.embed(self.features(image))


class Heads(nn.Module):
    """Classes as directions in the embedding's space; they teach and are not shipped."""

    def __init__(self, sizes, dimensions=DIMENSIONS, scale=16.0):
        super().__init__()
        self.scale = scale
        self.directions = nn.ParameterDict({
            name: nn.Parameter(torch.randn(size, dimensions) * 0.05) for name, size in sizes.items()
        })

    def forward(self, name, embedding):
        return self.scale * F.linear(embedding, F.normalize(self.directions[name], dim=1))


def multiplications(net, side):
    """Multiply-adds of one picture."""
    total = 0

    def count(module, _, output):
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output.numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.weight.numel()

    hooks = [module.register_forward_hook(count) for module in net.modules()]
    with torch.no_grad():
        net.eval()(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    return total
