/**
 * Builds filters whose fields, operators and values the compiler checks:
 *
 *     and(int('int_attr').ge(5), str('str_attr').in(['red', 'blue']))
 */
import type { IntAttributeName, StrAttributeName } from '../api/attributes.ts';
import type { ComparisonOperator, Filter, Scalar } from './filter.ts';

/** Tests on an integer attribute. Values are whole numbers from -2147483648 to 2147483647. */
export interface IntField {
  eq(value: number): Filter;
  ne(value: number): Filter;
  lt(value: number): Filter;
  le(value: number): Filter;
  gt(value: number): Filter;
  ge(value: number): Filter;
  /** Any of them; at least one value. */
  in(values: readonly number[]): Filter;
  notIn(values: readonly number[]): Filter;
}

/** Tests on a text attribute. */
export interface StrField {
  eq(value: string): Filter;
  ne(value: string): Filter;
  /** Any of them; at least one value. */
  in(values: readonly string[]): Filter;
  notIn(values: readonly string[]): Filter;
}

/** @throws {RangeError} from its tests, when a value is no 32-bit integer or a list is empty. */
export function int(field: IntAttributeName): IntField {
  const compare = (operator: ComparisonOperator) => (value: number) =>
    ({ kind: 'compare', field, operator, value: checkedInt(value) }) as const;
  return {
    eq: compare('='),
    ne: compare('!='),
    lt: compare('<'),
    le: compare('<='),
    gt: compare('>'),
    ge: compare('>='),
    in: (values) => membership(field, values.map(checkedInt), false),
    notIn: (values) => membership(field, values.map(checkedInt), true),
  };
}

/** @throws {RangeError} from its tests, when a list is empty. */
export function str(field: StrAttributeName): StrField {
  return {
    eq: (value) => ({ kind: 'compare', field, operator: '=', value }),
    ne: (value) => ({ kind: 'compare', field, operator: '!=', value }),
    in: (values) => membership(field, values, false),
    notIn: (values) => membership(field, values, true),
  };
}

/** Passes what passes every term. */
export function and(first: Filter, ...rest: readonly Filter[]): Filter {
  return rest.length === 0 ? first : { kind: 'and', terms: [first, ...rest] };
}

/** Passes what passes any term. */
export function or(first: Filter, ...rest: readonly Filter[]): Filter {
  return rest.length === 0 ? first : { kind: 'or', terms: [first, ...rest] };
}

function membership(field: string, values: readonly Scalar[], negated: boolean): Filter {
  if (values.length === 0) throw new RangeError(`the values of "${field}" must be at least one`);
  return { kind: 'in', field, negated, values: [...values] };
}

function checkedInt(value: number): number {
  if ((value | 0) === value) return value + 0;
  throw new RangeError(`a filter's number must be a 32-bit integer, got ${value}`);
}
