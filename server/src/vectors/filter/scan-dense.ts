import { blockOffsets } from '../attributes/column-block.ts';
import type { ColumnPlace } from '../attributes/column.ts';
import { boxedTag, hasKind, TAGS, type EncodedValue } from '../attributes/encoded-value.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { offsetOf } from '../memory/address.ts';
import type { ArenaView } from '../memory/arena-views.ts';

import type { CodeSet, NumberRange, TermPlan } from './filter-plan.ts';
import { passesValue } from './passes-value.ts';

/** A column of a chunk, and the rows of it that are looked at: those from `from` that the mask has bits for. */
export interface ColumnRange {
  readonly column: ColumnPlace;
  readonly view: ArenaView;
  readonly kernel: Kernel;
  /** Where the kernel may write a bit for each row. */
  readonly scratch: number;
  readonly from: number;
  readonly mask: Uint32Array;
}

/** The word of booleans. */
const BOOLEAN_WORD = { low: 0, high: 0 };
const ONLY_NUMBERS = (1 << TAGS.absent) | (1 << TAGS.number);

/** Sets the bits of the values that pass, of a column with a value for each row; may set others outside the mask. */
export function scanDense(term: TermPlan, range: ColumnRange, bits: Uint32Array): void {
  const { kinds, isWide, scale } = range.column;
  const isOfRanges = term.numbers === undefined || !hasKind(kinds, TAGS.number);
  if (!isOfRanges || (isWide && (kinds & ~ONLY_NUMBERS) !== 0)) {
    scanAny(term, range, bits);
  } else if (isWide) {
    for (const wanted of term.ranges) markFloats(wanted, range, bits);
  } else {
    for (const { words } of term.ranges) {
      const [low, high] = [words[scale * 2] ?? 0, words[scale * 2 + 1] ?? 0];
      markBetween({ tag: TAGS.number, low, high }, range, bits);
    }
    markCodes(TAGS.text, term.texts, range, bits);
    markCodes(TAGS.list, term.lists, range, bits);
    if (term.passesYes) markBetween({ tag: TAGS.yes, ...BOOLEAN_WORD }, range, bits);
    if (term.passesNo) markBetween({ tag: TAGS.no, ...BOOLEAN_WORD }, range, bits);
  }
}

/** Where the range's first row has its tag and its word, in elements. */
function startsOf({ column, from }: ColumnRange): {
  readonly tags: number;
  readonly words: number;
} {
  const start = offsetOf(column.at);
  return { tags: start + from, words: (start + blockOffsets(column).words) / 4 + from };
}

/** Values of a tag whose words are from `low` to `high`. */
interface WordRange {
  readonly tag: number;
  readonly low: number;
  readonly high: number;
}

function markBetween({ tag, low, high }: WordRange, range: ColumnRange, bits: Uint32Array): void {
  if (low > high || !hasKind(range.column.kinds, tag)) return;
  const { tags, words } = startsOf(range);
  const { mask, view, kernel, scratch } = range;
  kernel.between(tags, words * 4, mask.length * 32, tag, low, high, scratch);
  const { u32 } = view;
  const found = scratch / 4;
  for (let i = 0; i < mask.length; i += 1) bits[i] = (bits[i] ?? 0) | (u32[found + i] ?? 0);
}

/** Marks texts, or lists. */
function markCodes(tag: number, codes: CodeSet, range: ColumnRange, bits: Uint32Array): void {
  if (codes.few !== undefined) {
    for (const code of codes.few) markBetween({ tag, low: code, high: code }, range, bits);
    return;
  }
  if (!hasKind(range.column.kinds, tag)) return;
  const { tags, words } = startsOf(range);
  const { mask, view } = range;
  const { u8, u32 } = view;
  const wanted = codes.bits;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let marked = bits[i] ?? 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const row = i * 32 + bit;
      const code = u32[words + row] ?? 0;
      const isWanted = (wanted[code >>> 5] ?? 0) >>> (code & 31);
      marked |= (isWanted & isEqual(u8[tags + row] ?? 0, tag)) << bit;
    }
    bits[i] = marked;
  }
}

/** 1 if two tags are the same, else 0. */
function isEqual(a: number, b: number): number {
  return ((a ^ b) - 1) >>> 31;
}

/** Marks numbers of a wide block: a NaN is in no range. */
function markFloats(wanted: NumberRange, range: ColumnRange, bits: Uint32Array): void {
  const { from, to, includesFrom, includesTo } = wanted;
  const { mask, view, column } = range;
  const first = offsetOf(column.at) / 8 + range.from;
  const { f64 } = view;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let marked = bits[i] ?? 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const value = f64[first + i * 32 + bit] ?? Number.NaN;
      const isAbove = Number(includesFrom ? value >= from : value > from);
      const isBelow = Number(includesTo ? value <= to : value < to);
      marked |= (isAbove & isBelow) << bit;
    }
    bits[i] = marked;
  }
}

function scanAny(term: TermPlan, range: ColumnRange, bits: Uint32Array): void {
  const { mask, column } = range;
  for (let i = 0; i < mask.length; i += 1) {
    const wanted = mask[i] ?? 0;
    let marked = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      if (((wanted >>> bit) & 1) === 0) continue;
      if (passesValue(term, valueAt(range, i * 32 + bit), column)) marked |= 1 << bit;
    }
    bits[i] = marked;
  }
}

function valueAt({ column, view, from }: ColumnRange, row: number): EncodedValue {
  const start = offsetOf(column.at);
  const { words } = blockOffsets(column);
  const { u8, i32 } = view;
  const index = from + row;
  if (!column.isWide)
    return { tag: u8[start + index] ?? 0, word: i32[(start + words) / 4 + index] ?? 0, high: 0 };
  const high = i32[start / 4 + index * 2 + 1] ?? 0;
  return { tag: boxedTag(high), word: i32[start / 4 + index * 2] ?? 0, high };
}
