import { describe, expect, test } from '@jest/globals';

import { flatten, printConditions, type Condition } from '../../console/src/filter/conditions.ts';
import { filterProblem, filtersOf } from '../../console/src/filter/filter-language.ts';
import { linesOf, tagProblem, tagsOf } from '../../console/src/images/tag-lines.ts';

const tags = filtersOf({ kind: 'library' });
const attributes = filtersOf({ kind: 'instance' });

describe('a filter as lines', () => {
  test.each([
    [attributes, 'int_attr >= 5 AND str_attr = "red"'],
    [attributes, 'int_attr in (41, 42) OR str_attr2 not in ("a", "b")'],
    [tags, '[{"field":"price","op":">=","value":9.5},{"field":"color","op":"like","value":"re"}]'],
    [tags, '{"or":[{"field":"sale","op":"=","value":true},{"field":"n","op":"in","value":[1,2]}]}'],
    [tags, '[{"field":"color","op":"not like","value":"a, b"}]'],
  ])('is written as it was read: %#', (language, text) => {
    const lines = flatten(language.parse(text));
    const written = lines === undefined ? lines : printConditions(language, lines);
    if (written === undefined || !('text' in written)) throw new Error('no lines');
    expect(language.parse(written.text)).toEqual(language.parse(text));
  });

  test.each([
    [
      'groups in groups',
      '[{"or":[{"field":"a","op":"=","value":1},{"field":"b","op":"=","value":1}]},{"field":"c","op":"=","value":1}]',
    ],
    ['a comma in one of several values', '{"field":"a","op":"in","value":["b,c"]}'],
    ['values of several types', '{"field":"a","op":"in","value":[1,"1"]}'],
  ])('does not pretend to say %s', (_, text) => {
    expect(flatten(tags.parse(text))).toBeUndefined();
  });

  test('names the line whose value is none of its type', () => {
    const good: Condition = { field: 'price', operator: '<', type: 'number', value: '1.5' };
    const wrongs: readonly Condition[] = [
      { ...good, value: '' },
      { ...good, value: 'much' },
      { ...good, field: '' },
      { ...good, type: 'text', value: '' },
    ];
    for (const wrong of wrongs) {
      const flat = { connective: 'and', conditions: [good, wrong] } as const;
      expect(printConditions(tags, flat)).toEqual({ wrong: 1 });
    }
    expect(printConditions(attributes, { connective: 'and', conditions: [good] })).toEqual({
      wrong: 0,
    });
  });
});

test('what is wrong with a filter is said with its place', () => {
  expect(filterProblem(attributes, 'int_attr >= ')).toMatchObject({ offset: 12 });
  expect(filterProblem(tags, '[{"field": "a", "op": "~"}]')?.message).toMatch('tag_filter[0].op');
  expect(filterProblem(tags, '[{')?.message).toBeDefined();
  for (const language of [attributes, tags]) expect(filterProblem(language, ' ')).toBeUndefined();
});

describe('tags as lines', () => {
  test('are the same tags again', () => {
    const all = {
      text: 'S, M',
      number: -1.5,
      boolean: false,
      texts: ['S', 'M'],
      numbers: [41, 42],
      mixed: ['S', 42, true],
      commas: ['a,b'],
      none: [],
      ['__proto__']: 'a name like others',
    };
    expect(tagsOf(linesOf(all))).toEqual(all);
  });

  test('say what keeps them from being tags', () => {
    const line = { name: 'price', type: 'number', value: '9' } as const;
    expect(tagProblem([line, { name: '', type: 'text', value: '' }])).toBeUndefined();
    expect(tagProblem([line, line])).toMatch('tags.price');
    expect(tagProblem([{ ...line, value: 'much' }])).toMatch('tags.price');
    expect(tagProblem([{ ...line, name: '' }])).toBeDefined();
    expect(tagProblem([{ ...line, type: 'json', value: '[' }])).toBeDefined();
  });
});
