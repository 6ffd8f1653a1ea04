import { describe, expect, test } from '@jest/globals';

import { loadSimplifier, loadTraditionalizer } from './chinese-script.ts';

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

test('the traditionalizer writes what the simplifier reads', async () => {
  const [simplify, traditionalize] = [await loadSimplifier(), await loadTraditionalizer()];
  for (const text of ['运动鞋', '红色连衣裙', '头发', 'red shoes']) {
    expect(simplify(traditionalize(text))).toBe(text);
  }
  expect(traditionalize('运动鞋')).toBe('運動鞋');
});
