import { describe, expect, test } from '@jest/globals';

import { normalizeText } from './normalize-text.ts';

describe('normalizeText', () => {
  test.each([
    ['case', 'Red SHOES', 'red shoes'],
    ['full width', 'Ｔ－ｓｈｉｒｔ　１２', 't-shirt 12'],
    ['half-width katakana', 'ｼｬﾂ', 'シャツ'],
    ['ligatures', 'oﬃce', 'office'],
    ['white space of any kind', ' red\t\r\n\u00A0\u2003shoes\u3000', 'red shoes'],
    ['what is joined, which stays joined', '红色运动鞋', '红色运动鞋'],
    ['a composed letter', 'cafe\u0301', 'café'],
  ])('writes in one way: %s', (_, text, expected) => {
    expect(normalizeText(text)).toBe(expected);
    expect(normalizeText(expected)).toBe(expected);
  });
});
