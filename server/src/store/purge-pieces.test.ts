import { expect, test } from '@jest/globals';

import type { LevelHandle } from './level-handle.ts';
import { SpannedKeys } from './erased-span.ts';
import { piecesOf } from './purge-pieces.ts';

const key = (number: number): Buffer => Buffer.from(String(number).padStart(6, '0'));
const SPAN = { from: key(0), to: key(20_000) };

/** A store of these keys, of so many bytes. */
function holding(keys: readonly Buffer[], bytes: number): LevelHandle {
  const store: Pick<LevelHandle, 'approximateSize' | 'keys'> = {
    approximateSize: async () => bytes,
    keys: (() => {
      const left = [...keys];
      return {
        // LevelDB may answer with fewer than it was asked for.
        nextv: async (count: number) => left.splice(0, Math.min(count, 1_000)),
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

test('keys in any order have a span, and cuts between which so many lie', () => {
  const keys = new SpannedKeys();
  expect(keys.span).toBeUndefined();
  for (let number = 9_999; number >= 0; number -= 1) keys.add(key(number));
  keys.add(key(5_000));
  expect(keys.span).toEqual({ from: key(0), to: key(9_999) });
  expect(keys.cuts).toEqual([key(5_904), key(1_808)]);
});
