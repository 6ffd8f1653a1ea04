import { expect, test } from '@jest/globals';

import { PackedTexts } from './packed-texts.ts';

const TEXTS = ['', 'a', 'ab', 'é', '\u{1F600}', '\uFFFD', 'x'.repeat(5_000)];

test('texts are answered as they were set last, whatever else was set, cleared and moved', () => {
  const texts = new PackedTexts();
  const expected: string[] = [];
  for (let i = 0; i < 3_000; i += 1) {
    const number = (i * 7_919) % 301;
    const text = `${TEXTS[i % TEXTS.length]}${i}`;
    expected[number] = i % 5 === 0 ? '' : text;
    if (i % 5 === 0) texts.clear(number);
    else texts.set(number, Buffer.from(text));
  }
  expect(Array.from({ length: 301 }, (_, number) => texts.at(number))).toEqual(expected);
  expect(texts.at(9_999)).toBe('');
  expect(Array.from(expected, (_, number) => texts.decoded()(number))).toEqual(expected);
});

test('texts in ASCII alone are decoded together', () => {
  const texts = new PackedTexts();
  for (const [number, text] of ['red', '', 'shoe'].entries()) texts.set(number, Buffer.from(text));
  texts.clear(0);
  expect([0, 1, 2, 3].map(texts.decoded())).toEqual(['', '', 'shoe', '']);
});

test('texts that are packed are the same again, and can be replaced', () => {
  const texts = new PackedTexts();
  for (const [number, text] of TEXTS.entries()) texts.set(number, Buffer.from(text));
  const again = PackedTexts.of(texts.pack([6, 0, 3, 1, 12]));
  const all = (): string[] => Array.from({ length: 6 }, (_, number) => again.at(number));
  expect(all()).toEqual([TEXTS[6], '', 'é', 'a', '', '']);
  again.set(1, Buffer.from('one'));
  again.set(5, Buffer.from('five'));
  expect(all()).toEqual([TEXTS[6], 'one', 'é', 'a', '', 'five']);
  expect(PackedTexts.of(new PackedTexts().pack([])).at(0)).toBe('');
});

test('texts compare in the order of their bytes', () => {
  const texts = new PackedTexts();
  for (const [number, text] of TEXTS.entries()) texts.set(number, Buffer.from(text));
  for (const [number, text] of TEXTS.entries())
    for (const other of TEXTS) {
      const expected = Buffer.compare(Buffer.from(text), Buffer.from(other));
      expect(Math.sign(texts.compare(number, Buffer.from(other)))).toBe(expected);
    }
});
