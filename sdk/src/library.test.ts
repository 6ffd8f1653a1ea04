import { describe, expect, test } from '@jest/globals';

import { ImageSearchClient } from './client.ts';
import type { TagFilter } from './index.ts';
import { fromOperatorBody, toOperatorFields } from './operator-names.ts';

/** Of what is refused below, that this file compiles is the test. */
interface Top {
  readonly color: 'white' | 'red' | 'blue';
  readonly title: string;
  readonly price: number;
  readonly sizes: readonly string[];
  readonly onSale?: boolean;
}

const client = new ImageSearchClient({ endpoint: 'http://127.0.0.1:8000' });
const tops = client.library<Top>('shop_a_tops');
const { tag } = tops;
const key = { imageId: 'img001', imageUri: 'img001.jpg' };
const whole = { color: 'red', title: 'Tee', price: 1, sizes: [] } as const;

describe('a filter over typed tags', () => {
  test('is the same built as written', () => {
    const written: TagFilter<Top> = [
      { field: 'price', op: '>=', value: 50 },
      { or: [{ field: 'color', op: 'in', value: ['white', 'red'] }] },
      { and: [{ field: 'title', op: 'not like', value: 'wool' }] },
      { field: 'sizes', op: '=', value: 'M' },
      { field: 'onSale', op: '!=', value: true },
    ];
    const built: TagFilter<Top> = [
      tag('price').ge(50),
      { or: [tag('color').in(['white', 'red'])] },
      { and: [tag('title').notLike('wool')] },
      tag('sizes').eq('M'),
      tag('onSale').ne(true),
    ];
    expect(built).toEqual(written);
  });

  test('does not compile where a tag has no such operator, or no such value', () => {
    const filters: readonly TagFilter<Top>[] = [
      // @ts-expect-error a number has no substrings
      { field: 'price', op: 'like', value: '5' },
      // @ts-expect-error a boolean has no order
      { field: 'onSale', op: '>', value: true },
      // @ts-expect-error a number is not compared with a text
      { field: 'price', op: '=', value: '50' },
      // @ts-expect-error a colour that there is not
      { field: 'color', op: '=', value: 'mauve' },
      // @ts-expect-error one of a list needs a list
      { field: 'color', op: 'in', value: 'red' },
      // @ts-expect-error a tag that there is not
      { field: 'colour', op: '=', value: 'red' },
      // @ts-expect-error an operator that there is not
      { field: 'price', op: '~', value: 1 },
      // @ts-expect-error inside a group too
      [{ or: [{ field: 'sizes', op: '<', value: 1 }] }],
    ];
    expect(filters).toHaveLength(8);
  });

  test('is not built where a tag has no such test', () => {
    const builders = [
      // @ts-expect-error a number has no substrings
      () => tag('price').like('5'),
      // @ts-expect-error a boolean has no order
      () => tag('onSale').lt(true),
      // @ts-expect-error of a list it is an element that is tested
      () => tag('sizes').eq(['M']),
      // @ts-expect-error nothing passes an empty list
      () => tag('color').in([]),
      // @ts-expect-error a tag that there is not
      () => tag('colour'),
    ];
    expect(builders).toHaveLength(5);
  });

  test('takes any tag and any operator where the tags have no types', () => {
    const any = client.library('anything');
    const filter: TagFilter = [
      any.tag('price').ge(50),
      any.tag('color').like('re'),
      { field: 'price', op: '=', value: '50' },
    ];
    expect(filter).toHaveLength(3);
  });
});

test('calls that do not fit the tags, or the API, do not compile', () => {
  const calls = [
    // @ts-expect-error a price is a number
    () => tops.add({ ...key, image: '', tags: { ...whole, price: '1' } }),
    // @ts-expect-error tags are whole
    () => tops.add({ ...key, image: '', tags: { price: 1 } }),
    // @ts-expect-error tags are there, where some have to be
    () => tops.add({ ...key, image: '' }),
    () => client.library<{ color?: string }>('loose').add({ ...key, image: '' }),
    () => client.library('any').add({ ...key, image: '' }),
    // @ts-expect-error tags are whole, unless they are merged
    () => tops.update({ ...key, tags: { price: 1 } }),
    () => tops.update({ ...key, tags: { price: 1 }, merge: true }),
    // @ts-expect-error by name or by filter
    () => tops.remove({ imageId: 'img001', tagFilter: tag('price').lt(1) }),
    // @ts-expect-error nothing would be everything
    () => tops.remove({}),
    () => {
      const tagFilter = { field: 'price', op: 'like', value: '' } as const;
      // @ts-expect-error in a search too
      return tops.searchByText({ queryText: 'red', tagFilter });
    },
    // @ts-expect-error there are three modes
    () => tops.create({ mode: 'face_search' }),
    // @ts-expect-error a date is no tag
    () => client.library<{ since: Date }>('dated'),
  ];
  expect(calls).toHaveLength(12);
});

test('a picture whose name got lost is not taken for all of its imageId', async () => {
  for (const imageUri of [undefined, null] as unknown[]) {
    const lost = { imageId: 'img001', imageUri: imageUri as string };
    await expect(tops.remove(lost)).rejects.toThrow('"imageUri" must be a string, or left out');
  }
});

test('names change between the wire and the SDK, those of tags never', () => {
  const tags = { image_id: 'mine', someName: [1], 'a b': true };
  expect(
    Object.fromEntries(toOperatorFields({ imageId: 'a', topK: 5, start: undefined, tags })),
  ).toEqual({ image_id: 'a', top_k: 5, tags });
  expect(fromOperatorBody({ results: [{ image_uri: 'a', tags }], total: 1 })).toEqual({
    results: [{ imageUri: 'a', tags }],
    total: 1,
  });
});
