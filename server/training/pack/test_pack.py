"""python -W ignore -m unittest, from this folder: the arithmetic that must agree with the server's."""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import unittest

import numpy as np

from calibrate import score, text_knots
from fit import FIGURES, choose
from holdout import joined
import windows
from windows import BOUND, MOST_LOST, chosen, framed, window_of


class Windows(unittest.TestCase):
    def test_a_window_keeps_the_aspect_of_the_picture_and_stays_inside(self):
        self.assertEqual(window_of([40, 40, 60, 80], 1.0, "picture", 100, 200), (40, 40, 60, 80))
        self.assertEqual(window_of([40, 40, 60, 50], 1.0, "picture", 100, 200), (40, 25, 60, 65))
        self.assertEqual(window_of([0, 0, 50, 50], 1.5, "box", 100, 100), (0, 0, 75, 75))
        self.assertEqual(window_of([10, 10, 90, 90], 2.0, "picture", 100, 100), (0, 0, 100, 100))

    def test_a_frame_mixes_only_what_has_a_window(self):
        whole, window = np.eye(3), np.array([[0.0, 0.0, 1.0]])
        mixed = framed(whole, window, np.array([0]), 0.5)
        self.assertTrue(np.allclose(mixed[0], np.array([1, 0, 1]) / 2**0.5))
        self.assertTrue(np.array_equal(mixed[1:], whole[1:]))

    def test_a_window_that_loses_too_much_is_never_chosen_and_a_harmless_one_weighs_as_much_as_it_may(self):
        base = {name: 0.8 for name in {*BOUND, *windows.FIGURES}}
        good, bad = {**base, "crop_25": 0.801}, {**base, "crop_25": 0.99, BOUND[0]: 0.8 - 2 * MOST_LOST}
        candidates = {(1.1, "picture", 0.5): good, (1.1, "picture", 0.3): good, (1.1, "box", 0.0): bad}
        self.assertEqual(chosen(candidates, base), (1.1, "picture", 0.3))
        self.assertIsNone(chosen({(1.1, "box", 0.0): bad}, base))


class Choice(unittest.TestCase):
    def test_of_what_is_as_good_the_shorter_vector_is_chosen(self):
        same = {name: 0.5 for name in FIGURES}
        self.assertEqual(choose({(0.8, 192): same, (0.8, 64): same})[0], (0.8, 64))
        better = {name: 0.6 for name in FIGURES}
        self.assertEqual(choose({(0.8, 192): better, (0.8, 64): same})[0], (0.8, 192))

    def test_parts_are_weighed_at_unit_length(self):
        vector = joined([np.array([[3.0, 0.0]]), np.array([[0.0, 9.0]])], [1, 1])
        self.assertTrue(np.allclose(vector, [[0.5**0.5, 0, 0, 0.5**0.5]]))


class Calibration(unittest.TestCase):
    def test_knots_rise_even_where_right_and_wrong_overlap(self):
        dice = np.random.default_rng(2)
        knots = text_knots([(dice.uniform(0, 0.5, 500), dice.uniform(0, 0.5, 500))])
        places, scores = zip(*knots)
        self.assertTrue(all(a < b for a, b in zip(places, places[1:])))
        self.assertTrue(all(a < b for a, b in zip(scores, scores[1:])))
        self.assertEqual(score(knots, 1.0), 1)


if __name__ == "__main__":
    unittest.main()
