/**
 * Builds conditions on tags whose names, operators and values the compiler checks:
 *
 *     const shop = tagsOf<{ color: string; price: number; sizes: string[] }>();
 *     [shop('price').ge(50), { or: [shop('color').in(['white', 'beige']), shop('sizes').eq('M')] }]
 */
import type {
  OrderedPart,
  TagCondition,
  TagElement,
  TagName,
  TagOperator,
  TextPart,
} from './tag-filter.ts';

/** What a tag of this type can be asked. Of a list, any element may pass what has no "not". */
export type TagTests<Name extends string, Value> = EqualityTests<Name, Value> &
  ([OrderedPart<Value>] extends [never] ? unknown : OrderTests<Name, OrderedPart<Value>>) &
  ([TextPart<Value>] extends [never] ? unknown : SubstringTests<Name>);

/** Tests on tags of every type. */
export interface EqualityTests<Name extends string, Value> {
  eq(value: Value): TagCondition<Name, '=', Value>;
  ne(value: Value): TagCondition<Name, '!=', Value>;
  /** Any of them. */
  in(values: AtLeastOne<Value>): TagCondition<Name, 'in', AtLeastOne<Value>>;
  notIn(values: AtLeastOne<Value>): TagCondition<Name, 'not in', AtLeastOne<Value>>;
}

/** Tests on numbers, and on texts, which are ordered by code point. */
export interface OrderTests<Name extends string, Value> {
  lt(value: Value): TagCondition<Name, '<', Value>;
  le(value: Value): TagCondition<Name, '<=', Value>;
  gt(value: Value): TagCondition<Name, '>', Value>;
  ge(value: Value): TagCondition<Name, '>=', Value>;
}

/** Tests on texts: a plain, case-sensitive substring. */
export interface SubstringTests<Name extends string> {
  like(text: string): TagCondition<Name, 'like', string>;
  notLike(text: string): TagCondition<Name, 'not like', string>;
}

export type AtLeastOne<Value> = readonly [Value, ...Value[]];

/** Asks tags of the given types, one by name. */
export type TagTester<Tags> = <Name extends TagName<Tags>>(
  name: Name,
) => TagTests<Name, TagElement<Tags[Name]>>;

/** @returns what makes conditions on tags of the given types */
export function tagsOf<Tags>(): TagTester<Tags> {
  return testsOf as TagTester<Tags>;
}

/** Every test; the types above say which of them a tag has. */
function testsOf(field: string): object {
  const test =
    (op: TagOperator) =>
    (value: unknown): TagCondition<string, TagOperator, unknown> => ({ field, op, value });
  return {
    eq: test('='),
    ne: test('!='),
    lt: test('<'),
    le: test('<='),
    gt: test('>'),
    ge: test('>='),
    in: test('in'),
    notIn: test('not in'),
    like: test('like'),
    notLike: test('not like'),
  } satisfies Record<keyof TagTests<string, string>, unknown>;
}
