"""python -W ignore -m unittest, from this folder; 5 s."""
import unittest

import numpy as np
import torch

import heads
from categories import CATEGORIES, OTHERS, category_of
from compose import Composer, box_of, objects, pasted, placed, windowed
from cutouts import cut
from detect import assigned, loss_of, overlap
from labels import main_object
from measure import chosen_threshold
from model import PictureNet


def on_white(box):
    picture = np.full((1, 128, 128, 3), 250, np.uint8)
    left, top, right, bottom = box
    picture[0, top:bottom, left:right] = (200, 30, 40)
    return picture


class Cutting(unittest.TestCase):
    def test_finds_a_product_with_its_hole(self):
        picture = on_white((30, 20, 90, 110))
        picture[0, 50:70, 50:70] = 250
        mask, box, good = cut(picture)
        self.assertTrue(good[0])
        self.assertEqual(box[0].tolist(), [30, 20, 90, 110])
        self.assertTrue(mask[0, 60, 60])

    def test_refuses_a_scene_and_a_speck(self):
        noise = np.random.default_rng(0).integers(0, 255, (1, 128, 128, 3)).astype(np.uint8)
        self.assertFalse(cut(noise)[2][0])
        self.assertFalse(cut(on_white((60, 60, 70, 70)))[2][0])


class Views(unittest.TestCase):
    def test_a_pasted_product_fills_the_box_that_is_told(self):
        torch.manual_seed(1)
        sprite = torch.full((6, 4, 96, 96), 255, dtype=torch.uint8)
        matrix = placed(6, 0.04, 0.7, torch.ones(6))
        view, alpha = pasted(torch.zeros(6, 3, 128, 128), sprite, matrix)
        boxes, seen = box_of(alpha)
        self.assertTrue(seen.all())
        for picture, box in zip(view, boxes):
            left, top, right, bottom = (box * 128).round().int().tolist()
            self.assertGreater(picture[:, top:bottom, left:right].max(), 0.4)
            outside = picture.clone()
            outside[:, max(0, top - 2):bottom + 2, max(0, left - 2):right + 2] = 0
            self.assertEqual(outside.max(), 0)

    def test_objects_move_with_the_window(self):
        torch.manual_seed(2)
        image = torch.zeros(40, 3, 128, 128)
        image[:, :, 40:90, 30:100] = 1
        boxes = torch.zeros(40, 8, 5)
        boxes[:, 0] = torch.tensor([30 / 128, 40 / 128, 100 / 128, 90 / 128, 1])
        view, moved = windowed(image, boxes)
        drawn, _ = box_of(view[:, 0])
        counted = moved[:, 0, 4] > 0
        self.assertGreater(counted.sum(), 20)
        self.assertLess((drawn - moved[:, 0, :4])[counted].abs().max(), 0.03)

    def test_what_is_covered_no_longer_counts(self):
        boxes = torch.tensor([[[0.1, 0.1, 0.4, 0.4, 0.25], [0.6, 0.6, 0.9, 0.9, 0.25]]])
        left = Composer._covered(boxes, torch.tensor([[0.0, 0.0, 0.5, 0.5]]))
        self.assertEqual(left[0, :, 4].tolist(), [0.0, 0.25])


class Labels(unittest.TestCase):
    FOUND = [[0.1, 0.1, 0.3, 0.3, 0.9, 0], [0.2, 0.2, 0.9, 0.9, 0.7, 16]]

    def test_the_main_object_is_large_and_sure(self):
        self.assertEqual(main_object(self.FOUND)[5], 16)
        self.assertIsNone(main_object([[0, 0, 0.1, 0.1, 0.9, 0]]))
        self.assertIsNone(main_object([]))

    def test_it_comes_first_and_weighs_most(self):
        weights = objects(self.FOUND)[:, 4]
        self.assertEqual(weights[0], 1)
        self.assertLess(weights[1], 0.6)
        self.assertEqual(weights[2:].tolist(), [0] * 6)

    def test_categories(self):
        fashion = {"set": "07", "attrs": {"subCategory": "Innerwear"}}
        self.assertEqual(category_of(fashion), 21)
        self.assertEqual(category_of({"set": "01", "label": "Undershirt"}), 21)
        self.assertIsNone(category_of({"set": "01", "label": "Body"}))
        self.assertEqual(category_of({"set": "04", "coarse": "Juice"}), 8)
        self.assertEqual(category_of({"set": "13", "name": "ox"}), OTHERS)
        self.assertIsNone(category_of({"set": "10"}))
        self.assertEqual(len(CATEGORIES), 14)


class Heads(unittest.TestCase):
    def test_maps_and_pooled_are_the_networks_own(self):
        torch.manual_seed(0)
        net, image = PictureNet().eval(), torch.randn(2, 3, 128, 128)
        with torch.no_grad():
            _, third, fourth = heads.maps(net, image)
            self.assertTrue(torch.equal(net.features(image), heads.pooled(net, third, fourth)))

    def test_lists_peaks_best_first(self):
        logits = torch.full((1, 16, 16), -9.0)
        logits[0, 4, 5], logits[0, 4, 6], logits[0, 12, 3] = 1.0, 2.0, 0.5
        boxes = torch.rand(1, 16, 16, 4)
        found, scores = heads.listed(logits, boxes)
        self.assertTrue(torch.equal(found[0, :2], torch.stack([boxes[0, 4, 6], boxes[0, 12, 3]])))
        self.assertTrue((scores[0, :-1] >= scores[0, 1:]).all())

    def test_the_heavier_of_two_boxes_takes_the_cell(self):
        boxes = torch.tensor([[[0.0, 0.0, 1.0, 1.0, 0.3], [0.4, 0.4, 0.6, 0.6, 1.0], [0, 0, 0.2, 0.2, -1.0]]])
        target, weight, share = assigned(boxes, 16)
        self.assertEqual(weight[0, 8, 8], 1)
        self.assertTrue(torch.equal(target[0, 8, 8], boxes[0, 1, :4]))
        self.assertAlmostEqual(weight[0, 6, 6].item(), 0.3, 5)
        self.assertEqual(weight[0, 1, 1], -1)
        self.assertGreater(share[0, 8, 8], share[0, 6, 6])

    def test_the_right_answer_costs_least(self):
        boxes = torch.tensor([[[0.2, 0.2, 0.8, 0.8, 1.0]]])
        right = torch.tensor([0.2, 0.2, 0.8, 0.8]).expand(1, 16, 16, 4)
        sure = torch.where(assigned(boxes, 16)[1] > 0, 6.0, -6.0)
        self.assertLess(loss_of(sure, right, boxes), 0.05)
        self.assertGreater(loss_of(-sure, right, boxes), 1)
        self.assertGreater(loss_of(sure, right * 0.5, boxes), 0.5)

    def test_overlap(self):
        plain, general = overlap(torch.tensor([0.0, 0, 1, 1]), torch.tensor([0.0, 0, 0.5, 1]))
        self.assertAlmostEqual(plain.item(), 0.5, 5)
        self.assertAlmostEqual(general.item(), 0.5, 5)

    def test_the_threshold_keeps_good_boxes(self):
        truth = np.tile([0.4, 0.4, 0.6, 0.6], (20, 1))
        boxes = np.concatenate([truth[:10], np.tile([0.0, 0.0, 0.1, 0.1], (10, 1))])
        least, _ = chosen_threshold([(boxes, np.repeat([0.5, 0.2], 10), truth)])
        self.assertTrue(0.2 < least <= 0.5)


if __name__ == "__main__":
    unittest.main()
