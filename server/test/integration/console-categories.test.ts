import { expect, test } from '@jest/globals';
import { CATEGORIES } from '@likeness/shared/api';

import { categoryName } from '../../console/src/messages/categories.ts';

test('every category has a name of its own in both languages', () => {
  const english = CATEGORIES.map(({ id }) => categoryName(id, 'en'));
  const chinese = CATEGORIES.map(({ id }) => categoryName(id, 'zh-CN'));
  expect(english).toEqual(CATEGORIES.map(({ name }) => name));
  for (const name of chinese) expect(name).toMatch(/^\p{Script=Han}+$/u);
  expect(new Set(chinese).size).toBe(CATEGORIES.length);
  expect(categoryName(77, 'zh-CN')).toBe('77');
});
