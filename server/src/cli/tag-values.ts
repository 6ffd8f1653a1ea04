import type { AttributeValue, Scalar, TagFilter } from '@likeness/shared/filter';
import { InvalidArgumentError } from 'commander';

export type Tags = Readonly<Record<string, AttributeValue>>;

const ASSIGNMENT = /^(?<name>[^=]+)=(?<value>.*)$/su;
const COMPARISON = /^(?<field>[^=<>!]+)(?<op>>=|<=|!=|=|>|<)(?<value>.*)$/su;

/**
 * One more tag of pictures to be added: `color=white`, `price=89`, `sizes=["S","M"]`.
 *
 * A value that is a JSON number, boolean, string or list is that; any other is text as it stands, so that
 * `code="42"` is the text 42.
 */
export function collectTag(text: string, earlier: Tags = {}): Tags {
  const { name, value } = ASSIGNMENT.exec(text)?.groups ?? {};
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Expected name=value, such as color=white.');
  }
  return { ...earlier, [name]: readValue(value) };
}

/** One more condition on tags of hits: `color=white`, `price>=50`; with a list, any of it: `color=["red","blue"]`. */
export function collectCondition(
  text: string,
  earlier: readonly TagFilter[] = [],
): readonly TagFilter[] {
  const { field, op, value } = COMPARISON.exec(text)?.groups ?? {};
  if (field === undefined || op === undefined || value === undefined) {
    throw new InvalidArgumentError(
      'Expected name=value, or != < <= > >= in place of =, such as price>=50.',
    );
  }
  return [...earlier, toCondition(field, op as Comparison, readValue(value))];
}

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

function toCondition(field: string, op: Comparison, value: AttributeValue): TagFilter {
  // Whether a value has an order is the server's to say.
  if (typeof value !== 'object') return { field, op, value } as TagFilter;
  if (op === '=') return { field, op: 'in', value };
  if (op === '!=') return { field, op: 'not in', value };
  throw new InvalidArgumentError(`A list has no order: ${field} ${op} takes one value.`);
}

/** The JSON of a `tag_filter`, which the server reads. */
export function parseTagFilter(text: string): TagFilter {
  try {
    return JSON.parse(text) as TagFilter;
  } catch {
    throw new InvalidArgumentError(
      'Expected JSON, such as {"or": [{"field": "color", "op": "=", "value": "red"}]}.',
    );
  }
}

/** `color=white price=89`, as {@link collectTag} reads them. */
export function formatTags(tags: Tags): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

function readValue(text: string): AttributeValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (isScalar(value)) return value;
  return Array.isArray(value) && value.every(isScalar) ? value : text;
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
