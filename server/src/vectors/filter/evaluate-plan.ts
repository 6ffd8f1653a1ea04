import { TAGS } from '../attributes/field.ts';
import type { ArenaViews } from '../memory/arena-views.ts';
import { offsetOf } from '../memory/arenas.ts';

import {
  hasBit,
  type ColumnPlace,
  type FilterPlan,
  type NumberRange,
  type TermPlan,
} from './filter-plan.ts';

/** Some rows of a chunk: those from `from`, a multiple of 32, that the mask has bits for. */
export interface RowRange {
  readonly views: ArenaViews;
  /** The plan's columns in this chunk. */
  readonly columns: readonly ColumnPlace[];
  readonly from: number;
}

const ONLY_INTEGERS = (1 << TAGS.absent) | (1 << TAGS.integer);
const ONLY_TEXTS = (1 << TAGS.absent) | (1 << TAGS.text);

/** The rows of a mask that pass: a bit each. Rows outside the mask are not looked at. */
export function evaluatePlan(plan: FilterPlan, range: RowRange, mask: Uint32Array): Uint32Array {
  if (plan.kind === 'term') return evaluateTerm(plan, range, mask);
  if (plan.kind === 'and') {
    let passed = mask;
    for (const term of plan.terms) passed = evaluatePlan(term, range, passed);
    return passed;
  }
  // Of an `or`, each further term looks at the rows that none has passed yet.
  const passed = new Uint32Array(mask.length);
  let open = mask;
  for (const term of plan.terms) {
    const more = evaluatePlan(term, range, open);
    const left = new Uint32Array(mask.length);
    for (let i = 0; i < mask.length; i += 1) {
      passed[i] = (passed[i] ?? 0) | (more[i] ?? 0);
      left[i] = (open[i] ?? 0) & ~(more[i] ?? 0);
    }
    open = left;
  }
  return passed;
}

function evaluateTerm(term: TermPlan, range: RowRange, mask: Uint32Array): Uint32Array {
  const column = range.columns[term.column];
  const bits = new Uint32Array(mask.length);
  if (column !== undefined && column.tagsAt !== 0) {
    if ((column.kinds & ~ONLY_INTEGERS) === 0 && term.ranges.length === 1 && term.ranges[0])
      scanIntegers(term.ranges[0], column, range, mask, bits);
    else if ((column.kinds & ~ONLY_TEXTS) === 0) scanTexts(term.texts, column, range, mask, bits);
    else scanAny(term, column, range, mask, bits);
  }
  for (let i = 0; i < mask.length; i += 1)
    bits[i] = (term.negated ? ~(bits[i] ?? 0) : (bits[i] ?? 0)) & (mask[i] ?? 0);
  return bits;
}

/** Sets the bits of integers in a range; may set others outside the mask. */
function scanIntegers(
  range: NumberRange,
  column: ColumnPlace,
  { views, from }: RowRange,
  mask: Uint32Array,
  bits: Uint32Array,
): void {
  const low = range.includesFrom ? Math.ceil(range.from) : Math.floor(range.from) + 1;
  const high = range.includesTo ? Math.floor(range.to) : Math.ceil(range.to) - 1;
  const { u8 } = views.at(column.tagsAt);
  const { i32 } = views.at(column.wordsAt);
  const tags = offsetOf(column.tagsAt) + from;
  const words = offsetOf(column.wordsAt) / 4 + from;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const value = i32[words + i * 32 + bit] ?? 0;
      if (value >= low && value <= high && u8[tags + i * 32 + bit] === TAGS.integer)
        word |= 1 << bit;
    }
    bits[i] = word;
  }
}

/** Sets the bits of texts whose code passes; may set others outside the mask. */
function scanTexts(
  codes: Uint32Array,
  column: ColumnPlace,
  { views, from }: RowRange,
  mask: Uint32Array,
  bits: Uint32Array,
): void {
  const { u8 } = views.at(column.tagsAt);
  const { u32 } = views.at(column.wordsAt);
  const tags = offsetOf(column.tagsAt) + from;
  const words = offsetOf(column.wordsAt) / 4 + from;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const row = i * 32 + bit;
      if (u8[tags + row] === TAGS.text && hasBit(codes, u32[words + row] ?? 0)) word |= 1 << bit;
    }
    bits[i] = word;
  }
}

/** The same for values of every kind. */
function scanAny(
  term: TermPlan,
  column: ColumnPlace,
  range: RowRange,
  mask: Uint32Array,
  bits: Uint32Array,
): void {
  const reader = new ValueReader(term, column, range);
  for (let i = 0; i < mask.length; i += 1) {
    const wanted = mask[i] ?? 0;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1)
      if (((wanted >>> bit) & 1) === 1 && reader.passes(i * 32 + bit)) word |= 1 << bit;
    bits[i] = word;
  }
}

class ValueReader {
  readonly #term: TermPlan;
  readonly #tags: Uint8Array;
  readonly #words: Int32Array;
  readonly #floats: Float64Array | undefined;
  readonly #tagsFrom: number;
  readonly #wordsFrom: number;
  readonly #floatsFrom: number;

  constructor(term: TermPlan, column: ColumnPlace, { views, from }: RowRange) {
    this.#term = term;
    this.#tags = views.at(column.tagsAt).u8;
    this.#words = views.at(column.wordsAt).i32;
    this.#floats = column.floatsAt === 0 ? undefined : views.at(column.floatsAt).f64;
    this.#tagsFrom = offsetOf(column.tagsAt) + from;
    this.#wordsFrom = offsetOf(column.wordsAt) / 4 + from;
    this.#floatsFrom = offsetOf(column.floatsAt) / 8 + from;
  }

  passes(row: number): boolean {
    const word = this.#words[this.#wordsFrom + row] ?? 0;
    const tag: number = this.#tags[this.#tagsFrom + row] ?? TAGS.absent;
    switch (tag) {
      case TAGS.integer:
        return passesNumber(this.#term, word);
      case TAGS.float:
        return passesNumber(this.#term, this.#floats?.[this.#floatsFrom + row] ?? Number.NaN);
      case TAGS.text:
        return hasBit(this.#term.texts, word);
      case TAGS.list:
        return hasBit(this.#term.lists, word);
      case TAGS.yes:
        return this.#term.passesYes;
      case TAGS.no:
        return this.#term.passesNo;
      default:
        return false;
    }
  }
}

function passesNumber({ ranges, numbers }: TermPlan, value: number): boolean {
  if (numbers !== undefined) return numbers.has(value);
  for (const { from, to, includesFrom, includesTo } of ranges) {
    const isAbove = value > from || (includesFrom && value === from);
    const isBelow = value < to || (includesTo && value === to);
    if (isAbove && isBelow) return true;
  }
  return false;
}
