import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import {
  and,
  FilterSyntaxError,
  int,
  matches,
  MAX_FILTER_DEPTH,
  or,
  parseFilter,
  printFilter,
  str,
  type Attributes,
  type Filter,
} from './index.ts';

const runs = (small: number): number => (process.env['LIKENESS_PROVE'] ? small * 20 : small);

describe('parseFilter', () => {
  // Each text, and what it prints as once read.
  test.each([
    ['int_attr=5', 'int_attr = 5'],
    ['  int_attr  >=  -5  ', 'int_attr >= -5'],
    ['int_attr=-0', 'int_attr = 0'],
    ['int_attr != 2147483647', 'int_attr != 2147483647'],
    ['intAttr2<1', 'int_attr2 < 1'],
    ['IntAttr3<=1', 'int_attr3 <= 1'],
    ['INT_ATTR4>1', 'int_attr4 > 1'],
    ['str_attr="a b"', 'str_attr = "a b"'],
    ["strAttr4!='é'", 'str_attr4 != "é"'],
    [String.raw`StrAttr='B0\'X'`, `str_attr = "B0'X"`],
    [String.raw`str_attr="a\"b\\c\n"`, String.raw`str_attr = "a\"b\\cn"`],
    ['str_attr="\\\u{1F600}"', 'str_attr = "\u{1F600}"'],
    ['str_attr=""', 'str_attr = ""'],
    ['int_attr in (1,2)', 'int_attr IN (1, 2)'],
    ['int_attr IN[1]', 'int_attr IN (1)'],
    ['int_attr Not  In ( -1 , 2 )', 'int_attr NOT IN (-1, 2)'],
    ['str_attr not in ["a",\'b\']', 'str_attr NOT IN ("a", "b")'],
    ['int_attr=1 AND str_attr="v"', 'int_attr = 1 AND str_attr = "v"'],
    ['int_attr=1and int_attr2=2', 'int_attr = 1 AND int_attr2 = 2'],
    ['int_attr=1 or int_attr=2 and int_attr=3', 'int_attr = 1 OR (int_attr = 2 AND int_attr = 3)'],
    [
      '(int_attr=1 OR int_attr=2) AND int_attr=3',
      '(int_attr = 1 OR int_attr = 2) AND int_attr = 3',
    ],
    ['((int_attr=1))', 'int_attr = 1'],
    [
      'intAttr = 1000 AND  intAttr2 = 200 AND strAttr = "str2345" AND strAttr2="str9999"',
      'int_attr = 1000 AND int_attr2 = 200 AND str_attr = "str2345" AND str_attr2 = "str9999"',
    ],
    [
      '(int_attr >= 100000000 AND int_attr < 200000000 AND int_attr=100000252 AND str_attr="87")',
      'int_attr >= 100000000 AND int_attr < 200000000 AND int_attr = 100000252 AND str_attr = "87"',
    ],
  ])('reads %s', (text, printed) => {
    expect(printFilter(parseFilter(text))).toBe(printed);
  });

  const FIELD = 'a field, int_attr to int_attr4 or str_attr to str_attr4,';
  const INT_OPERATOR = '=, !=, <, <=, >, >=, IN or NOT IN';
  const INTEGER = 'a whole number from -2147483648 to 2147483647';
  test.each([
    ['', FIELD, 0],
    ['   ', FIELD, 3],
    ['price = 1', FIELD, 0],
    ['int_attr5 = 1', FIELD, 0],
    ['1 = int_attr', FIELD, 0],
    ['int_attr', INT_OPERATOR, 8],
    ['int_attr == 1', INTEGER, 10],
    ['int_attr = "5"', INTEGER, 11],
    ['int_attr = 2147483648', INTEGER, 11],
    ['int_attr = -2147483649', INTEGER, 11],
    [`int_attr = ${'9'.repeat(400)}`, INTEGER, 11],
    ['int_attr = x', INTEGER, 11],
    ['int_attr = 1.5', 'a field, a value, an operator or a bracket', 12],
    ['int_attr & 1', 'a field, a value, an operator or a bracket', 9],
    ['str_attr > "a"', '=, !=, IN or NOT IN', 9],
    ['str_attr = a', 'a quoted text', 11],
    ['str_attr = 1', 'a quoted text', 11],
    ['str_attr = "a', 'a closing "', 13],
    [String.raw`str_attr = 'a\'`, "a closing '", 15],
    ['int_attr = 1 str_attr = "a"', 'AND, OR or the end', 13],
    ['int_attr = 1 AND', FIELD, 16],
    ['int_attr = 1 AND AND int_attr = 2', FIELD, 17],
    ['(int_attr = 1', 'AND, OR or ")"', 13],
    ['int_attr = 1)', 'AND, OR or the end', 12],
    ['int_attr not 1', 'IN', 13],
    ['int_attr in 1', '"(" or "["', 12],
    ['int_attr in ()', INTEGER, 13],
    ['int_attr in (1,)', INTEGER, 15],
    ['int_attr in (1]', '"," or ")"', 14],
    ['int_attr in [1 2]', '"," or "]"', 15],
  ])('refuses %j: expected %s at %i', (text, expected, offset) => {
    expect(refusalOf(text)).toMatchObject({
      name: 'FilterSyntaxError',
      message: `expected ${expected} at offset ${offset}`,
      offset,
    });
  });

  test('nests to its limit and no deeper', () => {
    expect(parseFilter(nested(MAX_FILTER_DEPTH))).toMatchObject({ kind: 'compare' });
    expect(refusalOf(nested(MAX_FILTER_DEPTH + 1)).message).toBe(
      'expected parentheses at most 50 deep at offset 51',
    );
    expect(refusalOf('('.repeat(1_000_000)).offset).toBe(51);
  });

  test('is linear in the length of a text', () => {
    const long = Array.from({ length: 100_000 }, () => 'int_attr=1').join(' and ');
    expect(parseFilter(long)).toMatchObject({ kind: 'and' });
    expect(refusalOf(`str_attr="${'\\x'.repeat(500_000)}`).message).toContain('a closing "');
    expect(refusalOf(' '.repeat(1_000_000)).offset).toBe(1_000_000);
  });

  test('answers or refuses with an offset inside the text, whatever the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('int_attr', ' str_attr2 ', '=', '>=', '1', '"a"', "'", '"', '\\'),
      fc.constantFrom(' and ', ' OR ', ' not ', ' in ', '(', ')', '[', ']', ','),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const outcome = tryParse(text);
        if (!(outcome instanceof FilterSyntaxError)) return;
        expect(outcome.offset).toBeGreaterThanOrEqual(0);
        expect(outcome.offset).toBeLessThanOrEqual(text.length);
      }),
      { seed: 4, numRuns: runs(1000) },
    );
  });

  test('reads back whatever is printed', () => {
    fc.assert(
      fc.property(anyFilter(), (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { seed: 4, numRuns: runs(500) },
    );
  });
});

