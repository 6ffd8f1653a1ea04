"""Tests of the text encoder's parts that need no training data: python -m unittest."""
import unittest

import numpy as np
import torch
from torch.nn import functional as F

from directions import Directions, single_kinds
from imitate import place
from labels import domain_of, inside, labels_of
from network import TextNet
from phrases import plain, plural, read_phrases, singular
from tokens import make_tokenizer, split, vocabulary
from train import targets


class Phrases(unittest.TestCase):
    def setUp(self):
        self.phrases = read_phrases({"13:lemon": ["lemon"]})
        self.means = {(phrase.facet, form): phrase.labels for phrase in self.phrases for form in phrase.forms}

    def test_plain_texts(self):
        self.assertEqual(plain("Men's T-Shirt, ＢＬＵＥ"), "men t shirt blue")

    def test_numbers(self):
        self.assertEqual([plural("dress"), plural("watch"), plural("party"), plural("shoe")], ["dresses", "watches", "parties", "shoes"])
        self.assertEqual([singular("dresses"), singular("watches"), singular("shoes"), singular("dress")], ["dress", "watch", "shoe", "dress"])

    def test_joined_split_and_plural_words_mean_the_same(self):
        for form in ("t shirt", "tshirt", "t shirts", "tshirts"):
            self.assertIn("kind:Tshirts", self.means[("kind", form)])

    def test_a_labels_own_name_means_that_label_alone(self):
        self.assertEqual(self.means[("kind", "围巾")], {"kind:Mufflers"})
        self.assertEqual(self.means[("colour", "navy blue")], {"colour:Navy Blue"})

    def test_a_word_in_several_rows_means_all(self):
        self.assertTrue({"kind:Briefs", "kind:Trunk"} <= self.means[("kind", "内裤")])


class Labels(unittest.TestCase):
    def test_fruit_has_its_coarser_names(self):
        row = {"set": "06", "label": "Apple Red Delicious 1", "coarse": "Apple"}
        self.assertTrue({"06:Apple", "06:Apple Red", "06:Apple Red Delicious"} <= labels_of(row, {}))

    def test_a_part_of_a_scene_has_only_what_it_shows(self):
        found = {"a.jpg": [[0, 0, 0.4, 0.4, 0.9, 16], [0.6, 0.6, 1, 1, 0.9, 15]]}
        row = {"set": "10c", "file": "a.jpg", "crop": [0.5, 0.5, 1, 1]}
        self.assertEqual(labels_of(row, found), {"10:cat"})
        self.assertAlmostEqual(inside((0, 0, 1, 1), (0.5, 0, 1, 1)), 0.5)

    def test_people_in_scenes_are_told_apart(self):
        self.assertEqual(domain_of({"set": "10"}, {"10:person"}), "people in scenes")


class Tokens(unittest.TestCase):
    def setUp(self):
        words = vocabulary(["red shoes 红色运动鞋", "t shirt"] * 25 + ["blorft"], ["shoes"], ["running"])
        self.tokenizer = make_tokenizer(words)

    def read(self, text):
        return self.tokenizer.encode(text).tokens

    def test_words_and_characters(self):
        self.assertEqual(split("red 红鞋"), ["red", "红", "鞋"])
        self.assertEqual(self.read("Red  SHOES"), ["red", "shoes"])
        self.assertEqual(self.read("红色运动鞋"), ["红", "色", "运", "动", "鞋"])

    def test_joined_words_are_split_and_others_unknown(self):
        self.assertEqual(self.read("runningshoes"), ["running", "##shoes"])
        self.assertEqual(self.read("blorft shoes"), ["[UNK]", "shoes"])
        self.assertEqual(self.read("T-Shirt's"), ["t", "shirt"])


class Fitting(unittest.TestCase):
    concepts = [
        ("colour", frozenset(["colour:Red"])), ("kind", frozenset(["kind:A"])), ("kind", frozenset(["kind:A", "kind:B"])),
        ("kind", frozenset(["kind:B"])),
    ]

    def test_a_broad_kind_takes_its_share_of_pairs(self):
        model = Directions(np.eye(5, dtype=np.float32), [(1, 0)], self.concepts)
        self.assertEqual(single_kinds(self.concepts), {"kind:A": 1, "kind:B": 3})
        self.assertEqual(model.of((1, 0)).tolist(), [1, 1, 0, 0, 1])
        self.assertEqual(model.of((2, 0)).tolist(), [1, 0, 1, 0, 0.5])

    def test_targets_have_length_one(self):
        model = Directions(np.eye(5, dtype=np.float32), [(1, 0)], self.concepts)
        made = targets(model, [[(1, 1.0), (0, 1.0)], [(0, 0.5), (1, 0.5)]])
        self.assertTrue(np.allclose(np.linalg.norm(made, axis=1), 1))
        self.assertEqual(made[1, 4], 0)

    def test_words_far_from_all_stay_unknown(self):
        likeness = np.array([[0.9, 0.2, 0.85], [0.3, 0.4, 0.2]])
        near, far = place(likeness, np.array([4, 4, 7]), 0.8)
        self.assertEqual(near[0][0], 4)
        self.assertAlmostEqual(sum(share for _, share in near), 1, places=2)
        self.assertEqual(far, [])

    def test_padding_changes_nothing(self):
        torch.manual_seed(0)
        net = TextNet(20, 8).eval()
        ids = torch.tensor([[3, 4, 5]])
        padded = F.pad(ids, (0, 4))
        self.assertTrue(torch.allclose(net(ids, ids > 0), net(padded, padded > 0), atol=1e-5))


if __name__ == "__main__":
    unittest.main()
