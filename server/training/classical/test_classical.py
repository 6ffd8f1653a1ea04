"""python -W ignore -m unittest, from this folder: what the descriptor promises."""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import unittest

import numpy as np

from descriptor import INPUT_SIDE, build, orbits, pooling
from learn import session


def pictures(count=2):
    return np.random.default_rng(3).integers(0, 256, (count, 3, INPUT_SIDE, INPUT_SIDE), dtype=np.uint8)


class Descriptor(unittest.TestCase):
    def setUp(self):
        self.run_raw = lambda pixels: session(build()).run(None, {"pixels": np.ascontiguousarray(pixels)})[0]

    def test_turned_groups_are_the_same_for_quarter_turns_and_mirrors(self):
        image = pictures()
        turned = sum(4 * len(orbits(channels, 8)) for channels in (1, 2, 8))
        upright = self.run_raw(image)[:, -turned:]
        for view in (np.rot90(image, 1, axes=(2, 3)), np.rot90(image, 2, axes=(2, 3)), image[..., ::-1]):
            self.assertLess(np.abs(self.run_raw(view)[:, -turned:] - upright).max(), 1e-5)

    def test_a_grey_copy_keeps_the_luma_layout(self):
        image = pictures(1)
        grey = (np.array([0.299, 0.587, 0.114]) @ image[0].reshape(3, -1)).round().astype(np.uint8)
        copy = np.broadcast_to(grey.reshape(1, 1, INPUT_SIDE, INPUT_SIDE), image.shape)
        self.assertLess(np.abs(self.run_raw(copy)[:, :64] - self.run_raw(image)[:, :64]).max(), 0.02)

    def test_projected_vectors_have_unit_length_and_one_picture_gives_what_a_batch_gives(self):
        width = self.run_raw(pictures(1)).shape[1]
        dice = np.random.default_rng(1)
        graph = session(build((np.zeros(width, np.float32), dice.normal(size=(width, 32)).astype(np.float32))))
        image = pictures(3)
        together = graph.run(None, {"pixels": image})[0]
        alone = np.concatenate([graph.run(None, {"pixels": image[i : i + 1]})[0] for i in range(3)])
        self.assertLess(np.abs(together - alone).max(), 1e-5)
        self.assertLess(np.abs(np.linalg.norm(together, axis=1) - 1).max(), 1e-5)

    def test_pooling_is_symmetric(self):
        for side, cells, inset in ((64, 8, 0), (62, 8, 1), (30, 4, 1)):
            matrix = pooling(side, cells, inset)
            self.assertLess(np.abs(matrix - matrix[::-1, ::-1]).max(), 1e-12)


if __name__ == "__main__":
    unittest.main()
