import type { AttributeValue, Filter, Scalar } from '@likeness/shared/filter';

import type { RareFields } from '../attributes/rare-fields.ts';
import type { ColumnField, Field } from '../attributes/field.ts';

import { DictionaryScan, passes, type Term } from './dictionary-scan.ts';
import { codeSet, setBit, type NumberRange, type TermPlan } from './filter-plan.ts';
import { numberRange } from './number-range.ts';

type Operator = Extract<Filter, { readonly kind: 'compare' }>['operator'];

/** Up to so many numbers of an `in` list are tried one by one. */
const MAX_RANGES = 4;

const NO_BITS = new Uint32Array(0);

/** Makes a term ready, in steps. */
export interface CompilingTerm {
  /** The field of the column that the plan is for. */
  readonly field: ColumnField;
  /** Whether it accepts what its positive twin does not. */
  readonly negated: boolean;
  /** Dictionary entries to look at yet. */
  readonly remaining: number;
  advance(entries: number): void;
  /** The plan, complete as of now, for a field that is column number `column`. */
  finish(column: number): TermPlan;
}

/**
 * Makes a term ready for a field's column. What it says about texts, lists and booleans is asked of
 * the reference, `matches`; only numbers are compared without it.
 */
export class FieldTerm implements CompilingTerm {
  readonly field: Field;
  readonly negated: boolean;
  readonly #positive: Term;
  readonly #texts: DictionaryScan<string> | undefined;
  readonly #lists: DictionaryScan<readonly Scalar[]>;

  constructor(term: Term, field: Field) {
    const { negated, positive } = positiveTwin(term);
    this.negated = negated;
    this.#positive = positive;
    this.field = field;
    const test = (value: AttributeValue): boolean => passes(positive, value);
    this.#texts = lookedUpTexts(positive) ? undefined : new DictionaryScan(field.texts, test);
    this.#lists = new DictionaryScan(field.lists, test);
  }

  get remaining(): number {
    return (this.#texts?.remaining ?? 0) + this.#lists.remaining;
  }

  advance(entries: number): void {
    this.#texts?.advance(entries);
    this.#lists.advance(entries);
  }

  finish(column: number): TermPlan {
    const numbers = numbersOf(this.#positive);
    return {
      kind: 'term',
      column,
      negated: this.negated,
      ranges: numbers.size > MAX_RANGES ? [] : rangesOf(this.#positive, numbers),
      numbers: numbers.size > MAX_RANGES ? numbers : undefined,
      passesYes: passes(this.#positive, true),
      passesNo: passes(this.#positive, false),
      texts: codeSet(this.#texts?.finish() ?? this.#lookUp()),
      lists: codeSet(this.#lists.finish()),
    };
  }

  #lookUp(): Uint32Array {
    const { texts } = this.field;
    return bitsOf(
      (lookedUpTexts(this.#positive) ?? []).flatMap((text) => texts.codeOf(text) ?? []),
    );
  }
}

/** Makes a term ready for the column of all attributes that rows had while their names were rare: few of each name. */
export class RareTerm implements CompilingTerm {
  readonly field: RareFields;
  readonly negated: boolean;
  readonly remaining = 0;
  readonly #positive: Term;

  constructor(term: Term, field: RareFields) {
    const { negated, positive } = positiveTwin(term);
    this.field = field;
    this.negated = negated;
    this.#positive = positive;
  }

  advance(): void {
    // All is done in the end.
  }

  finish(column: number): TermPlan {
    const passing = this.field
      .valuesOf(this.#positive.field)
      .filter(([, value]) => passes(this.#positive, value))
      .map(([code]) => code);
    return { ...codesTerm(column, { lists: bitsOf(passing) }), negated: this.negated };
  }
}

/** Passes texts and lists by their codes alone: a bit each. */
export function codesTerm(
  column: number,
  { texts = NO_BITS, lists = NO_BITS }: Partial<Record<'texts' | 'lists', Uint32Array | undefined>>,
): TermPlan {
  return {
    kind: 'term',
    column,
    negated: false,
    ranges: [],
    numbers: undefined,
    passesYes: false,
    passesNo: false,
    texts: codeSet(texts),
    lists: codeSet(lists),
  };
}

function bitsOf(codes: readonly number[]): Uint32Array {
  const bits = new Uint32Array(codes.length === 0 ? 0 : Math.floor(Math.max(...codes) / 32) + 1);
  for (const code of codes) setBit(bits, code);
  return bits;
}

function positiveTwin(term: Term): { negated: boolean; positive: Term } {
  if (term.kind === 'compare')
    return term.operator === '!='
      ? { negated: true, positive: { ...term, operator: '=' } }
      : { negated: false, positive: term };
  return { negated: term.negated, positive: { ...term, negated: false } };
}

/** The only texts a term accepts, where it is plain equality: a text equals no other text. */
function lookedUpTexts(term: Term): readonly string[] | undefined {
  const values = equalTo(term);
  if (values === undefined || values.some((value) => typeof value === 'number')) return undefined;
  return values.filter((value) => typeof value === 'string');
}

function equalTo(term: Term): readonly Scalar[] | undefined {
  if (term.kind === 'in') return term.values;
  return term.kind === 'compare' && term.operator === '=' ? [term.value] : undefined;
}

/** The numbers a term compares with. */
function numbersOf(term: Term): ReadonlySet<number> {
  if (term.kind === 'like') return new Set();
  const values = term.kind === 'in' ? term.values : [term.value];
  return new Set(values.map(numberIn).filter((number) => !Number.isNaN(number)));
}

/** The number that the reference takes a value for when it meets one; NaN if it does not. */
function numberIn(value: Scalar): number {
  if (typeof value !== 'string') return typeof value === 'number' ? value : Number.NaN;
  const number = Number(value);
  const isNumeric = passes({ kind: 'compare', field: 'x', operator: '=', value }, number);
  return isNumeric ? number : Number.NaN;
}

function rangesOf(term: Term, numbers: ReadonlySet<number>): readonly NumberRange[] {
  const operator = term.kind === 'compare' ? term.operator : '=';
  return [...numbers].map((number) => rangeOf(operator, number));
}

function rangeOf(operator: Operator, number: number): NumberRange {
  return numberRange(boundsOf(operator, number));
}

function boundsOf(operator: Operator, number: number): Omit<NumberRange, 'words'> {
  const point = { from: number, to: number, includesFrom: true, includesTo: true };
  switch (operator) {
    case '<':
      return { ...point, from: Number.NEGATIVE_INFINITY, includesTo: false };
    case '<=':
      return { ...point, from: Number.NEGATIVE_INFINITY };
    case '>':
      return { ...point, to: Number.POSITIVE_INFINITY, includesFrom: false };
    case '>=':
      return { ...point, to: Number.POSITIVE_INFINITY };
    case '=':
    case '!=':
      return point;
  }
}
