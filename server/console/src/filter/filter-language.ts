import { ATTRIBUTES } from '@likeness/shared/api';
import {
  FilterSyntaxError,
  parseFilter,
  printFilter,
  printTagFilter,
  readTagFilter,
  TAG_OPERATORS,
  TagSyntaxError,
  type Filter,
  type TagOperator,
} from '@likeness/shared/filter';

import type { Collection } from '../collections/collections.ts';

/** What a field holds, or an element of a field that holds a list. */
export const VALUE_TYPES = ['text', 'number', 'boolean'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** How the filters of a kind of collection are written. */
export interface FilterLanguage {
  readonly example: string;
  /** All that there are; undefined where they have any name. */
  readonly fields: readonly { readonly name: string; readonly type: ValueType }[] | undefined;
  readonly operators: Readonly<Record<ValueType, readonly TagOperator[]>>;
  /** Whether numbers are whole, and of 32 bits. */
  readonly hasIntegersOnly: boolean;
  /** @throws {Error} one that {@link filterProblem} knows */
  readonly parse: (text: string) => Filter | undefined;
  readonly print: (filter: Filter) => string;
}

/** Why a text is no filter. */
export interface FilterProblem {
  readonly message: string;
  /** From where on it cannot be read, where that is known. */
  readonly offset?: number;
}

const ORDERED = TAG_OPERATORS.filter((operator) => !operator.includes('like'));

/** `int_attr >= 5 AND str_attr = "red"`. */
const ATTRIBUTE_FILTERS: FilterLanguage = {
  example: 'int_attr >= 5 AND str_attr = "red"',
  fields: ATTRIBUTES.map(({ name, kind }) => ({ name, type: kind === 'int' ? 'number' : 'text' })),
  // The language has order for numbers alone.
  operators: { number: ORDERED, text: ['=', '!=', 'in', 'not in'], boolean: [] },
  hasIntegersOnly: true,
  parse: parseFilter,
  print: printFilter,
};

/** A `tag_filter` in JSON. */
const TAG_FILTERS: FilterLanguage = {
  example: '[{"field": "color", "op": "=", "value": "red"}]',
  fields: undefined,
  operators: { number: ORDERED, text: TAG_OPERATORS, boolean: ['=', '!='] },
  hasIntegersOnly: false,
  parse: (text) => readTagFilter(JSON.parse(text)),
  print: (filter) => JSON.stringify(printTagFilter(filter)),
};

/** The language of a collection's filters. */
export function filtersOf({ kind }: Pick<Collection, 'kind'>): FilterLanguage {
  return kind === 'instance' ? ATTRIBUTE_FILTERS : TAG_FILTERS;
}

/** What is wrong with a filter's text; undefined for one that is right, or empty. */
export function filterProblem(language: FilterLanguage, text: string): FilterProblem | undefined {
  if (text.trim() === '') return undefined;
  try {
    language.parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { message: error.message, offset: error.offset };
    // Names the path in the filter.
    if (error instanceof TagSyntaxError || error instanceof SyntaxError) {
      return { message: error.message };
    }
    throw error;
  }
}
