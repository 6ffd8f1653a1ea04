"""Tests of the parts on made-up pictures:  python -m unittest discover training"""
import argparse
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import train
import warp
from augment import Augment, clean, jpeg
from data import Lessons
from export import replace_last_layer
from model import PictureNet, multiplications
from prepare import held_out, instance_of, merged, scene_crops, side_of


def fashion(number, **more):
    attrs = {"articleType": f"kind{number % 3}", "baseColour": "Red", "gender": "Men"}
    return {"set": "07", "file": f"{number}.jpg", "instance": f"07:{number}", "label": f"kind{number % 3}",
            "attrs": attrs, "width": 60, "height": 80, "held": number % 8 == 0, **more}


def make_work(folder, count=40):
    dice = np.random.default_rng(0)
    rows = [fashion(i) for i in range(count)]
    rows[3]["instance"] = rows[4]["instance"] = "07:pair"
    (folder / "index.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    np.save(folder / "pictures.npy", dice.integers(0, 256, (count, 128, 128, 3), np.uint8))
    targets = dice.normal(size=(count, 256)).astype(np.float32)
    np.save(folder / "targets.npy", targets / np.linalg.norm(targets, axis=1, keepdims=True))


def options(folder, **more):
    return argparse.Namespace(**{
        "work": folder, "run": folder / "run", "targets": "targets.npy", "shape": "one", "seed": 0, "steps": 4,
        "anneal": 2, "small_steps": 2, "start_from": None, "leave_out": [], "leave_out_classes": [],
        "save_minutes": 60, "validate_minutes": 60, "threads": 1, **more,
    })


class Prepare(unittest.TestCase):
    def test_hold_out_is_fixed_and_shared_by_both_sizes_of_a_product(self):
        held = [i for i in range(2000) if held_out("07", side_of("07", {"file": f"{i}.jpg"}))]
        self.assertEqual(held, [i for i in range(2000) if held_out("08", side_of("08", {"file": f"{i}.jpg"}))])
        self.assertTrue(60 < len(held) < 140)

    def test_instances(self):
        self.assertEqual(instance_of("08", {"file": "1.jpg"}), "07:1.jpg")
        self.assertEqual(instance_of("03", {"file": "a", "product_id": "p"}), "03:p")
        self.assertEqual(instance_of("03", {"file": "a", "product_id": "p", "variant_id": "v"}), "03:v")

    def test_the_same_file_joins_products(self):
        self.assertEqual(merged(["b", "a", "c", "d"], ["x", "x", "y", "z"]), ["a", "a", "c", "d"])
        self.assertEqual(merged(["a", "b", "b", "c"], ["x", "x", "y", "y"]), ["a"] * 4)

    def test_crops_of_held_out_scenes_do_not_teach(self):
        scene = fashion(1, set="10", bin="x", offset=0, size=1, instance="10:1", held=True)
        self.assertEqual(scene_crops([scene]), [])
        self.assertEqual(len(scene_crops([{**scene, "held": False}])), 2)


class Views(unittest.TestCase):
    def test_identity_keeps_the_picture(self):
        image = torch.rand(2, 3, 128, 128)
        view, inside = warp.resample(image, warp.identity(2), 128)
        self.assertLess((view - image).abs().max().item(), 1e-4)
        self.assertEqual(inside.min().item(), 1)

    def test_views_of_any_strength_are_finite(self):
        torch.manual_seed(0)
        pictures = torch.randint(0, 256, (24, 128, 128, 3), dtype=torch.uint8)
        for side in (80, 112, 128):
            view = Augment()(pictures, torch.full((24,), 0.75), side, torch.linspace(0, 1, 24))
            self.assertEqual(view.shape, (24, 3, side, side))
            self.assertTrue(view.isfinite().all() and view.abs().max() <= 2.0001)

    def test_jpeg_of_high_quality_is_close(self):
        image = clean(torch.full((1, 64, 64, 3), 100, dtype=torch.uint8), 64) * 0.25 + 0.5
        self.assertLess((jpeg(image, torch.tensor([95.0])) - image).abs().max().item(), 0.02)


class Training(unittest.TestCase):
    def setUp(self):
        self.kept = train.BATCH, train.BANK
        train.BATCH, train.BANK = 16, 32
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        make_work(self.folder)

    def tearDown(self):
        train.BATCH, train.BANK = self.kept
        self.scratch.cleanup()

    def test_held_out_and_left_out_pictures_are_never_drawn(self):
        lessons = Lessons(self.folder, leave_out_classes=["kind1"])
        drawn = set(lessons.draw(5000, np.random.default_rng(0)).tolist())
        self.assertEqual(drawn, {i for i in range(40) if i % 8 and i % 3 != 1})

    def test_partners_are_of_the_same_instance(self):
        lessons = Lessons(self.folder)
        self.assertEqual(lessons.siblings[3], [3, 4])
        partners = lessons.partners(np.array([3, 5]), 1.0, np.random.default_rng(0))
        self.assertIn(partners[0], (3, 4))
        self.assertEqual(partners[1], 5)

    def test_a_resumed_run_takes_the_same_step(self):
        trainer = train.Trainer(options(self.folder))
        trainer.take_step()
        trainer.save(self.folder / "newest.pt")
        resumed = train.Trainer(options(self.folder))
        resumed.load(self.folder / "newest.pt")
        self.assertEqual(trainer.take_step(), resumed.take_step())

    def test_the_rate_is_level_and_then_falls(self):
        self.assertEqual(train.rate(1000, 4000, 800), train.rate(3199, 4000, 800))
        self.assertLess(train.rate(3999, 4000, 800), 0.011 * train.RATE)


class Model(unittest.TestCase):
    def test_sizes(self):
        net = PictureNet("two")
        self.assertLess(sum(p.numel() for p in net.parameters()), 4.1e6)
        self.assertLess(multiplications(net, 128), 190e6)

    def test_a_last_layer_learned_apart_gives_the_centred_features_times_its_matrix(self):
        torch.manual_seed(0)
        net = PictureNet("one", dimensions=8).eval()
        image = torch.randn(4, 3, 64, 64)
        dice = np.random.default_rng(0)
        mean, matrix = (dice.normal(size=shape).astype(np.float32) for shape in ((net.pooled,), (net.pooled, 8)))
        replace_last_layer(net, mean, matrix)
        with torch.no_grad():
            expected = (net.features(image).numpy() - mean) @ matrix
            self.assertLess(np.abs(net(image).numpy() - expected).max(), 1e-3)


if __name__ == "__main__":
    unittest.main()