describe('matches', () => {
  test.each<[string, Attributes, boolean]>([
    ['int_attr = 5', { int_attr: 5 }, true],
    ['int_attr != 5', { int_attr: 5 }, false],
    ['int_attr < 5', { int_attr: 5 }, false],
    ['int_attr <= 5', { int_attr: 5 }, true],
    ['int_attr > 4 AND int_attr < 6', { int_attr: 5 }, true],
    ['int_attr = 1 OR int_attr in (4, 5)', { int_attr: 5 }, true],
    ['str_attr = "a"', { str_attr: 'A' }, false],
    ['str_attr not in ("a", "b")', { str_attr: 'c' }, true],
    ['str_attr not in ("a", "c")', { str_attr: 'c' }, false],
    // Unset: no positive test, every negative one.
    ['int_attr = 0', {}, false],
    ['int_attr <= 0', {}, false],
    ['int_attr in (0)', {}, false],
    ['str_attr = ""', {}, false],
    ['int_attr != 0', {}, true],
    ['int_attr not in (0)', {}, true],
  ])('%s over %j is %s', (text, attributes, expected) => {
    expect(matches(parseFilter(text), attributes)).toBe(expected);
  });

  test.each<[string, Filter, Attributes, boolean]>([
    ['a number equals a numeric text', eq('t', 5), { t: ' 5.0 ' }, true],
    ['a numeric text equals a number', eq('t', '5e0'), { t: 5 }, true],
    ['two numeric texts compare as texts', eq('t', '5'), { t: '5.0' }, false],
    ['hexadecimal is no number', eq('t', 16), { t: '0x10' }, false],
    ['empty text is no number', eq('t', 0), { t: '' }, false],
    ['a boolean equals only itself', eq('t', true), { t: 1 }, false],
    ['a boolean equals itself', eq('t', true), { t: true }, true],
    ['any element passes a positive test', eq('t', 'b'), { t: ['a', 'b'] }, true],
    ['no element of an empty array does', eq('t', 'b'), { t: [] }, false],
    ['like is a substring', like('ed'), { t: 'red' }, true],
    ['like minds case', like('ED'), { t: 'red' }, false],
    ['like never matches a number', like('5'), { t: 5 }, false],
    ['like "" matches every text', like(''), { t: '' }, true],
    ['like "" needs a value', like(''), {}, false],
    ['not like passes where nothing is set', like('x', true), {}, true],
    ['not like passes a number', like('5', true), { t: 5 }, true],
    ['an inherited property is not set', eq('constructor', 'x'), {}, false],
  ])('%s', (_name, filter, attributes, expected) => {
    expect(matches(filter, attributes)).toBe(expected);
  });

  test('texts are ordered by code point, also beyond U+FFFF', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const isLess = Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
        const filter: Filter = { kind: 'compare', field: 't', operator: '<', value: b };
        expect(matches(filter, { t: a })).toBe(isLess);
      }),
      { seed: 4, numRuns: runs(500), examples: [['\uFFFD', '\u{1F600}']] },
    );
  });

  test('a negative test is the negation of its positive twin', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constantFrom('1', 1, 1.5));
    fc.assert(
      fc.property(fc.array(value), fc.array(value, { minLength: 1 }), (t, values) => {
        const attributes = { t };
        const test = (negated: boolean): boolean =>
          matches({ kind: 'in', field: 't', negated, values }, attributes);
        expect(test(true)).toBe(!test(false));
        const unequal: Filter = { kind: 'compare', field: 't', operator: '!=', value: values[0]! };
        expect(matches(unequal, attributes)).toBe(!matches(eq('t', values[0]!), attributes));
      }),
      { seed: 4, numRuns: runs(300) },
    );
  });
});

