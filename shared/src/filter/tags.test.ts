import { describe, expect, test } from '@jest/globals';

import { readTagFilter, readTags, tagsOf, type TagFilter } from './index.ts';

describe('readTags', () => {
  test('reads every kind of value, under every name', () => {
    const text =
      '{"color":"red","price":-0,"on sale":true,"sizes":["S",40,false],"none":[],' +
      '"__proto__":"p","constructor":"c","標籤":"中"}';
    const tags = readTags(JSON.parse(text));
    expect(Object.entries(tags)).toEqual([
      ['color', 'red'],
      ['price', 0],
      ['on sale', true],
      ['sizes', ['S', 40, false]],
      ['none', []],
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['標籤', '中'],
    ]);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
    expect(readTags(undefined)).toEqual({});
    expect(readTags(null)).toEqual({});
  });

  const many = Object.fromEntries(listOf(51).map((n) => [`t${n}`, n]));
  const heavy = { a: Array.from({ length: 64 }, () => 'x'.repeat(250)) };
  test.each<[string, unknown, string]>([
    ['a list', [], 'tags: expected an object, got an empty list'],
    ['a text', '{}', 'tags: expected an object, got "{}"'],
    ['too many', many, 'tags: expected at most 50 tags, got 51'],
    ['no name', { '': 1 }, 'tags[""]: expected a name of 1 to 64 characters, got 0'],
    ['null', { a: null }, 'tags.a: expected a string, a number or a boolean, got null'],
    [
      'an object',
      { 'a b': {} },
      'tags["a b"]: expected a string, a number or a boolean, got an object',
    ],
    [
      'a list in a list',
      { a: [1, [2]] },
      'tags.a[1]: expected a string, a number or a boolean, got a list',
    ],
    [
      'a long text',
      { a: 'x'.repeat(257) },
      'tags.a: expected a string of at most 256 characters, got 257',
    ],
    ['a long list', { a: listOf(101) }, 'tags.a: expected at most 100 elements, got 101'],
    [
      'an endless number',
      JSON.parse('{"a":1e999}'),
      'tags.a: expected a finite number, got Infinity',
    ],
    [
      'too much in all',
      heavy,
      'tags: expected at most 16000 characters of names and values together, got 16001',
    ],
  ])('refuses %s', (_name, value, message) => {
    expect(() => readTags(value)).toThrow(message);
  });
});

describe('tagsOf', () => {
  interface Shop {
    readonly color: 'red' | 'blue';
    readonly brand?: string;
    readonly price: number;
    readonly onSale: boolean;
    readonly sizes: readonly string[];
    readonly code: string | number;
  }
  const shop = tagsOf<Shop>();

  test('builds what the wire says', () => {
    const built: TagFilter<Shop> = [
      shop('price').ge(50),
      shop('onSale').ne(true),
      shop('brand').notLike('Inc'),
      shop('code').notIn(['7', 7]),
      { or: [shop('color').in(['red']), shop('sizes').eq('M'), { and: [shop('sizes').lt('M')] }] },
    ];
    expect(built).toEqual([
      { field: 'price', op: '>=', value: 50 },
      { field: 'onSale', op: '!=', value: true },
      { field: 'brand', op: 'not like', value: 'Inc' },
      { field: 'code', op: 'not in', value: ['7', 7] },
      {
        or: [
          { field: 'color', op: 'in', value: ['red'] },
          { field: 'sizes', op: '=', value: 'M' },
          { and: [{ field: 'sizes', op: '<', value: 'M' }] },
        ],
      },
    ]);
    expect(readTagFilter(built)).toBeDefined();
  });

  test('is checked by the compiler, as are filters written as objects', () => {
    const untyped: TagFilter = [
      { field: 'color', op: '=', value: 'red' },
      { field: 'n', op: '<', value: 5 },
      tagsOf<Shop>()('price').lt(5),
    ];
    const typed: TagFilter<Shop> = { field: 'price', op: '<', value: 5 };
    expect([untyped, typed]).toBeDefined();
    // @ts-expect-error no such tag
    expect(shop('colour')).toBeDefined();
    // @ts-expect-error a number has no substrings
    expect(shop('price').like).toBeDefined();
    // @ts-expect-error a boolean has no order
    expect(shop('onSale').lt).toBeDefined();
    // @ts-expect-error a color is red or blue
    expect(shop('color').eq('green')).toBeDefined();
    // @ts-expect-error at least one
    expect(shop('color').in([])).toBeDefined();
    // @ts-expect-error a price is no text
    const text: TagFilter<Shop> = { field: 'price', op: '=', value: '5' };
    // @ts-expect-error a number has no substrings
    const like: TagFilter<Shop> = [{ or: [{ field: 'price', op: 'like', value: '5' }] }];
    // @ts-expect-error an order needs one value
    const list: TagFilter<Shop> = { field: 'price', op: '<', value: [5] };
    // @ts-expect-error the condition is on tags of another type
    const other: TagFilter<{ readonly color: string }> = shop('price').lt(5);
    expect([text, like, list, other]).toHaveLength(4);
  });
});

function listOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
