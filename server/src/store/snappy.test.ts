import { expect, test } from '@jest/globals';

import { decodeSnappy } from './snappy.ts';

const bytesOf = (...parts: readonly (number | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : part)));

test.each([
  ['nothing', bytesOf(0), ''],
  ['a literal', bytesOf(3, 2 << 2, 'abc'), 'abc'],
  ['a copy that reaches into itself', bytesOf(12, 2 << 2, 'abc', (5 << 2) | 1, 3), 'abcabcabcabc'],
  ['a copy with 16 bits of offset', bytesOf(6, 2 << 2, 'abc', (2 << 2) | 2, 3, 0), 'abcabc'],
  ['a long literal', bytesOf(70, 60 << 2, 69, 'x'.repeat(70)), 'x'.repeat(70)],
])('reads %s', (_, compressed, text) => {
  expect(decodeSnappy(compressed).toString()).toBe(text);
});

test.each([
  ['a copy of nothing', bytesOf(4, (0 << 2) | 1, 1)],
  ['a copy from before the start', bytesOf(7, 2 << 2, 'abc', (0 << 2) | 1, 9)],
  ['less than was promised', bytesOf(9, 2 << 2, 'abc')],
  ['more than was promised', bytesOf(2, 2 << 2, 'abc')],
  ['a literal that ends early', bytesOf(9, 8 << 2, 'abc')],
  ['a length without an end', Buffer.alloc(12, 255)],
])('refuses %s', (_, compressed) => {
  expect(() => decodeSnappy(compressed)).toThrow(RangeError);
});
