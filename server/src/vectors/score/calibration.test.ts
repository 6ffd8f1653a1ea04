import { describe, expect, test } from '@jest/globals';
import { assert, double, integer, property } from 'fast-check';

import { Calibration } from './calibration.ts';

const STEEP = new Calibration([
  [0.1, -0.2],
  [0.5, 0.4],
  [0.50001, 0.9],
  [0.9, 1.2],
]);

describe('Calibration', () => {
  test.each([
    [-1, 0],
    [0.1, 0],
    [0.3, 0.1],
    [0.5, 0.4],
    [0.50001, 0.9],
    [0.7, 1],
    [1, 1],
  ])('turns cosine %d into score %d', (cosine, score) => {
    expect(STEEP.scoreOf(cosine)).toBe(score);
  });

  test('rounds to four decimals', () => {
    const plain = new Calibration([
      [0, 0],
      [1, 1],
    ]);
    expect([0.123_449, 0.123_45, 0.999_95].map((x) => plain.scoreOf(x))).toEqual([
      0.1234, 0.1235, 1,
    ]);
  });

  test.each([
    [[]],
    [
      [
        [0, 0],
        [0, 1],
      ],
    ],
    [
      [
        [0, 1],
        [1, 1],
      ],
    ],
  ] as const)('refuses knots %j', (knots) => {
    expect(() => new Calibration(knots)).toThrow('"calibration"');
  });

  test('brackets the cosines of a score', () => {
    const cosines = double({ min: -1, max: 1, noNaN: true });
    const scores = integer({ min: 0, max: 10_000 });
    assert(
      property(cosines, scores, (cosine, tenThousandths) => {
        const score = tenThousandths / 10_000;
        const isReached = STEEP.scoreOf(cosine) >= score;
        if (cosine < STEEP.floorOf(score)) expect(isReached).toBe(false);
        if (cosine >= STEEP.ceilingOf(score)) expect(isReached).toBe(true);
      }),
      { seed: 11, numRuns: 2_000 },
    );
  });
});
