import { expect, test } from '@jest/globals';

import type { LevelHandle } from './level-handle.ts';
import { cutsOf, piecesOf } from './purge-pieces.ts';

const key = (number: number): Buffer => Buffer.from(String(number).padStart(6, '0'));
const SPAN = { from: key(0), to: key(20_000) };

/** A store of these keys, of so many bytes. */
function holding(keys: readonly Buffer[], bytes: number): LevelHandle {
  const store: Pick<LevelHandle, 'approximateSize' | 'keys'> = {
    approximateSize: async () => bytes,
    keys: (() => {
      const left = [...keys];
      return {
        nextv: async (count: number) => left.splice(0, count),
        close: async () => undefined,
      };
    }) as unknown as LevelHandle['keys'],
  };
  return store as LevelHandle;
}

test('a small span is compacted at once', async () => {
  expect(await piecesOf(holding([], 1_000), SPAN, [key(5)])).toEqual([SPAN]);
});

test('a large one is cut at what is there and at what was, without a gap', async () => {
  const keys = Array.from({ length: 9_000 }, (_, index) => key(index));
  const pieces = await piecesOf(holding(keys, 1e9), SPAN, [key(15_000), key(30_000)]);
  expect(pieces).toEqual([
    { from: key(0), to: key(4_095) },
    { from: key(4_095), to: key(8_191) },
    { from: key(8_191), to: key(15_000) },
    { from: key(15_000), to: key(20_000) },
  ]);
});

test('cuts are taken from keys in any order', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => key(9_999 - index));
  expect(cutsOf(keys)).toEqual([key(4_095), key(8_191)]);
  expect(cutsOf(keys.slice(0, 100))).toEqual([]);
});
