"""Writes the text network as an ONNX graph with 8-bit weights, and checks it against torch.

    python export.py --text work/text --out build

OUT/text.onnx: ids int64 [1,t] and mask int64 [1,t] to embedding float32 [1,dims] of length one.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper

from network import MOST_POSITIONS, TextNet

LEAST_SIZE = 4096
LEVELS = 127
CHECKS, TIMED = 200, 300


class Served(torch.nn.Module):
    """Cuts what is longer than the network can place."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, ids, mask):
        return self.net(ids[:, :MOST_POSITIONS], mask[:, :MOST_POSITIONS])


def read_network(path):
    saved = torch.load(path)
    net = TextNet(saved["tokens"], saved["dims"])
    net.load_state_dict(saved["state"])
    return net.eval()


def gathered(graph, name):
    return any(node.op_type == "Gather" and node.input[0] == name for node in graph.node)


def eight_bits(model):
    """Large weights become 8-bit numbers with a scale for each row or column; a runtime unfolds them once at load, the
    table of tokens only where it is read."""
    graph, nodes = model.graph, []
    for weight in list(graph.initializer):
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < LEAST_SIZE:
            continue
        rows = gathered(graph, weight.name)
        scale = np.maximum(np.abs(values).max(1 if rows else 0, keepdims=True), 1e-9) / LEVELS
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(np.rint(values / scale).astype(np.int8), f"{weight.name}.whole"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{weight.name}.scale"))
        if not rows:
            nodes.append(helper.make_node("Cast", [f"{weight.name}.whole"], [f"{weight.name}.wide"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Mul", [f"{weight.name}.wide", f"{weight.name}.scale"], [weight.name]))
            continue
        for node in [node for node in graph.node if node.op_type == "Gather" and node.input[0] == weight.name]:
            at, out, ids = list(graph.node).index(node), node.output[0], node.input[1]
            graph.node.remove(node)
            for offset, one in enumerate([
                helper.make_node("Gather", [f"{weight.name}.whole", ids], [f"{out}.whole"]),
                helper.make_node("Gather", [f"{weight.name}.scale", ids], [f"{out}.scale"]),
                helper.make_node("Cast", [f"{out}.whole"], [f"{out}.wide"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{out}.wide", f"{out}.scale"], [out]),
            ]):
                graph.node.insert(at + offset, one)
    for node in reversed(nodes):
        graph.node.insert(0, node)
    return model


def check(net, path, dice):
    """Least cosine to torch over random texts, and the median time of one."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    graph = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    cosines, times = [], []
    for i in range(CHECKS + TIMED):
        ids = dice.integers(1, net.tokens.num_embeddings, (1, int(dice.integers(1, 12))))
        feed = {"ids": ids, "mask": np.ones_like(ids)}
        start = time.perf_counter()
        made = graph.run(None, feed)[0]
        times.append(time.perf_counter() - start)
        if i < CHECKS:
            with torch.no_grad():
                cosines.append(float((net(*map(torch.from_numpy, feed.values())).numpy() * made).sum()))
    return min(cosines), float(np.mean(cosines)), float(np.median(times[CHECKS:])) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path, required=True, help="folder of network.pt")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = read_network(options.text / "network.pt")
    path = options.out / "text.onnx"
    ids = torch.ones(1, 5, dtype=torch.int64)
    torch.onnx.export(
        Served(net).eval(), (ids, torch.ones_like(ids)), str(path), input_names=["ids", "mask"], output_names=["embedding"],
        dynamic_axes={"ids": {1: "t"}, "mask": {1: "t"}}, opset_version=17, dynamo=False,
    )
    net.eval()
    model = eight_bits(onnx.load(path))
    onnx.checker.check_model(model)
    onnx.save(model, path)
    least, mean, median = check(net, path, np.random.default_rng(1))
    print(f"text.onnx {path.stat().st_size / 1e6:.2f} MB, cosine to torch {mean:.5f} mean, {least:.5f} least, p50 {median:.3f} ms")


if __name__ == "__main__":
    main()
