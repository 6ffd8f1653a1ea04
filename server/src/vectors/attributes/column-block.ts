import type { ArenaView } from '../memory/arena-views.ts';

import {
  boxedTag,
  boxHigh,
  decodeNumber,
  encodeNumber,
  fromScaled,
  TAGS,
  toScaled,
  type EncodedValue,
} from './encoded-value.ts';

/**
 * What a column's block holds, one after the other.
 *
 * Dense, for each row of the chunk: tags (uint8), words (int32). Else for `room` pairs: row and tag (uint16, see
 * {@link TAG_BITS}), words. A number's word says how many times `10 ** -scale` it is.
 *
 * A block is wide if that cannot be said of all its numbers. Dense, it is float64 alone: what is not a number is boxed
 * in a NaN. Else the high halves of numbers follow (int32), and words are the low halves.
 */
export interface BlockShape {
  readonly isDense: boolean;
  readonly isWide: boolean;
  /** Of numbers; 0 if wide. */
  readonly scale: number;
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

const ABSENT: EncodedValue = { tag: TAGS.absent, word: 0, high: 0 };

/**
 * Room for so many pairs, and for some that come.
 *
 * @param expected pairs that there will be, as far as can be told: a room near that is not to be left again
 */
export function roomFor(pairs: number, expected: number): number {
  if (pairs <= SMALLEST_ROOM) return SMALLEST_ROOM;
  let room = ROOM_STEP;
  while (room < pairs) room = toStep(room * GROWTH);
  // Twice the deviation of what is left to chance.
  return Math.min(room, toStep(expected + 2 * Math.sqrt(expected - pairs)));
}

function toStep(room: number): number {
  return Math.ceil(room / ROOM_STEP) * ROOM_STEP;
}

/** Bytes from a block's start to its words, and to its high halves. A dense wide block has pairs of both from its start. */
export function blockOffsets({ isDense, isWide, room }: Omit<BlockShape, 'scale'>): {
  readonly words: number;
  readonly highs: number;
} {
  if (isDense && isWide) return { words: 0, highs: 4 };
  const words = isDense ? room : room * 2;
  return { words, highs: words + room * 4 };
}

export function blockBytes(shape: BlockShape): number {
  if (shape.isDense && shape.isWide) return shape.room * 8;
  const { highs } = blockOffsets(shape);
  return shape.isWide ? highs + shape.room * 4 : highs;
}

/** A column's block as the thread that writes it sees it. */
export class ColumnBlock {
  readonly #shape: BlockShape;
  readonly #view: ArenaView | undefined;
  /** In elements of tags or pairs, of words, and of high halves. */
  readonly #first: number;
  readonly #words: number;
  readonly #highs: number;
  /** From one word, or high half, to the next. */
  readonly #step: number;
  readonly #size: number;

  /**
   * @param view of the memory that it begins in at byte `start`; none where there is no block
   * @param size pairs written
   */
  constructor(view: ArenaView | undefined, start: number, shape: BlockShape, size: number) {
    const offsets = blockOffsets(shape);
    this.#shape = shape;
    this.#view = view;
    this.#first = shape.isDense ? start : start / 2;
    this.#words = (start + offsets.words) / 4;
    this.#highs = (start + offsets.highs) / 4;
    this.#step = shape.isDense && shape.isWide ? 2 : 1;
    this.#size = size;
  }

  rowAt(index: number): number {
    return this.#shape.isDense ? index : (this.#view?.u16[this.#first + index] ?? 0) >>> TAG_BITS;
  }

  valueAt(index: number): EncodedValue {
    const { isWide, scale } = this.#shape;
    const tag = this.#tagAt(index);
    const word = this.#view?.i32[this.#words + index * this.#step] ?? 0;
    if (tag !== TAGS.number) return { tag, word, high: 0 };
    return isWide
      ? { tag, word, high: this.#highAt(index) }
      : encodeNumber(fromScaled(word, scale));
  }

  /** A number must be one that the block can keep. */
  write(index: number, row: number, value: EncodedValue): void {
    const view = this.#view;
    if (view === undefined) return;
    const { isDense, isWide, scale } = this.#shape;
    const { tag } = value;
    const isScaled = tag === TAGS.number && !isWide;
    const word = isScaled ? toScaled(decodeNumber(value.word, value.high), scale) : value.word;
    view.i32[this.#words + index * this.#step] = word ?? 0;
    if (isWide) view.i32[this.#highs + index * this.#step] = isDense ? boxHigh(value) : value.high;
    if (!isDense) view.u16[this.#first + index] = (row << TAG_BITS) | tag;
    else if (!isWide) view.u8[this.#first + index] = tag;
  }

  /** Takes a value away. */
  forget(index: number): void {
    this.write(index, this.rowAt(index), ABSENT);
  }

  /** Makes a new block one without values. */
  clear(): void {
    const { isDense, isWide, room } = this.#shape;
    if (isDense && isWide) for (let row = 0; row < room; row += 1) this.forget(row);
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
    const { isDense, isWide } = this.#shape;
    if (!isDense) return (this.#view?.u16[this.#first + index] ?? 0) & TAG_MASK;
    if (isWide) return boxedTag(this.#highAt(index));
    return this.#view?.u8[this.#first + index] ?? TAGS.absent;
  }

  #highAt(index: number): number {
    return this.#view?.i32[this.#highs + index * this.#step] ?? 0;
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
