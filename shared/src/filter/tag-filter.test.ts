import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { anyTagFilter, malformedTagFilter } from '../../test/support/tag-filters.ts';
import {
  printTagFilter,
  readTagFilter,
  TAG_LIMITS,
  TAG_OPERATORS,
  TagSyntaxError,
  type Filter,
} from './index.ts';

const runs = (small: number): number => (process.env['LIKENESS_PROVE'] ? small * 20 : small);

const RED = { field: 'color', op: '=', value: 'red' } as const;
const SUMMER = { field: 'season', op: '=', value: 'summer' } as const;
const RED_READ: Filter = { kind: 'compare', field: 'color', operator: '=', value: 'red' };
const SUMMER_READ: Filter = { kind: 'compare', field: 'season', operator: '=', value: 'summer' };

describe('readTagFilter', () => {
  test.each<[string, unknown, Filter | undefined]>([
    ['one condition', RED, RED_READ],
    ['a list as AND', [RED, SUMMER], { kind: 'and', terms: [RED_READ, SUMMER_READ] }],
    ['or', { or: [RED, SUMMER] }, { kind: 'or', terms: [RED_READ, SUMMER_READ] }],
    ['and', { and: [RED, SUMMER] }, { kind: 'and', terms: [RED_READ, SUMMER_READ] }],
    [
      'groups in groups',
      [RED, { or: [SUMMER, [RED, SUMMER]] }],
      {
        kind: 'and',
        terms: [
          RED_READ,
          { kind: 'or', terms: [SUMMER_READ, { kind: 'and', terms: [RED_READ, SUMMER_READ] }] },
        ],
      },
    ],
    ['groups of one as what is in them', [{ or: [[RED]] }], RED_READ],
    ['an empty list as no filter', [], undefined],
    ['null as no filter', null, undefined],
    ['nothing as no filter', undefined, undefined],
    [
      'not in',
      { field: 'n', op: 'not in', value: [1, '1', true] },
      { kind: 'in', field: 'n', negated: true, values: [1, '1', true] },
    ],
    [
      'not like',
      { field: 'n', op: 'not like', value: '' },
      { kind: 'like', field: 'n', negated: true, text: '' },
    ],
    [
      'names that objects have anyway',
      JSON.parse('{"field":"__proto__","op":"!=","value":"constructor"}'),
      { kind: 'compare', field: '__proto__', operator: '!=', value: 'constructor' },
    ],
  ])('reads %s', (_name, value, filter) => {
    expect(readTagFilter(value)).toEqual(filter);
  });

  const OPERATOR = `one of ${TAG_OPERATORS.map((op) => `"${op}"`).join(', ')}`;
  const FILTER = 'a condition, a list of conditions, {"or": […]} or {"and": […]}';
  const long = 'x'.repeat(257);
  test.each<[unknown, string]>([
    ['color=red', `tag_filter: expected ${FILTER}, got "color=red"`],
    [5, `tag_filter: expected ${FILTER}, got 5`],
    [[RED, null], `tag_filter[1]: expected ${FILTER}, got null`],
    [[RED, []], 'tag_filter[1]: expected at least one condition, got an empty list'],
    [{ or: [] }, 'tag_filter.or: expected at least one condition, got an empty list'],
    [{ and: [] }, 'tag_filter.and: expected at least one condition, got an empty list'],
    [{ or: RED }, 'tag_filter.or: expected a list of conditions, got an object'],
    [{ or: [RED], and: [RED] }, 'tag_filter.and: expected nothing beside or, got a list'],
    [{}, 'tag_filter.field: expected the name of a tag, got nothing'],
    [{ ...RED, field: '' }, 'tag_filter.field: expected a name of 1 to 64 characters, got 0'],
    [{ ...RED, field: 3 }, 'tag_filter.field: expected the name of a tag, got 3'],
    [
      [RED, RED, { or: [{ ...RED, op: '~' }] }],
      `tag_filter[2].or[0].op: expected ${OPERATOR}, got "~"`,
    ],
    [{ ...RED, op: 'LIKE' }, `tag_filter.op: expected ${OPERATOR}, got "LIKE"`],
    [{ ...RED, op: 'constructor' }, `tag_filter.op: expected ${OPERATOR}, got "constructor"`],
    [
      { field: 'a', op: '=' },
      'tag_filter.value: expected a string, a number or a boolean, got nothing',
    ],
    [
      { ...RED, value: null },
      'tag_filter.value: expected a string, a number or a boolean, got null',
    ],
    [
      { ...RED, value: {} },
      'tag_filter.value: expected a string, a number or a boolean, got an object',
    ],
    [
      { ...RED, value: ['red'] },
      'tag_filter.value: expected a string, a number or a boolean for "=", got a list',
    ],
    [
      { ...RED, value: long },
      'tag_filter.value: expected a string of at most 256 characters, got 257',
    ],
    [
      JSON.parse('{"field":"a","op":"<","value":1e999}'),
      'tag_filter.value: expected a finite number, got Infinity',
    ],
    [
      { ...RED, op: 'in' },
      'tag_filter.value: expected a list of at least one value for "in", got "red"',
    ],
    [
      { ...RED, op: 'in', value: [] },
      'tag_filter.value: expected a list of at least one value for "in", got an empty list',
    ],
    [
      { ...RED, op: 'in', value: ['red', ['x']] },
      'tag_filter.value[1]: expected a string, a number or a boolean, got a list',
    ],
    [{ ...RED, op: 'like', value: 5 }, 'tag_filter.value: expected a string for "like", got 5'],
    [{ ...RED, values: 1 }, 'tag_filter.values: expected nothing beside field, op, value, got 1'],
    [
      { ...RED, 'a "b"': 1 },
      String.raw`tag_filter["a \"b\""]: expected nothing beside field, op, value, got 1`,
    ],
    [
      JSON.parse('{"field":"a","op":"=","value":1,"__proto__":2}'),
      'tag_filter.__proto__: expected nothing beside field, op, value, got 2',
    ],
  ])('refuses %j', (value, message) => {
    expect(refusalOf(() => readTagFilter(value)).message).toBe(message);
  });

  test('reads up to its limits and no further', () => {
    const { MAX_FILTER_GROUPS, MAX_FILTER_CONDITIONS, MAX_FILTER_VALUES } = TAG_LIMITS;
    expect(readTagFilter(nested(MAX_FILTER_GROUPS))).toEqual(RED_READ);
    expect(refusalOf(() => readTagFilter(nested(MAX_FILTER_GROUPS + 1))).message).toBe(
      `tag_filter${'[0]'.repeat(10)}: expected groups at most 10 deep, got one more`,
    );
    expect(readTagFilter(halves(MAX_FILTER_CONDITIONS))).toBeDefined();
    expect(refusalOf(() => readTagFilter(halves(MAX_FILTER_CONDITIONS + 1))).message).toBe(
      'tag_filter[1].or[50]: expected at most 100 conditions, got one more',
    );
    expect(readTagFilter(among(MAX_FILTER_VALUES))).toBeDefined();
    expect(refusalOf(() => readTagFilter(among(MAX_FILTER_VALUES + 1))).message).toBe(
      'tag_filter.value: expected at most 1000 values, got 1001',
    );
  });

  test('gives up at once on what is far too large', () => {
    let deep: unknown = RED;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    expect(refusalOf(() => readTagFilter(deep)).path).toBe(`tag_filter${'[0]'.repeat(10)}`);
    const wide = Array.from({ length: 1_000_000 }, () => RED);
    expect(refusalOf(() => readTagFilter(wide)).path).toBe('tag_filter[100]');
    const loud = refusalOf(() => readTagFilter({ ...RED, op: 'x'.repeat(5_000_000) }));
    expect(loud.message.length).toBeLessThan(300);
  });

  test('reads back whatever is printed', () => {
    fc.assert(
      fc.property(anyTagFilter(), (filter) => {
        const printed: unknown = JSON.parse(JSON.stringify(printTagFilter(filter)));
        expect(readTagFilter(printed)).toEqual(filter);
      }),
      { seed: 7, numRuns: runs(200) },
    );
  });

  test('says where each of 1,000 filters with one mistake has it', () => {
    fc.assert(
      fc.property(malformedTagFilter(), ({ value, path }) => {
        expect(refusalOf(() => readTagFilter(value)).path).toBe(path);
      }),
      { seed: 7, numRuns: runs(1000) },
    );
  });
});

function refusalOf(read: () => unknown): TagSyntaxError {
  try {
    return expect(read()).toBe('refused') as never;
  } catch (error) {
    if (error instanceof TagSyntaxError) return error;
    throw error;
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function nested(groups: number): unknown {
  return groups === 0 ? RED : [nested(groups - 1)];
}

/** So many conditions in two groups. */
function halves(count: number): unknown {
  return [{ or: numbers(50).map(() => RED) }, { or: numbers(count - 50).map(() => RED) }];
}

function among(count: number): unknown {
  return { field: 'n', op: 'in', value: numbers(count) };
}
