/**
 * `tag_filter` as it is on the wire: one condition; a list, which passes what passes all of it;
 * `{"or": […]}`; `{"and": […]}`; nested as one likes.
 */
import type { Attributes, Scalar } from './filter.ts';

/** As the document lists them. */
export const TAG_OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'like',
  'not like',
  'in',
  'not in',
] as const;

export type TagOperator = (typeof TAG_OPERATORS)[number];

/** A test of one tag. */
export interface TagCondition<
  Name extends string = string,
  Operator extends TagOperator = TagOperator,
  Value = Scalar | readonly Scalar[],
> {
  readonly field: Name;
  readonly op: Operator;
  readonly value: Value;
}

/**
 * A filter over tags of the given types. An operator that a tag's type has no use for (`like` on a
 * number, `<` on a boolean) does not compile. Of a list it is the elements that are tested.
 */
export type TagFilter<Tags = Attributes> =
  | TagConditionOf<Tags>
  | readonly TagFilter<Tags>[]
  | { readonly or: readonly TagFilter<Tags>[] }
  | { readonly and: readonly TagFilter<Tags>[] };

/** What a test of a tag compares: its value; of a list, an element. */
export type TagElement<Value> = Value extends readonly (infer Element)[]
  ? Extract<Element, Scalar>
  : Extract<Value, Scalar>;

/** The part of a type that has an order, and the part that has substrings. */
export type OrderedPart<Value> = Extract<Value, string | number>;
export type TextPart<Value> = Extract<Value, string>;

export type TagName<Tags> = keyof Tags & string;

type TagConditionOf<Tags> = {
  [Name in TagName<Tags>]-?: ConditionOn<Name, TagElement<Tags[Name]>>;
}[TagName<Tags>];

type ConditionOn<Name extends string, Value> =
  | TagCondition<Name, '=' | '!=', Value>
  | TagCondition<Name, 'in' | 'not in', readonly Value[]>
  | Unless<OrderedPart<Value>, TagCondition<Name, '<' | '<=' | '>' | '>=', OrderedPart<Value>>>
  | Unless<TextPart<Value>, TagCondition<Name, 'like' | 'not like', string>>;

type Unless<Part, Condition> = [Part] extends [never] ? never : Condition;
