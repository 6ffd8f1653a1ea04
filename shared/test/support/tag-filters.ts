import * as fc from 'fast-check';

import { printTagFilter, type Filter } from '../../src/filter/index.ts';

/** Any filter that `tag_filter` can say. */
export function anyTagFilter(): fc.Arbitrary<Filter> {
  const field = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }),
    fc.constantFrom('color', '__proto__', 'or', 'field'),
  );
  const text = fc.string({ unit: 'binary', maxLength: 10 });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
  const scalar = fc.oneof(text, number, fc.boolean());
  const values = fc.array(scalar, { minLength: 1, maxLength: 4 });
  const negated = fc.boolean();
  const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.record({ kind: fc.constant('compare'), field, operator, value: scalar }),
      fc.record({ kind: fc.constant('in'), field, negated, values }),
      fc.record({ kind: fc.constant('like'), field, negated, text }),
      fc.record({
        kind: fc.constantFrom('and', 'or'),
        terms: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
      }),
    ),
  }));
  return filter;
}

interface Condition {
  field?: unknown;
  op?: unknown;
  value?: unknown;
}

/** Makes one mistake in a condition, and tells where in it. */
type Mistake = (condition: Condition) => string;

function anyMistake(): fc.Arbitrary<Mistake> {
  const junk = fc.constantFrom(null, 5, {}, [], true);
  return fc.oneof(
    junk.map((value) => set('field', value)),
    fc.constantFrom('', 'x'.repeat(65)).map((value) => set('field', value)),
    junk.map((value) => set('op', value)),
    fc.string({ maxLength: 4 }).map((text) => set('op', `~${text}`)),
    fc
      .constantFrom(null, {}, [[]], [null], ['x'.repeat(257)])
      .map((value): Mistake => (condition) => {
        const isList = condition.op === 'in' || condition.op === 'not in';
        set('value', value)(condition);
        return isList && Array.isArray(value) ? '.value[0]' : '.value';
      }),
    fc.constantFrom('field', 'op', 'value').map((member): Mistake => (condition) => {
      delete condition[member];
      return `.${member}`;
    }),
    fc.constant<Mistake>((condition) => {
      Object.assign(condition, { more: 1 });
      return '.more';
    }),
  );
}

function set(member: keyof Condition, value: unknown): Mistake {
  return (condition) => {
    condition[member] = value;
    return `.${member}`;
  };
}

function conditionsOf(
  value: unknown,
  path: string,
): readonly { readonly condition: Condition; readonly path: string }[] {
  if (Array.isArray(value))
    return value.flatMap((term, index) => conditionsOf(term, `${path}[${index}]`));
  const group = value as { or?: unknown };
  if ('or' in group) return conditionsOf(group.or, `${path}.or`);
  return [{ condition: group as Condition, path }];
}

/** A filter as it would be on the wire, had its writer not made one mistake. */
export interface MalformedTagFilter {
  readonly value: unknown;
  /** Where the mistake is. */
  readonly path: string;
}

export function malformedTagFilter(): fc.Arbitrary<MalformedTagFilter> {
  return fc.tuple(anyTagFilter(), anyMistake(), fc.nat()).map(([filter, mistake, choice]) => {
    const value: unknown = JSON.parse(JSON.stringify(printTagFilter(filter)));
    const places = conditionsOf(value, 'tag_filter');
    const { condition, path } = places[choice % places.length]!;
    return { value, path: `${path}${mistake(condition)}` };
  });
}
