import { describe, expect, test } from '@jest/globals';

import { LatencyHistogram } from './latency-histogram.ts';

/** Half a bucket, and the rounding to a tenth. */
const TOLERANCE = 2 ** (1 / 16);

describe('LatencyHistogram', () => {
  test('tells percentiles within half a bucket', () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 2000; ms += 1) histogram.add(ms);
    for (const [share, truth] of [
      [0.5, 1000],
      [0.95, 1900],
      [1, 2000],
    ] as const) {
      expect(histogram.percentile(share)).toBeGreaterThanOrEqual(truth / TOLERANCE);
      expect(histogram.percentile(share)).toBeLessThanOrEqual(truth * TOLERANCE);
    }
  });

  test('adds up with another, and comes back from its counts', () => {
    const first = new LatencyHistogram();
    for (const ms of [3, 3, 3]) first.add(ms);
    const second = new LatencyHistogram(first.toCounts());
    second.addAll({ 100: 2 });
    expect(second.total).toBe(5);
    expect(second.percentile(0.5)).toBe(first.percentile(0.5));
    expect(second.percentile(0.95)).toBeGreaterThan(100);
  });

  test.each([
    [0, 0.1],
    [-1, 0.1],
    [1e12, 838_860.8],
  ])('holds %d ms in a bucket', (ms, told) => {
    const histogram = new LatencyHistogram();
    histogram.add(ms);
    expect(histogram.percentile(0.5)).toBe(told);
  });

  test('of no calls is 0', () => {
    expect(new LatencyHistogram().percentile(0.95)).toBe(0);
  });
});
