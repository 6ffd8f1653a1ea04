"""Writes the picture network and its heads as one ONNX graph: full precision and int8, both checked against torch.

    python export.py --work work --checkpoint runs/pack/newest.pt --out build \\
      [--subject subject.pt] [--category category.pt] [--last-layer last-layer.npz] [--reference MOBILENET.onnx]

The graph takes bytes (n, 3, 128, 128) and gives `embedding`, with the heads also `boxes`, `scores` and `logits`.
`--last-layer` takes what last_layer.py learned for the one that the training left.
int8 is static, per channel, with weights of 7 bits: products of 8 bits overflow on processors without VNNI.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[1] / "subject"))

import heads
from data import Lessons
from teach import session
from validate import SIDE, load_average

CALIBRATION_PICTURES, CHECKED = 300, 300
SEED, RUNS = 5, 200
QUANTISED = ["Conv", "Gemm", "MatMul", "Resize"]
# Last layers stay in full precision: boxes are read off their values, and the embedding sets off small differences.
EXACT = ("score", "sides", "last", "embed")


class Served(nn.Module):
    """Bytes to everything that the server asks of a picture."""

    def __init__(self, net, subject=None, category=None):
        super().__init__()
        self.net, self.subject, self.category = net, subject, category
        self.outputs = ["embedding", *(["boxes", "scores"] if subject else []), *(["logits"] if category else [])]

    def forward(self, pixels):
        second, third, fourth = heads.maps(self.net, pixels.float())
        features = heads.pooled(self.net, third, fourth)
        found = [F.normalize(self.net.embed(features), dim=1)]
        if self.subject:
            found += heads.listed(*self.subject(second, third, fourth))
        if self.category:
            found.append(self.category(features))
        return tuple(found)


@torch.no_grad()
def take_bytes(net):
    """Folds (byte / 255 - 0.5) / 0.25 into the first convolution, which has no padding."""
    convolution, norm = net.stem[0], net.stem[1]
    norm.running_mean += 2 * convolution.weight.sum((1, 2, 3))
    convolution.weight /= 255 * 0.25


@torch.no_grad()
def replace_last_layer(net, mean, matrix):
    """The embedding becomes (pooled - mean) @ matrix."""
    net.embed.weight.copy_(torch.from_numpy(matrix.T))
    net.embed.bias.copy_(torch.from_numpy(-mean @ matrix))


class Calibration(CalibrationDataReader):
    def __init__(self, pixels, batch=20):
        self.parts = iter(pixels.split(batch))

    def get_next(self):
        part = next(self.parts, None)
        return None if part is None else {"pixels": part.numpy()}


def write_full(served, path):
    dynamic = {name: {0: "n"} for name in ("pixels", *served.outputs)}
    torch.onnx.export(
        served, torch.zeros(1, 3, SIDE, SIDE, dtype=torch.uint8), path, dynamo=False, opset_version=17,
        input_names=["pixels"], output_names=served.outputs, dynamic_axes=dynamic,
    )
    served.eval()  # the exporter leaves the module in training mode


def write_small(full, small, pixels):
    prepared = full.with_suffix(".prepared.onnx")
    quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    nodes = onnx.load(prepared).graph.node
    exact = [node.name for node in nodes if any(f"/{name}/" in node.name for name in EXACT)]
    quantize_static(
        str(prepared), str(small), Calibration(pixels), quant_format=QuantFormat.QDQ, per_channel=True,
        reduce_range=True, op_types_to_quantize=QUANTISED, nodes_to_exclude=exact,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )
    prepared.unlink()


def overlap(a, b):
    """Intersection over union of boxes (n, 4)."""
    both = (np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])).clip(0).prod(1)
    area = [(box[:, 2:] - box[:, :2]).prod(1) for box in (a, b)]
    return both / np.maximum(area[0] + area[1] - both, 1e-9)


def timed(feeds):
    """Median milliseconds of graphs, by name, that take turns: what disturbs one disturbs the others."""
    times = {name: [] for name in feeds}
    for _ in range(RUNS):
        for name, (graph, feed) in feeds.items():
            began = time.perf_counter()
            graph.run(None, feed)
            times[name].append(1000 * (time.perf_counter() - began))
    return {name: round(float(np.median(values)), 3) for name, values in times.items()}


def compare(path, pixels, expected):
    """How near the graph is to torch, at batches of 50 and of 1."""
    graph = session(path, 1)
    names = [output.name for output in graph.get_outputs()]
    parts = [graph.run(None, {"pixels": part.numpy()}) for part in pixels.split(50)]
    found = {name: np.concatenate([part[i] for part in parts]) for i, name in enumerate(names)}
    alone = graph.run(["embedding"], {"pixels": pixels[:1].numpy()})[0]
    cosine = (found["embedding"] * expected["embedding"]).sum(1)
    figures = {
        "bytes": path.stat().st_size, "cosine_mean": round(float(cosine.mean()), 6),
        "cosine_min": round(float(cosine.min()), 6),
        "batch_cosine": round(float((alone[0] * found["embedding"][0]).sum()), 6),
    }
    if "boxes" in found:
        same = overlap(found["boxes"][:, 0], expected["boxes"][:, 0])
        figures |= {"box_iou_mean": round(float(same.mean()), 4), "box_iou_.8": round(float((same > 0.8).mean()), 4)}
        figures["score_error"] = round(float(abs(found["scores"][:, 0] - expected["scores"][:, 0]).mean()), 4)
    if "logits" in found:
        figures["logit_error"] = round(float(abs(found["logits"] - expected["logits"]).mean()), 4)
        agree = found["logits"].argmax(1) == expected["logits"].argmax(1)
        figures["same_category"] = round(float(agree.mean()), 4)
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--subject", type=Path, help="written by subject/detect.py")
    parser.add_argument("--category", type=Path, help="written by subject/categorise.py")
    parser.add_argument("--reference", type=Path, help="MobileNetV2, to time in the same run")
    parser.add_argument("--last-layer", type=Path, help="written by last_layer.py")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    lessons = Lessons(options.work, in_memory=False)
    dice = np.random.default_rng(SEED)

    def some(index, count):
        return lessons.load(np.sort(dice.choice(index, min(count, len(index)), replace=False)))

    net, state = load_average(options.checkpoint)
    if options.last_layer:
        learned = np.load(options.last_layer)
        replace_last_layer(net, learned["mean"], learned["matrix"])
    take_bytes(net)
    head = [heads.load(path) if path else None for path in (options.subject, options.category)]
    served = Served(net.to(memory_format=torch.contiguous_format), *head).eval()
    full, small = options.out / "network.fp32.onnx", options.out / "network.onnx"
    write_full(served, full)
    write_small(full, small, some(lessons.teaching, CALIBRATION_PICTURES).permute(0, 3, 1, 2).contiguous())
    pixels = some(lessons.held, CHECKED).permute(0, 3, 1, 2).contiguous()
    with torch.no_grad():
        expected = dict(zip(served.outputs, (output.numpy() for output in served(pixels))))
    figures = {path.name: compare(path, pixels, expected) for path in (full, small)}
    feeds = {path.name: (session(path, 1), {"pixels": pixels[:1].numpy()}) for path in (full, small)}
    if options.reference:
        feeds["reference"] = (session(options.reference, 1), {"image": np.zeros((1, 3, 224, 224), np.float32)})
    figures["p50_ms"] = timed(feeds)
    print(json.dumps({"step": state["step"], "views": state["views"], **figures}, indent=2))


if __name__ == "__main__":
    main()
