import { blockOffsets, TAG_BITS, TAG_MASK } from '../attributes/column-block.ts';
import { offsetOf } from '../memory/address.ts';

import { setBit, type TermPlan } from './filter-plan.ts';
import { passesValue } from './passes-value.ts';
import type { ColumnRange } from './scan-dense.ts';

/** Sets the bits of the values that pass, of a column of rows with their values; may set others outside the mask. */
export function scanPairs(term: TermPlan, range: ColumnRange, bits: Uint32Array): void {
  const { column, view, from, mask } = range;
  const { u16, i32 } = view;
  const start = offsetOf(column.at);
  const { words, highs } = blockOffsets(column);
  const [pairs, values, halves] = [start / 2, (start + words) / 4, (start + highs) / 4];
  const to = from + mask.length * 32;
  for (let i = column.isSorted ? firstFrom(range) : 0; i < column.size; i += 1) {
    const pair = u16[pairs + i] ?? 0;
    const row = pair >>> TAG_BITS;
    if (row >= to && column.isSorted) return;
    if (row < from || row >= to) continue;
    const [tag, word] = [pair & TAG_MASK, i32[values + i] ?? 0];
    const high = column.isWide ? (i32[halves + i] ?? 0) : 0;
    if (passesValue(term, { tag, word, high }, column)) setBit(bits, row - from);
  }
}

/** The first pair of a row in the range. */
function firstFrom({ column, view, from }: ColumnRange): number {
  const pairs = offsetOf(column.at) / 2;
  let [low, high] = [0, column.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((view.u16[pairs + middle] ?? 0) >>> TAG_BITS < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
