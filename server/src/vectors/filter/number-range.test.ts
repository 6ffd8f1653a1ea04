import { describe, expect, test } from '@jest/globals';

import { fromScaled, MAX_SCALE } from '../attributes/encoded-value.ts';
import { isInRange, numberRange } from './number-range.ts';

const SCALES = Array.from({ length: MAX_SCALE + 1 }, (_, scale) => scale);
const [SMALLEST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

describe('the words of a range', () => {
  test.each([
    [19.99, 19.99],
    [0.1 + 0.2, 0.3],
    [-0.5, 1e300],
    [-Infinity, 4.35],
    [1.005, Infinity],
    [2 ** 31, 2 ** 32],
    [-(2 ** 31), 2 ** 31 - 1],
    [1e-9, 2e-9],
  ])('from %d to %d are those whose numbers are in it', (from, to) => {
    for (const [includesFrom, includesTo] of [
      [true, true],
      [false, true],
      [true, false],
      [false, false],
    ] as const)
      for (const scale of SCALES) {
        const range = numberRange({ from, to, includesFrom, includesTo });
        const [least = 0, most = 0] = range.words.subarray(scale * 2);
        const near = [least, most, 0, SMALLEST, LARGEST].flatMap((word) => [
          word - 1,
          word,
          word + 1,
        ]);
        for (const word of near.filter((each) => each >= SMALLEST && each <= LARGEST))
          expect({ scale, word, is: word >= least && word <= most }).toEqual({
            scale,
            word,
            is: isInRange(range, fromScaled(word, scale)),
          });
      }
  });
});
