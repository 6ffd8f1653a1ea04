import { expect, test } from '@jest/globals';

import { WordPatterns } from '../vectors/words/word-patterns.ts';
import { queryWords } from './query-words.ts';

/** How many of the query's words the text has. */
async function countIn(query: string, text: string): Promise<string> {
  const patterns = new WordPatterns(await queryWords(query));
  const bits = (patterns.bitsIn(text) >>> 0).toString(2).replaceAll('0', '');
  return `${bits.length} of ${patterns.count}`;
}

test.each([
  ['RED shoes', 'a red shoe', '2 of 2'],
  ['Ｒｅｄ　ｓｈｏｅ', 'ＲＥＤ_shoes-01.jpg', '2 of 2'],
  ['dress', 'summer dresses', '1 of 1'],
  ['blouses', 'silk blouse', '1 of 1'],
  ['scarves', 'wool scarf', '1 of 1'],
  ['women watch', 'woman/watches/7.png', '2 of 2'],
  ['t-shirt', 'tshirts', '2 of 2'],
  ['tshirt', 'White T-Shirt', '1 of 1'],
  ['hand bag', 'leather handbags', '2 of 2'],
  ['red shirt', 'myRedShirt12.JPG', '2 of 2'],
  ['sku12', 'SKU-12', '1 of 1'],
  ['运动鞋', '紅色運動鞋', '2 of 2'],
  ['運動鞋', '红色运动鞋', '2 of 2'],
  ['café', 'CAFE\u0301 noir', '1 of 1'],
  ['red', 'a hundred', '0 of 1'],
  ['red', 'reddish', '0 of 1'],
  ['1', '12', '0 of 1'],
  ['red zebra', 'red', '1 of 2'],
  ['red red', 'red', '1 of 1'],
  ['?! —', '?! —', '0 of 0'],
  ['a.b*', 'axb', '0 of 1'],
])('of %j, %j has %s', async (query, text, expected) => {
  expect(await countIn(query, text)).toBe(expected);
});

test('looks for the first 32 words, each by itself', async () => {
  const words = Array.from(
    { length: 40 },
    (_, i) => `word${String.fromCodePoint(97 + (i % 26))}${i}`,
  );
  expect(await countIn(words.join(' '), words.slice(31).join(' '))).toBe('1 of 32');
});