describe('building', () => {
  test('builds what the text means', () => {
    const built = and(
      or(int('int_attr').ge(5), int('int_attr2').in([1, 2])),
      str('str_attr').ne('red'),
      str('str_attr4').notIn(['a']),
    );
    const text =
      '(int_attr >= 5 OR int_attr2 IN (1, 2)) AND str_attr != "red" AND str_attr4 NOT IN ("a")';
    expect(built).toEqual(parseFilter(text));
    expect(and(int('int_attr3').lt(0))).toEqual(parseFilter('int_attr3 < 0'));
  });

  test('refuses numbers that no attribute can hold, and empty lists', () => {
    for (const value of [1.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN, Infinity]) {
      expect(() => int('int_attr').eq(value)).toThrow(RangeError);
    }
    expect(() => str('str_attr').in([])).toThrow(RangeError);
  });

  test('is checked by the compiler', () => {
    // @ts-expect-error no such attribute
    expect(int('int_attr5').eq(1)).toBeDefined();
    // @ts-expect-error a text attribute has no order
    expect(str('str_attr').lt).toBeUndefined();
    // @ts-expect-error a text attribute holds texts
    expect(str('str_attr').eq(1)).toBeDefined();
  });
});

function refusalOf(text: string): FilterSyntaxError {
  const outcome = tryParse(text);
  if (outcome instanceof FilterSyntaxError) return outcome;
  throw new Error(`"${text.slice(0, 100)}" was read as ${JSON.stringify(outcome)}`);
}

function tryParse(text: string): Filter | FilterSyntaxError {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
}

/** Any filter that the RPC language can say. */
function anyFilter(): fc.Arbitrary<Filter> {
  const suffix = fc.constantFrom('', '2', '3', '4');
  const intField = suffix.map((each) => `int_attr${each}`);
  const strField = suffix.map((each) => `str_attr${each}`);
  const integer = fc.integer();
  const string = fc.string({ unit: 'binary', maxLength: 10 });
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      compare(intField, ['=', '!=', '<', '<=', '>', '>='], integer),
      compare(strField, ['=', '!='], string),
      membership(intField, integer),
      membership(strField, string),
      fc.record({
        kind: fc.constantFrom('and', 'or'),
        terms: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
      }),
    ) as fc.Arbitrary<Filter>,
  }));
  return filter;
}

function list<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(values, { minLength: 1, maxLength: 4 });
}

function compare(
  field: fc.Arbitrary<string>,
  operators: readonly string[],
  value: fc.Arbitrary<unknown>,
) {
  return fc.record({
    kind: fc.constant('compare'),
    field,
    operator: fc.constantFrom(...operators),
    value,
  });
}

function membership(field: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) {
  return fc.record({ kind: fc.constant('in'), field, negated: fc.boolean(), values: list(value) });
}

function nested(depth: number): string {
  return `${'('.repeat(depth)}int_attr=1${')'.repeat(depth)}`;
}

function eq(field: string, value: string | number | boolean): Filter {
  return { kind: 'compare', field, operator: '=', value };
}

function like(text: string, negated = false): Filter {
  return { kind: 'like', field: 't', negated, text };
}
