import { expect, test } from '@jest/globals';

import { addsPerSecond, scanMsOf, searchesPerSecond } from './estimates.ts';

const MEASURED = { lookMs: 20, scanMs: 5, scannedRows: 100_000 };

test('adds grow with vision processes, as far as there are cores for them', () => {
  const perSecond = [1, 2, 4].map((workers) => addsPerSecond(20, { cores: 2, workers }));
  expect(perSecond).toEqual([50, 100, 100]);
});

test('a scan takes every core, and as long as there are rows', () => {
  expect(scanMsOf(MEASURED, 1_000_000)).toBe(50);
  const capacity = { cores: 2, workers: 2 };
  const perSecond = [0, 100_000, 1_800_000].map((images) =>
    searchesPerSecond(MEASURED, capacity, images),
  );
  expect(perSecond).toEqual([100, 1000 / 15, 10]);
});
