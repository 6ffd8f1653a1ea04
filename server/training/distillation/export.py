"""Writes a checkpoint's averaged network as ONNX: full precision and int8, and checks both against torch.

    python export.py --work work --checkpoint runs/pack/newest.pt --out runs/pack [--whiten]

`--whiten` evens out the embedding's directions on teaching pictures; it folds into the last layer.
int8 is static, per channel, with weights of 7 bits: products of 8 bits overflow on processors without VNNI.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn
from torch.nn import functional as F

from augment import clean
from data import Lessons
from validate import SIDE, load_average

WHITEN_PICTURES, CALIBRATION_PICTURES, CHECKED = 6000, 300, 300
SEED = 5
QUANTISED = ["Conv", "Gemm", "MatMul", "Add"]


class Served(nn.Module):
    """The network with the normalisation that a pack promises."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        return F.normalize(self.net(image), dim=1)


@torch.no_grad()
def whiten(net, image, power=0.25):
    """Centres the embedding and divides its principal directions by a root of their variance."""
    raw = torch.cat([net(part) for part in image.split(128)]).double()
    mean = raw.mean(0)
    variance, directions = torch.linalg.eigh((raw - mean).T.cov())
    project = directions / variance.clamp(min=variance.max() * 1e-4) ** power
    weight, bias = net.embed.weight.double(), net.embed.bias.double()
    net.embed.weight.copy_(project.T @ weight)
    net.embed.bias.copy_(project.T @ (bias - mean))


class Calibration(CalibrationDataReader):
    def __init__(self, image, batch=20):
        self.parts = iter(image.split(batch))

    def get_next(self):
        part = next(self.parts, None)
        return None if part is None else {"image": part.numpy()}


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def report(path, image, expected):
    graph = session(path)
    found = np.concatenate([graph.run(None, {"image": part.numpy()})[0] for part in image.split(50)])
    cosine = (found * expected).sum(1)
    times = []
    one = image[:1].numpy()
    for _ in range(120):
        began = time.perf_counter()
        graph.run(None, {"image": one})
        times.append(1000 * (time.perf_counter() - began))
    return {
        "bytes": path.stat().st_size, "cosine_mean": round(float(cosine.mean()), 6),
        "cosine_min": round(float(cosine.min()), 6), "p50_ms": round(float(np.median(times)), 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--whiten", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    lessons = Lessons(options.work, in_memory=False)
    dice = np.random.default_rng(SEED)

    def some(index, count):
        return clean(lessons.load(np.sort(dice.choice(index, min(count, len(index)), replace=False))), SIDE)

    net, state = load_average(options.checkpoint)
    if options.whiten:
        whiten(net, some(lessons.teaching, WHITEN_PICTURES))
    served = Served(net).eval()
    full, prepared, small = (options.out / f"picture.{name}.onnx" for name in ("fp32", "prepared", "int8"))
    torch.onnx.export(
        served, torch.zeros(1, 3, SIDE, SIDE), full, dynamo=False, opset_version=17,
        input_names=["image"], output_names=["embedding"], dynamic_axes={"image": {0: "n"}, "embedding": {0: "n"}},
    )
    quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared), str(small), Calibration(some(lessons.teaching, CALIBRATION_PICTURES)),
        quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True, op_types_to_quantize=QUANTISED,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )
    prepared.unlink()
    image = some(lessons.held, CHECKED)
    served.eval()  # the exporter leaves the module in training mode
    with torch.no_grad():
        expected = served(image).numpy()
    figures = {path.name: report(path, image, expected) for path in (full, small)}
    print(json.dumps({"step": state["step"], "views": state["views"], "whitened": options.whiten, **figures}, indent=2))


if __name__ == "__main__":
    main()
