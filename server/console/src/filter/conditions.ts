import type { Filter, Scalar, TagOperator } from '@likeness/shared/filter';

import type { FilterLanguage, ValueType } from './filter-language.ts';

/** One line of the builder, as typed. */
export interface Condition {
  readonly field: string;
  readonly operator: TagOperator;
  readonly type: ValueType;
  /** Of `in` and `not in`: several, with commas between them. */
  readonly value: string;
}

export type Connective = 'and' | 'or';

export interface FlatFilter {
  readonly connective: Connective;
  readonly conditions: readonly Condition[];
}

export function isList(operator: TagOperator): operator is 'in' | 'not in' {
  return operator === 'in' || operator === 'not in';
}

/** A filter as lines of a builder; undefined where it says more than lines can. */
export function flatten(filter: Filter | undefined): FlatFilter | undefined {
  if (filter === undefined) return { connective: 'and', conditions: [] };
  const isGroup = filter.kind === 'and' || filter.kind === 'or';
  const terms = isGroup ? filter.terms : [filter];
  const conditions = terms.map(conditionOf).filter((condition) => condition !== undefined);
  if (conditions.length < terms.length) return undefined;
  return { connective: filter.kind === 'or' ? 'or' : 'and', conditions };
}

function conditionOf(term: Filter): Condition | undefined {
  switch (term.kind) {
    case 'compare':
      return { ...written([term.value]), field: term.field, operator: term.operator };
    case 'like': {
      const operator = term.negated ? 'not like' : 'like';
      return { field: term.field, operator, type: 'text', value: term.text };
    }
    case 'in': {
      const operator = term.negated ? 'not in' : 'in';
      const { type, value } = written(term.values);
      const isPlain = term.values.every(
        (one) => typeOf(one) === type && !String(one).includes(',') && one !== '',
      );
      return isPlain ? { field: term.field, operator, type, value } : undefined;
    }
    case 'and':
    case 'or':
      return undefined;
  }
}

function written(values: readonly Scalar[]): Pick<Condition, 'type' | 'value'> {
  const [first = ''] = values;
  return { type: typeOf(first), value: values.map(String).join(', ') };
}

function typeOf(value: Scalar): ValueType {
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : 'boolean';
}

/** Writes the lines as a filter's text; a condition whose value makes no sense is named by its place. */
export function printConditions(
  language: FilterLanguage,
  { connective, conditions }: FlatFilter,
): { readonly text: string } | { readonly wrong: number } {
  const terms: Filter[] = [];
  for (const [place, condition] of conditions.entries()) {
    const term = termOf(condition, language);
    if (term === undefined) return { wrong: place };
    terms.push(term);
  }
  if (terms.length === 0) return { text: '' };
  return { text: language.print({ kind: connective, terms }) };
}

function termOf(condition: Condition, language: FilterLanguage): Filter | undefined {
  const { field, operator, value } = condition;
  const values = readValues(condition, language);
  const [first] = values;
  if (field === '' || first === undefined) return undefined;
  if (isList(operator)) return { kind: 'in', field, negated: operator === 'not in', values };
  if (operator === 'like' || operator === 'not like') {
    return { kind: 'like', field, negated: operator === 'not like', text: value };
  }
  return { kind: 'compare', field, operator, value: first };
}

/** None where one of them makes no sense. */
function readValues(
  { operator, type, value }: Condition,
  language: FilterLanguage,
): readonly Scalar[] {
  const texts = isList(operator) ? value.split(',').map((part) => part.trim()) : [value];
  const values = texts.map((text) => readValue(text, type, language));
  return values.every((one) => one !== undefined) ? values : [];
}

function readValue(
  text: string,
  type: ValueType,
  { hasIntegersOnly }: FilterLanguage,
): Scalar | undefined {
  if (type === 'text') return text === '' ? undefined : text;
  if (type === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : undefined;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const isGood = hasIntegersOnly ? (number | 0) === number : Number.isFinite(number);
  return isGood ? number : undefined;
}
