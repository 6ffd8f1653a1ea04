import { describe, expect, test } from '@jest/globals';

import { collectCondition, collectTag, formatTags, parseTagFilter } from './tag-values.ts';

describe('collectTag', () => {
  test.each([
    ['color=white', { color: 'white' }],
    ['title=a=b', { title: 'a=b' }],
    ['title=', { title: '' }],
    ['颜色=白 色', { 颜色: '白 色' }],
    ['price=89.5', { price: 89.5 }],
    ['onSale=true', { onSale: true }],
    ['sizes=["S",2]', { sizes: ['S', 2] }],
    ['code=0042', { code: '0042' }],
    ['code="42"', { code: '42' }],
    ['code=null', { code: 'null' }],
    ['code={"a":1}', { code: '{"a":1}' }],
  ])('reads %s', (text, tags) => {
    expect(collectTag(text)).toEqual(tags);
  });

  test('adds to those before, and the last of a name counts', () => {
    const tags = ['a=1', 'b=2', 'a=3'].reduce<ReturnType<typeof collectTag>>(
      (earlier, text) => collectTag(text, earlier),
      {},
    );
    expect(tags).toEqual({ a: 3, b: 2 });
    expect(formatTags({ ...tags, sizes: ['S', 'M'] })).toBe('a=3 b=2 sizes=["S","M"]');
  });

  test.each(['color', '=white', ''])('refuses %j', (text) => {
    expect(() => collectTag(text)).toThrow('Expected name=value');
  });
});

describe('collectCondition', () => {
  test.each([
    ['color=white', { field: 'color', op: '=', value: 'white' }],
    ['color!=a=b', { field: 'color', op: '!=', value: 'a=b' }],
    ['price>=50', { field: 'price', op: '>=', value: 50 }],
    ['price<50', { field: 'price', op: '<', value: 50 }],
    ['color=["red","blue"]', { field: 'color', op: 'in', value: ['red', 'blue'] }],
    ['color!=["red"]', { field: 'color', op: 'not in', value: ['red'] }],
  ])('reads %s', (text, condition) => {
    const earlier = [{ field: 'a', op: '=', value: 1 }] as const;
    expect(collectCondition(text, earlier)).toEqual([...earlier, condition]);
  });

  test.each(['color', '>5', 'price>[1,2]'])('refuses %j', (text) => {
    expect(() => collectCondition(text)).toThrow();
  });
});

test('a tag filter that is no JSON is refused before it is sent', () => {
  expect(() => parseTagFilter('color = red')).toThrow('Expected JSON');
  expect(parseTagFilter('{"or":[]}')).toEqual({ or: [] });
});
