import { compareCodePoints } from '../encoding/index.ts';
import type { AttributeValue, Attributes, ComparisonOperator, Filter, Scalar } from './filter.ts';

/** Text that compares as a number with a number. */
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/iu;

/**
 * Whether attributes pass a filter: the reference that every faster way must agree with.
 *
 * A negative test (`!=`, `not in`, `not like`) is exactly the negation of its positive twin, so an
 * unset attribute passes it, and passes no positive one. Of an array any element may pass a
 * positive test. A number and a numeric text compare as numbers, two texts as texts (ordered by
 * code point); anything else is unequal and unordered. `like` is a case-sensitive substring of
 * texts; numbers never match it.
 */
export function matches(filter: Filter, attributes: Attributes): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matches(term, attributes));
    case 'or':
      return filter.terms.some((term) => matches(term, attributes));
    case 'compare': {
      const { operator, value } = filter;
      const elements = elementsOf(attributes, filter.field);
      return operator === '!='
        ? !elements.some((element) => holds(element, '=', value))
        : elements.some((element) => holds(element, operator, value));
    }
    case 'in': {
      const isIn = elementsOf(attributes, filter.field).some((element) =>
        filter.values.some((value) => holds(element, '=', value)),
      );
      return isIn !== filter.negated;
    }
    case 'like': {
      const isLike = elementsOf(attributes, filter.field).some(
        (element) => typeof element === 'string' && element.includes(filter.text),
      );
      return isLike !== filter.negated;
    }
  }
}

function elementsOf(attributes: Attributes, field: string): readonly Scalar[] {
  const value: AttributeValue | undefined = Object.hasOwn(attributes, field)
    ? attributes[field]
    : undefined;
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}

function holds(left: Scalar, operator: Exclude<ComparisonOperator, '!='>, right: Scalar): boolean {
  const order = compareScalars(left, right);
  switch (operator) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Negative, 0 or positive; NaN where the two are unequal and unordered. */
function compareScalars(left: Scalar, right: Scalar): number {
  if (typeof left === 'string' && typeof right === 'string') return compareCodePoints(left, right);
  if (typeof left === 'boolean' || typeof right === 'boolean')
    return left === right ? 0 : Number.NaN;
  const a = numberOf(left);
  const b = numberOf(right);
  return a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN;
}

function numberOf(value: string | number): number {
  if (typeof value === 'number') return value;
  return DECIMAL.test(value) ? Number(value) : Number.NaN;
}
