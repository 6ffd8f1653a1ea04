import { MIN_DENSE_SHARE, MIN_KEPT_DENSE_SHARE, MIN_WIDE_DENSE_SHARE } from '../limits.ts';
import { viewsOf } from '../memory/arena-views.ts';
import { offsetOf, type Address, type Arenas } from '../memory/arenas.ts';
import type { Reclaimer } from '../memory/reclaimer.ts';

import { commonScale, decodeNumber, TAGS, toScaled, type EncodedValue } from './encoded-value.ts';
import type { ColumnField } from './field.ts';
import {
  blockBytes,
  ColumnBlock,
  roomFor,
  type BlockShape,
  type PlacedValue,
} from './column-block.ts';

export interface ColumnMemory {
  readonly arenas: Arenas;
  readonly reclaimer: Reclaimer;
}

/** Where a column's values are, for a reader. */
export interface ColumnPlace extends BlockShape {
  /** 0 where the chunk has no such column. */
  readonly at: Address;
  /** Values that pairs of row and value hold; those behind are written later. */
  readonly size: number;
  /** A bit per tag that any row ever had: lets a filter take a shorter loop. */
  readonly kinds: number;
  /** Whether pairs are in the order of their rows. */
  readonly isSorted: boolean;
}

/** What the block of a column holds whose pairs are in the order of their rows. */
export interface ColumnContent extends Omit<ColumnPlace, 'at' | 'isSorted'> {
  /** Values of rows that are there. */
  readonly count: number;
}

/** A column's block, out of shared memory. */
export interface ColumnCopy {
  readonly content: ColumnContent;
  /** The block, as long as its shape says. */
  readonly bytes: Uint8Array;
}

/**
 * One field's values of a chunk's rows, in one of two forms: a value for each row, or, where few rows have one, pairs
 * of row and value, each written once and never moved, in the order in which rows came. A chunk without the field has
 * no column.
 *
 * A block is replaced by another where it is full, or another form is smaller; a reader keeps the one it began with.
 */
export class Column {
  readonly field: ColumnField;
  readonly #memory: ColumnMemory;
  readonly #rows: number;
  #at: Address = 0;
  #shape: BlockShape = { isDense: false, isWide: false, scale: 0, room: 0 };
  #size = 0;
  /** Values of rows that are there. */
  #count = 0;
  #kinds = 0;
  #isSorted = true;

