import type { Attributes, AttributeValue, Scalar } from '@likeness/shared/filter';
import { readTags, TagSyntaxError } from '@likeness/shared/filter';

/** How the value of a tag is typed in; `json` says what the others cannot. */
export const TAG_TYPES = ['text', 'number', 'boolean', 'texts', 'numbers', 'json'] as const;
export type TagType = (typeof TAG_TYPES)[number];

/** One tag, as typed. */
export interface TagLine {
  readonly name: string;
  readonly type: TagType;
  /** Of lists: several, with commas between them. */
  readonly value: string;
}

/** Tags as lines to edit. */
export function linesOf(tags: Attributes): readonly TagLine[] {
  return Object.entries(tags).map(([name, value]) => {
    const type = typeOf(value);
    if (type === 'json') return { name, type, value: JSON.stringify(value) };
    return { name, type, value: typeof value === 'object' ? value.join(', ') : String(value) };
  });
}

/**
 * Lines as tags; those without a name and a value are none.
 *
 * @throws {TagSyntaxError} naming the tag
 * @throws {SyntaxError} where JSON is none
 */
export function tagsOf(lines: readonly TagLine[]): Attributes {
  const given = lines.filter((line) => !isBlank(line));
  const names = new Set<string>();
  for (const { name } of given) {
    if (names.has(name)) throw new TagSyntaxError(`tags.${name}`, 'each name once', 'it again');
    names.add(name);
  }
  return readTags(Object.fromEntries(given.map((line) => [line.name, valueOf(line)])));
}

/** Why lines are no tags; undefined where they are. */
export function tagProblem(lines: readonly TagLine[]): string | undefined {
  try {
    tagsOf(lines);
    return undefined;
  } catch (error) {
    if (error instanceof TagSyntaxError || error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function isBlank({ name, value }: TagLine): boolean {
  return name === '' && value === '';
}

function typeOf(value: AttributeValue): TagType {
  if (typeof value !== 'object') return scalarTypeOf(value);
  const isOf = (type: TagType): boolean => value.every((one) => scalarTypeOf(one) === type);
  if (isOf('number') && value.length > 0) return 'numbers';
  const isPlain = value.every((one) => typeof one === 'string' && one.trim() === one && one !== '');
  return isPlain && !value.some((one) => String(one).includes(',')) ? 'texts' : 'json';
}

function scalarTypeOf(value: Scalar): 'text' | 'number' | 'boolean' {
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : 'boolean';
}

/** Checked by whoever reads the tags: what is no number is NaN here. */
function valueOf({ type, value }: TagLine): unknown {
  switch (type) {
    case 'text':
      return value;
    case 'number':
      return numberOf(value);
    case 'boolean':
      return value === 'true';
    case 'texts':
      return partsOf(value);
    case 'numbers':
      return partsOf(value).map(numberOf);
    case 'json':
      return JSON.parse(value);
  }
}

function partsOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
