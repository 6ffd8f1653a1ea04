import { expect, test } from '@jest/globals';

import { TextCache } from './text-cache.ts';

const RED = { kind: 'unknown', knownShare: 0, unknownWords: ['red'] } as const;
const BLUE = { kind: 'unknown', knownShare: 0, unknownWords: ['blue'] } as const;

test('a text is remembered however it is written, until others were asked for since', () => {
  const cache = new TextCache(2);
  cache.set('Red', RED);
  cache.set('blue', BLUE);
  expect(cache.get(' ＲＥＤ ')).toBe(RED);
  cache.set('green', BLUE);
  expect(cache.get('red')).toBe(RED);
  expect(cache.get('blue')).toBeUndefined();
  expect(cache.get('green')).toBe(BLUE);
});
