import type { ArenaView, ArenaViews } from '../memory/arena-views.ts';
import { offsetOf, type Address } from '../memory/address.ts';

import { TAGS, type EncodedValue } from './encoded-value.ts';

/**
 * What a column's block holds, one after the other. Dense, for each row of the chunk: tags (uint8), words (int32).
 * Else for `room` pairs: row and tag (uint16, see {@link TAG_BITS}), words. Then, where any value is a float64, the
 * high halves of those (int32).
 */
export interface BlockShape {
  readonly isDense: boolean;
  readonly hasHighs: boolean;
  /** Rows of the chunk, or pairs. */
  readonly room: number;
}

export interface PlacedValue extends EncodedValue {
  readonly row: number;
}

/** Of a pair's first word; what is left says the row. */
export const TAG_BITS = 3;
export const TAG_MASK = 2 ** TAG_BITS - 1;

/** Pairs that one allocation of the smallest size holds. */
const SMALLEST_ROOM = 10;
/** Larger rooms are multiples of this, each a quarter larger than the one before: blocks are used again by size. */
const ROOM_STEP = 32;
const GROWTH = 1.25;

/** The smallest room that there is for so many pairs. */
export function roomFor(pairs: number): number {
  if (pairs <= SMALLEST_ROOM) return SMALLEST_ROOM;
  let room = ROOM_STEP;
  while (room < pairs) room = Math.ceil((room * GROWTH) / ROOM_STEP) * ROOM_STEP;
  return room;
}

/** Bytes from a block's start to its words, and to its high halves. */
export function blockOffsets({ isDense, room }: BlockShape): {
  readonly words: number;
  readonly highs: number;
} {
  const words = isDense ? room : room * 2;
  return { words, highs: words + room * 4 };
}

export function blockBytes(shape: BlockShape): number {
  const { highs } = blockOffsets(shape);
  return shape.hasHighs ? highs + shape.room * 4 : highs;
}

/** A column's block as the thread that writes it sees it. */
export class ColumnBlock {
  readonly #shape: BlockShape;
  readonly #view: ArenaView | undefined;
  /** In elements of tags or pairs, of words, and of high halves. */
  readonly #first: number;
  readonly #words: number;
  readonly #highs: number;
  readonly #size: number;

  /** @param size pairs written */
  constructor(views: ArenaViews, at: Address, shape: BlockShape, size: number) {
    const start = offsetOf(at);
    const offsets = blockOffsets(shape);
    this.#shape = shape;
    this.#view = at === 0 ? undefined : views.at(at);
    this.#first = shape.isDense ? start : start / 2;
    this.#words = (start + offsets.words) / 4;
    this.#highs = (start + offsets.highs) / 4;
    this.#size = size;
  }

  rowAt(index: number): number {
    return this.#shape.isDense ? index : (this.#view?.u16[this.#first + index] ?? 0) >>> TAG_BITS;
  }

  valueAt(index: number): EncodedValue {
    const view = this.#view;
    return {
      tag: this.#tagAt(index),
      word: view?.i32[this.#words + index] ?? 0,
      high: this.#shape.hasHighs ? (view?.i32[this.#highs + index] ?? 0) : 0,
    };
  }

  write(index: number, row: number, { tag, word, high }: EncodedValue): void {
    const view = this.#view;
    if (view === undefined) return;
    view.i32[this.#words + index] = word;
    if (this.#shape.hasHighs) view.i32[this.#highs + index] = high;
    if (this.#shape.isDense) view.u8[this.#first + index] = tag;
    else view.u16[this.#first + index] = (row << TAG_BITS) | tag;
  }

  /** Takes a value away. */
  forget(index: number): void {
    this.write(index, this.rowAt(index), { tag: TAGS.absent, word: 0, high: 0 });
  }

  /** Where the row's values are. */
  *indexesOf(row: number, isSorted: boolean): Generator<number, void, undefined> {
    if (this.#view === undefined) return;
    if (this.#shape.isDense) {
      if (this.#tagAt(row) !== TAGS.absent) yield row;
      return;
    }
    for (let index = isSorted ? this.#firstFrom(row) : 0; index < this.#size; index += 1) {
      const at = this.rowAt(index);
      if (isSorted && at > row) return;
      if (at === row && this.#tagAt(index) !== TAGS.absent) yield index;
    }
  }

  *values(): Generator<PlacedValue, void, undefined> {
    if (this.#view === undefined) return;
    const end = this.#shape.isDense ? this.#shape.room : this.#size;
    for (let index = 0; index < end; index += 1)
      if (this.#tagAt(index) !== TAGS.absent)
        yield { row: this.rowAt(index), ...this.valueAt(index) };
  }

  #tagAt(index: number): number {
    const view = this.#view;
    if (this.#shape.isDense) return view?.u8[this.#first + index] ?? TAGS.absent;
    return (view?.u16[this.#first + index] ?? 0) & TAG_MASK;
  }

  /** The first pair of a row that is not before `row`. */
  #firstFrom(row: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rowAt(middle) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
