import type { Filter, Scalar } from './filter.ts';
import { TAG_OPERATORS, type TagOperator } from './tag-filter.ts';
import { TAG_LIMITS } from './tag-limits.ts';
import { describeJson, memberPath, TagSyntaxError } from './tag-syntax-error.ts';
import { checkLength, isObject, readScalar } from './tag-values.ts';

const CONDITION_MEMBERS: readonly string[] = ['field', 'op', 'value'];
const OPERATORS: readonly string[] = TAG_OPERATORS;
const FILTER = 'a condition, a list of conditions, {"or": […]} or {"and": […]}';

/**
 * The filter that a JSON value of `tag_filter` means (see tag-filter.ts); undefined, no filter, where
 * it is absent, null or an empty list. Groups of one are read as what is in them.
 *
 * @throws {TagSyntaxError} saying where, what was expected, and what was there.
 */
export function readTagFilter(value: unknown): Filter | undefined {
  const isNone = value === undefined || value === null;
  if (isNone || (Array.isArray(value) && value.length === 0)) return undefined;
  return new TagFilterReader().read(value, 'tag_filter', 0);
}

class TagFilterReader {
  #conditions = 0;

  /** @param groups how many groups the value is in */
  read(value: unknown, path: string, groups: number): Filter {
    if (Array.isArray(value)) return this.#group('and', { terms: value, path, groups });
    if (!isObject(value)) throw new TagSyntaxError(path, FILTER, describeJson(value));
    for (const kind of ['or', 'and'] as const) {
      if (!Object.hasOwn(value, kind)) continue;
      refuseOthers(value, path, [kind]);
      const terms = value[kind];
      const termsPath = `${path}.${kind}`;
      if (Array.isArray(terms)) return this.#group(kind, { terms, path: termsPath, groups });
      throw new TagSyntaxError(termsPath, 'a list of conditions', describeJson(terms));
    }
    return this.#condition(value, path);
  }

  #group(
    kind: 'and' | 'or',
    group: { readonly terms: readonly unknown[]; readonly path: string; readonly groups: number },
  ): Filter {
    const { terms, path, groups } = group;
    const { MAX_FILTER_GROUPS } = TAG_LIMITS;
    if (groups === MAX_FILTER_GROUPS)
      throw new TagSyntaxError(path, `groups at most ${MAX_FILTER_GROUPS} deep`, 'one more');
    if (terms.length === 0)
      throw new TagSyntaxError(path, 'at least one condition', describeJson(terms));
    const read = terms.map((term, index) => this.read(term, `${path}[${index}]`, groups + 1));
    return read.length === 1 && read[0] !== undefined ? read[0] : { kind, terms: read };
  }

  #condition(value: Readonly<Record<string, unknown>>, path: string): Filter {
    const { MAX_FILTER_CONDITIONS } = TAG_LIMITS;
    this.#conditions += 1;
    if (this.#conditions > MAX_FILTER_CONDITIONS)
      throw new TagSyntaxError(path, `at most ${MAX_FILTER_CONDITIONS} conditions`, 'one more');
    const field = readField(memberOf(value, 'field'), `${path}.field`);
    const operator = readOperator(memberOf(value, 'op'), `${path}.op`);
    const operand = { value: memberOf(value, 'value'), path: `${path}.value`, operator };
    refuseOthers(value, path, CONDITION_MEMBERS);
    switch (operator) {
      case 'in':
      case 'not in':
        return { kind: 'in', field, negated: operator === 'not in', values: readValues(operand) };
      case 'like':
      case 'not like':
        return { kind: 'like', field, negated: operator === 'not like', text: readText(operand) };
      case '=':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { kind: 'compare', field, operator, value: readCompared(operand) };
    }
  }
}

interface Operand {
  readonly value: unknown;
  readonly path: string;
  readonly operator: TagOperator;
}

function readField(value: unknown, path: string): string {
  if (typeof value !== 'string')
    throw new TagSyntaxError(path, 'the name of a tag', describeJson(value));
  checkLength(value, path, { what: 'a name', min: 1, max: TAG_LIMITS.MAX_NAME_LENGTH });
  return value;
}

function readOperator(value: unknown, path: string): TagOperator {
  if (typeof value === 'string' && OPERATORS.includes(value)) return value as TagOperator;
  const expected = `one of ${OPERATORS.map((each) => `"${each}"`).join(', ')}`;
  throw new TagSyntaxError(path, expected, describeJson(value));
}

function readValues({ value, path, operator }: Operand): readonly Scalar[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new TagSyntaxError(
      path,
      `a list of at least one value for "${operator}"`,
      describeJson(value),
    );
  const { MAX_FILTER_VALUES } = TAG_LIMITS;
  if (value.length > MAX_FILTER_VALUES)
    throw new TagSyntaxError(path, `at most ${MAX_FILTER_VALUES} values`, `${value.length}`);
  return value.map((each: unknown, index) => readScalar(each, `${path}[${index}]`));
}

function readText({ value, path, operator }: Operand): string {
  if (typeof value !== 'string')
    throw new TagSyntaxError(path, `a string for "${operator}"`, describeJson(value));
  checkLength(value, path, { what: 'a string', min: 0, max: TAG_LIMITS.MAX_TEXT_LENGTH });
  return value;
}

function readCompared({ value, path, operator }: Operand): Scalar {
  if (!Array.isArray(value)) return readScalar(value, path);
  const expected = `a string, a number or a boolean for "${operator}"`;
  throw new TagSyntaxError(path, expected, describeJson(value));
}

function memberOf(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function refuseOthers(
  value: Readonly<Record<string, unknown>>,
  path: string,
  known: readonly string[],
): void {
  const other = Object.keys(value).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new TagSyntaxError(
    memberPath(path, other),
    `nothing beside ${known.join(', ')}`,
    describeJson(value[other]),
  );
}
