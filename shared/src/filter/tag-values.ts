import type { Attributes, AttributeValue, Scalar } from './filter.ts';
import { TAG_LIMITS } from './tag-limits.ts';
import { describeJson, memberPath, TagSyntaxError } from './tag-syntax-error.ts';

/**
 * The tags of an image, from JSON: any name, and a string, a number, a boolean or a list of these.
 * None where `value` is absent or null.
 *
 * @throws {TagSyntaxError} saying which tag, and what was expected.
 */
export function readTags(value: unknown): Attributes {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw new TagSyntaxError('tags', 'an object', describeJson(value));
  const entries = Object.entries(value);
  if (entries.length > TAG_LIMITS.MAX_TAGS)
    throw new TagSyntaxError('tags', `at most ${TAG_LIMITS.MAX_TAGS} tags`, `${entries.length}`);
  let length = 0;
  const tags = entries.map(([name, each]) => {
    const path = memberPath('tags', name);
    checkLength(name, path, { what: 'a name', min: 1, max: TAG_LIMITS.MAX_NAME_LENGTH });
    const tag = readTagValue(each, path);
    length += name.length + lengthOf(tag);
    return [name, tag] as const;
  });
  if (length > TAG_LIMITS.MAX_TOTAL_LENGTH) {
    const expected = `at most ${TAG_LIMITS.MAX_TOTAL_LENGTH} characters of names and values together`;
    throw new TagSyntaxError('tags', expected, `${length}`);
  }
  // From entries, because a tag may be named "__proto__".
  return Object.fromEntries(tags);
}

/** A value that a tag may have, or that may be in its list. */
export function readScalar(value: unknown, path: string): Scalar {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    checkLength(value, path, { what: 'a string', min: 0, max: TAG_LIMITS.MAX_TEXT_LENGTH });
    return value;
  }
  if (typeof value !== 'number')
    throw new TagSyntaxError(path, 'a string, a number or a boolean', describeJson(value));
  // JSON's 1e999 is no number any more. Adding 0 makes -0 an ordinary zero.
  if (!Number.isFinite(value)) throw new TagSyntaxError(path, 'a finite number', String(value));
  return value + 0;
}

/** @throws {TagSyntaxError} if the text's length is outside the bounds. */
export function checkLength(
  text: string,
  path: string,
  { what, min, max }: { readonly what: string; readonly min: number; readonly max: number },
): void {
  if (text.length >= min && text.length <= max) return;
  const bounds = min === 0 ? `at most ${max}` : `${min} to ${max}`;
  throw new TagSyntaxError(path, `${what} of ${bounds} characters`, `${text.length}`);
}

/** Whether a JSON value is an object, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readTagValue(value: unknown, path: string): AttributeValue {
  if (!Array.isArray(value)) return readScalar(value, path);
  if (value.length > TAG_LIMITS.MAX_ELEMENTS) {
    const expected = `at most ${TAG_LIMITS.MAX_ELEMENTS} elements`;
    throw new TagSyntaxError(path, expected, `${value.length}`);
  }
  return value.map((element: unknown, index) => readScalar(element, `${path}[${index}]`));
}

function lengthOf(value: AttributeValue): number {
  if (typeof value === 'object')
    return value.reduce<number>((total, element) => total + String(element).length, 0);
  return String(value).length;
}
