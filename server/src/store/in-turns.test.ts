import { expect, test } from '@jest/globals';

import { inTurns } from './in-turns.ts';

test('gives every item once, in order, and a turn to others between two pieces', async () => {
  const turns: number[] = [];
  const pieces: (readonly number[])[] = [];
  for await (const piece of inTurns([1, 2, 3, 4, 5], 2)) {
    pieces.push(piece);
    setImmediate(() => turns.push(pieces.length));
  }
  expect(pieces).toEqual([[1, 2], [3, 4], [5]]);
  expect(turns).toEqual([1, 2]);
});
