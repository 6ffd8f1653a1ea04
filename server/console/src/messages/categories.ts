import { CATEGORIES, OTHER_CATEGORY } from '@likeness/shared/api';

import { useLanguage, type Language } from './messages.ts';

/** The category table of the service's own Chinese documentation. */
const CHINESE: Readonly<Record<number, string>> = {
  0: '上衣',
  1: '裙装',
  2: '下装',
  3: '包',
  4: '鞋',
  5: '配饰',
  6: '零食',
  7: '美妆',
  8: '瓶饮',
  9: '家具',
  20: '玩具',
  21: '内衣',
  22: '数码硬件',
  [OTHER_CATEGORY]: '其他',
};

/** A category's name in a language; its number, where the table has none of it. */
export function categoryName(id: number, language: Language): string {
  const names = { en: CATEGORIES.find((one) => one.id === id)?.name, 'zh-CN': CHINESE[id] };
  return names[language] ?? String(id);
}

/** Names of categories as the shown language has them. */
export function useCategoryName(): (id: number) => string {
  const { language } = useLanguage();
  return (id) => categoryName(id, language);
}
