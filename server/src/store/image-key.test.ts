import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { compareImageKeys } from '../../test/support/compare-image-keys.ts';
import { formatImageKey, normalizeImageKey, parseImageKey } from './image-key.ts';

const SEED = 20_261_121;
const id = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\u0000', '\u0001', '\u0002', 'a', '\uFFFF', '\u{10000}') }),
);
const key = fc.record({ productId: id, picName: id });

test('keys read back as they were written', () => {
  fc.assert(
    fc.property(key, (named) => {
      expect(parseImageKey(formatImageKey(named))).toEqual(named);
    }),
    { seed: SEED },
  );
});

test('texts order as the bytes of productId, then picName, do', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const expected =
        Buffer.compare(Buffer.from(a.productId), Buffer.from(b.productId)) ||
        Buffer.compare(Buffer.from(a.picName), Buffer.from(b.picName));
      expect(Math.sign(compareImageKeys(a, b))).toBe(expected);
    }),
    { seed: SEED, numRuns: 1_000 },
  );
});

test('a lone surrogate is kept as U+FFFD', () => {
  const named = { productId: 'a\uD800', picName: '\uDC00b' };
  expect(normalizeImageKey(named)).toEqual({ productId: 'a\uFFFD', picName: '\uFFFDb' });
  expect(formatImageKey(named)).toBe(formatImageKey(normalizeImageKey(named)));
});

test.each(['', 'a', 'a\u0000b\u0000c'])('%j is no key', (text) => {
  expect(() => parseImageKey(text)).toThrow('"text" expected one separator');
});
