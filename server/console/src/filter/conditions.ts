import { ATTRIBUTES } from '@likeness/shared/api';
import { printFilter, type Filter } from '@likeness/shared/filter';

export const OPERATORS = ['=', '!=', '>', '>=', '<', '<=', 'in', 'not in'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One line of the builder, as typed. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  /** Of `in` and `not in`: several, with commas between them. */
  readonly value: string;
}

export type Connective = 'and' | 'or';

export interface FlatFilter {
  readonly connective: Connective;
  readonly conditions: readonly Condition[];
}

/** The language has order for numbers alone. */
export function operatorsOf(field: string): readonly Operator[] {
  return isNumeric(field) ? OPERATORS : ['=', '!=', 'in', 'not in'];
}

export function isNumeric(field: string): boolean {
  return ATTRIBUTES.some(({ name, kind }) => name === field && kind === 'int');
}

/** A filter as lines of a builder; undefined where groups stand within groups. */
export function flatten(filter: Filter | undefined): FlatFilter | undefined {
  if (filter === undefined) return { connective: 'and', conditions: [] };
  const isGroup = filter.kind === 'and' || filter.kind === 'or';
  const terms = isGroup ? filter.terms : [filter];
  const conditions = terms.map(conditionOf);
  if (conditions.some((condition) => condition === undefined)) return undefined;
  return {
    connective: filter.kind === 'or' ? 'or' : 'and',
    conditions: conditions.filter((condition) => condition !== undefined),
  };
}

function conditionOf(term: Filter): Condition | undefined {
  if (term.kind === 'compare') {
    return { field: term.field, operator: term.operator, value: String(term.value) };
  }
  if (term.kind !== 'in') return undefined;
  const operator = term.negated ? 'not in' : 'in';
  return { field: term.field, operator, value: term.values.map(String).join(', ') };
}

/** Writes the lines as a filter's text; a condition whose value makes no sense is named by its place. */
export function printConditions({
  connective,
  conditions,
}: FlatFilter): { readonly text: string } | { readonly wrong: number } {
  const terms: Filter[] = [];
  for (const [place, condition] of conditions.entries()) {
    const term = termOf(condition);
    if (term === undefined) return { wrong: place };
    terms.push(term);
  }
  if (terms.length === 0) return { text: '' };
  return { text: printFilter({ kind: connective, terms }) };
}

function termOf({ field, operator, value }: Condition): Filter | undefined {
  const isList = operator === 'in' || operator === 'not in';
  const texts = isList ? value.split(',').map((part) => part.trim()) : [value];
  const values = texts.map((text) => (isNumeric(field) ? readInteger(text) : text || undefined));
  if (!values.every((one) => one !== undefined)) return undefined;
  const [first] = values;
  if (isList) return { kind: 'in', field, negated: operator === 'not in', values };
  return first === undefined ? undefined : { kind: 'compare', field, operator, value: first };
}

function readInteger(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return (number | 0) === number ? number : undefined;
}
