import type {
  Attributes,
  AttributeValue,
  Scalar,
  TagCondition,
  TagFilter,
} from '@likeness/shared/filter';

/**
 * Whether tags pass a `tag_filter`, by the rules alone and as plainly as they can be said: the
 * measure of the filters that serve. It shares no line with them, and takes no thought for speed.
 */
export function passesPlainly(filter: TagFilter, tags: Attributes): boolean {
  if (isList(filter)) return filter.every((each) => passesPlainly(each, tags));
  if ('or' in filter) return filter.or.some((each) => passesPlainly(each, tags));
  if ('and' in filter) return filter.and.every((each) => passesPlainly(each, tags));
  return passesCondition(filter, tags);
}

function passesCondition({ field, op, value }: TagCondition, tags: Attributes): boolean {
  const tag = Object.getOwnPropertyDescriptor(tags, field)?.value as AttributeValue | undefined;
  const elements = tag === undefined ? [] : isList(tag) ? tag : [tag];
  const wanted = isList(value) ? value : [value];
  // What the rules call a positive operator: any element may pass it, of a missing tag there is none.
  const any = (test: (element: Scalar, each: Scalar) => boolean): boolean =>
    elements.some((element) => wanted.some((each) => test(element, each)));
  switch (op) {
    case '=':
    case 'in':
      return any(isEqual);
    case '!=':
    case 'not in':
      return !any(isEqual);
    case 'like':
      return any(contains);
    case 'not like':
      return !any(contains);
    case '<':
      return any(isLess);
    case '>':
      return any((element, each) => isLess(each, element));
    case '<=':
      return any((element, each) => isLess(element, each) || isEqual(element, each));
    case '>=':
      return any((element, each) => isLess(each, element) || isEqual(element, each));
  }
}

function isEqual(a: Scalar, b: Scalar): boolean {
  if (typeof a === typeof b) return a === b;
  const [x, y] = [toNumber(a), toNumber(b)];
  return x !== undefined && y !== undefined && x === y;
}

function isLess(a: Scalar, b: Scalar): boolean {
  if (typeof a === 'string' && typeof b === 'string') return comesBefore(a, b);
  const [x, y] = [toNumber(a), toNumber(b)];
  return x !== undefined && y !== undefined && x < y;
}

function contains(tag: Scalar, text: Scalar): boolean {
  return typeof tag === 'string' && typeof text === 'string' && tag.indexOf(text) >= 0;
}

/** By code points, one at a time. */
function comesBefore(a: string, b: string): boolean {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const differs = right.findIndex((point, index) => point !== left[index]);
  if (differs === -1) return false;
  return differs >= left.length || (left[differs] ?? 0) < (right[differs] ?? 0);
}

/** The number that a value is: a number itself, or a text that writes one in decimal. */
function toNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return undefined;
  const text = value.trim();
  return /^[-+.\de]+$/iu.test(text) && !Number.isNaN(Number(text)) ? Number(text) : undefined;
}

function isList<Item>(value: object | Scalar | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
