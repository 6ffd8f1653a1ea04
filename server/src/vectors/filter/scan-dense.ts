import { blockOffsets } from '../attributes/column-block.ts';
import type { ColumnPlace } from '../attributes/column.ts';
import { decodeDecimal, TAGS } from '../attributes/encoded-value.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { offsetOf } from '../memory/address.ts';
import type { ArenaView } from '../memory/arena-views.ts';

import { hasBit, type NumberRange, type TermPlan } from './filter-plan.ts';
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

const ONLY_INTEGERS = (1 << TAGS.absent) | (1 << TAGS.integer);
const ONLY_DECIMALS = ONLY_INTEGERS | (1 << TAGS.decimal);
const ONLY_TEXTS = (1 << TAGS.absent) | (1 << TAGS.text);
const ONLY_LISTS = (1 << TAGS.absent) | (1 << TAGS.list);

/** Of int32. */
const [SMALLEST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

/** Sets the bits of the values that pass, of a column with a value for each row; may set others outside the mask. */
export function scanDense(term: TermPlan, range: ColumnRange, bits: Uint32Array): void {
  const { kinds } = range.column;
  const [only, ...others] = term.ranges;
  const isOneRange = only !== undefined && others.length === 0;
  if (isOneRange && (kinds & ~ONLY_INTEGERS) === 0) scanIntegers(only, range, bits);
  else if (isOneRange && (kinds & ~ONLY_DECIMALS) === 0) scanDecimals(only, range, bits);
  else if ((kinds & ~ONLY_TEXTS) === 0) scanCodes(TAGS.text, term.texts, range, bits);
  else if ((kinds & ~ONLY_LISTS) === 0) scanCodes(TAGS.list, term.lists, range, bits);
  else scanAny(term, range, bits);
}

/** Where the range's first row has its tag, its word and its high half, in elements. */
function startsOf({ column, from }: ColumnRange): {
  readonly tags: number;
  readonly words: number;
  readonly highs: number;
} {
  const start = offsetOf(column.at);
  const offsets = blockOffsets(column);
  return {
    tags: start + from,
    words: (start + offsets.words) / 4 + from,
    highs: (start + offsets.highs) / 4 + from,
  };
}

function scanIntegers(wanted: NumberRange, range: ColumnRange, bits: Uint32Array): void {
  const low = wanted.includesFrom ? Math.ceil(wanted.from) : Math.floor(wanted.from) + 1;
  const high = wanted.includesTo ? Math.floor(wanted.to) : Math.ceil(wanted.to) - 1;
  if (low > LARGEST || high < SMALLEST) return;
  const { kernel, scratch, mask, view } = range;
  const { tags, words } = startsOf(range);
  const rows = mask.length * 32;
  const [least, most] = [Math.max(low, SMALLEST), Math.min(high, LARGEST)];
  kernel.between(tags, words * 4, rows, TAGS.integer, least, most, scratch);
  bits.set(view.u32.subarray(scratch / 4, scratch / 4 + mask.length));
}

function scanDecimals(wanted: NumberRange, range: ColumnRange, bits: Uint32Array): void {
  const { from: low, to: high, includesFrom, includesTo } = wanted;
  const { tags, words } = startsOf(range);
  const { mask, view } = range;
  const { u8, i32 } = view;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const tag: number = u8[tags + i * 32 + bit] ?? TAGS.absent;
      const kept = i32[words + i * 32 + bit] ?? 0;
      const value = tag === TAGS.decimal ? decodeDecimal(kept) : kept;
      const isAbove = includesFrom ? value >= low : value > low;
      const isBelow = includesTo ? value <= high : value < high;
      if (isAbove && isBelow && tag !== TAGS.absent) word |= 1 << bit;
    }
    bits[i] = word;
  }
}

/** Of texts, or of lists. */
function scanCodes(
  wanted: number,
  codes: Uint32Array,
  range: ColumnRange,
  bits: Uint32Array,
): void {
  const { tags, words } = startsOf(range);
  const { mask, view } = range;
  const { u8, u32 } = view;
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const row = i * 32 + bit;
      if (u8[tags + row] === wanted && hasBit(codes, u32[words + row] ?? 0)) word |= 1 << bit;
    }
    bits[i] = word;
  }
}

function scanAny(term: TermPlan, range: ColumnRange, bits: Uint32Array): void {
  const { tags, words, highs } = startsOf(range);
  const { mask, view, column } = range;
  const { u8, i32 } = view;
  for (let i = 0; i < mask.length; i += 1) {
    const wanted = mask[i] ?? 0;
    let word = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      if (((wanted >>> bit) & 1) === 0) continue;
      const row = i * 32 + bit;
      const high = column.hasHighs ? (i32[highs + row] ?? 0) : 0;
      if (passesValue(term, u8[tags + row] ?? TAGS.absent, i32[words + row] ?? 0, high))
        word |= 1 << bit;
    }
    bits[i] = word;
  }
}