  /**
   * @param rows of the chunk
   * @param like the column that most values will come from: where that has one for each row, so has this from the start
   */
  constructor(memory: ColumnMemory, field: ColumnField, rows: number, like?: Column) {
    this.#memory = memory;
    this.field = field;
    this.#rows = rows;
    if (like === undefined || !like.#shape.isDense) return;
    this.#shape = { ...like.#shape, room: rows };
    this.#at = memory.arenas.allocate(blockBytes(this.#shape));
    this.#block().clear();
  }

  get place(): ColumnPlace {
    const [at, size, kinds] = [this.#at, this.#size, this.#kinds];
    return { ...this.#shape, at, size, kinds, isSorted: this.#isSorted };
  }

  set(row: number, value: EncodedValue): void {
    const isFull = !this.#shape.isDense && this.#size === this.#shape.room;
    this.#count += 1;
    if (isFull || !this.#canKeep(value)) this.#rebuild({ row, ...value });
    this.#write(row, value);
    this.#kinds |= 1 << value.tag;
  }

  /** Takes the row's values away, and gives their codes back. */
  clear(row: number): void {
    const block = this.#block();
    for (const index of block.indexesOf(row, this.#isSorted)) {
      this.field.release(block.valueAt(index));
      block.forget(index);
      this.#count -= 1;
    }
    const isThin = this.#shape.isDense && this.#count < this.#rows * MIN_KEPT_DENSE_SHARE;
    if (isThin || (this.#count === 0 && this.#at !== 0)) this.#rebuild();
  }

  /** The row's values: one at most of a field that is single. */
  valuesOf(row: number): readonly EncodedValue[] {
    const block = this.#block();
    return Array.from(block.indexesOf(row, this.#isSorted), (index) => block.valueAt(index));
  }

  /** All values, in no particular order. */
  values(): Iterable<PlacedValue> {
    return this.#block().values();
  }

  /** A copy of its block, of rows that are all there, in order. */
  copy(): ColumnCopy {
    const bytes = this.#memory.arenas.bytes(this.#at, blockBytes(this.#shape)).slice();
    const [size, count, kinds] = [this.#size, this.#count, this.#kinds];
    return { content: { ...this.#shape, size, count, kinds }, bytes };
  }

  /** A block for some values of so many rows, in the order of these. */
  pack(values: readonly PlacedValue[], rows: number): ColumnCopy {
    const shape = this.#shapeFor(values, { rows, isSorted: true });
    const bytes = new Uint8Array(Math.ceil(blockBytes(shape) / 8) * 8);
    const block = new ColumnBlock(viewsOf(bytes.buffer), 0, shape, 0);
    block.clear();
    for (const [i, value] of values.entries())
      block.write(shape.isDense ? value.row : i, value.row, value);
    const kinds = values.reduce((all, { tag }) => all | (1 << tag), 0);
    const { length } = values;
    const content = { ...shape, size: shape.isDense ? 0 : length, count: length, kinds };
    return { content, bytes: bytes.subarray(0, blockBytes(shape)) };
  }

  /** Takes up what a column was when its block was copied; answers the memory that the block is to be put into. */
  adopt({ size, count, kinds, isDense, isWide, scale, room }: ColumnContent): Uint8Array {
    const shape = { isDense, isWide, scale, room };
    this.#shape = shape;
    this.#size = size;
    this.#count = count;
    this.#kinds = kinds;
    this.#at = this.#memory.arenas.allocate(blockBytes(shape));
    return this.#memory.arenas.bytes(this.#at, blockBytes(shape));
  }

  /** Gives its memory back. No reader may be left; the codes it has are other columns' by now, or go with their fields. */
  free(): void {
    if (this.#at !== 0) this.#memory.arenas.free(this.#at, blockBytes(this.#shape));
    this.#at = 0;
  }

  #canKeep({ tag, word, high }: EncodedValue): boolean {
    const { isWide, scale } = this.#shape;
    if (tag !== TAGS.number || isWide) return true;
    return toScaled(decodeNumber(word, high), scale) !== undefined;
  }

  #write(row: number, value: EncodedValue): void {
    const block = this.#block();
    if (this.#shape.isDense) {
      block.write(row, row, value);
      return;
    }
    if (this.#size > 0 && block.rowAt(this.#size - 1) > row) this.#isSorted = false;
    block.write(this.#size, row, value);
    this.#size += 1;
  }

  #block(): ColumnBlock {
    const view = this.#at === 0 ? undefined : this.#memory.arenas.views.at(this.#at);
    return new ColumnBlock(view, offsetOf(this.#at), this.#shape, this.#size);
  }

  /** Moves the values to a block that suits them, with room for one that is about to come. */
  #rebuild(coming?: PlacedValue): void {
    const { arenas, reclaimer } = this.#memory;
    const [oldAt, oldShape] = [this.#at, this.#shape];
    const values = [...this.values()];
    if (!this.#isSorted) values.sort((a, b) => a.row - b.row);
    this.#shape = this.#shapeFor(coming === undefined ? values : [...values, coming]);
    this.#at = this.#shape.room === 0 ? 0 : arenas.allocate(blockBytes(this.#shape));
    this.#size = 0;
    this.#isSorted = true;
    this.#block().clear();
    for (const value of values) this.#write(value.row, value);
    if (oldAt !== 0) reclaimer.retire(() => arenas.free(oldAt, blockBytes(oldShape)));
  }

  #shapeFor(
    values: readonly PlacedValue[],
    of = { rows: this.#rows, isSorted: this.#isSorted },
  ): BlockShape {
    const numbers = values
      .filter(({ tag }) => tag === TAGS.number)
      .map(({ word, high }) => decodeNumber(word, high));
    const scale = commonScale(numbers);
    const isWide = scale === undefined;
    const form = { isWide, scale: scale ?? 0 };
    const room =
      values.length === 0
        ? 0
        : roomFor(
            values.length,
            of.isSorted ? expected(values, of.rows) : Number.POSITIVE_INFINITY,
          );
    const pairs = { ...form, isDense: false, room };
    const dense = { ...form, isDense: true, room: of.rows };
    const isOften = values.length >= of.rows * (isWide ? MIN_WIDE_DENSE_SHARE : MIN_DENSE_SHARE);
    const isDense = this.field.isSingle && (isOften || blockBytes(dense) <= blockBytes(pairs));
    return isDense ? dense : pairs;
  }
}

/** Values that there will be when the chunk is full, if rows go on as they came; places that are used again tell nothing. */
function expected(values: readonly PlacedValue[], rows: number): number {
  const last = values.at(-1)?.row ?? rows - 1;
  return Math.max(values.length, (values.length * rows) / (last + 1));
}
