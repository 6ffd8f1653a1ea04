import { expect, test } from '@jest/globals';

import { RepeatFilter } from './repeat-filter.ts';

test('one of many equal things passes in each stretch of time, and tells how many did not', () => {
  const filter = new RepeatFilter(1000);
  expect(filter.pass('a', 0)).toBe(0);
  expect([1, 2, 999].map((ms) => filter.pass('a', ms))).toEqual([undefined, undefined, undefined]);
  expect(filter.pass('b', 3)).toBe(0);
  expect(filter.pass('a', 1000)).toBe(3);
  expect(filter.pass('a', 5000)).toBe(0);
});

test('a clock that was set back silences nothing', () => {
  const filter = new RepeatFilter(1000);
  filter.pass('a', 1_000_000);
  expect(filter.pass('a', 10)).toBe(0);
});
