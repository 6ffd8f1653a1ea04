import { describe, expect, test } from '@jest/globals';

import { loadSimplifier, normalizeText } from './normalize-text.ts';

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

describe('the simplifier', () => {
  test.each([
    ['運動鞋', '运动鞋'],
    ['紅色連衣裙', '红色连衣裙'],
    ['綠色褲子和黑色手錶', '绿色裤子和黑色手表'],
    ['头发、皇后、里面', '头发、皇后、里面'],
    ['red shoes', 'red shoes'],
  ])('makes %s %s', async (text, expected) => {
    const simplify = await loadSimplifier();
    expect(simplify(text)).toBe(expected);
    expect(simplify(expected)).toBe(expected);
  });
});
