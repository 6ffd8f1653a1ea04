import type { RowId } from '../memory/row-block.ts';

import { compareCodePoints } from '@likeness/shared/encoding';

/** Rows of a block of the order: an insertion moves about half of them. */
const BLOCK_ROWS = 512;

/** How far a block is filled when many rows are laid down at once. */
const LAID_ROWS = 384;

interface Position {
  readonly block: number;
  readonly index: number;
}

/**
 * Row ids in key order, always: blocks of at most {@link BLOCK_ROWS}, found by binary search. It
 * serves as the index of keys too. With a million rows a look-up takes about 20 comparisons, an
 * insertion some microseconds.
 */
export class KeyOrder {
  readonly #keyOf: (id: RowId) => string;
  #blocks: RowId[][] = [];
  #size = 0;

  constructor(keyOf: (id: RowId) => string) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#size;
  }

  /** The row with this key. */
  find(key: string): RowId | undefined {
    const { block, index } = this.#locate(key);
    const id = this.#blocks[block]?.[index];
    return id !== undefined && this.#keyOf(id) === key ? id : undefined;
  }

  /** Puts a row in its place, instead of the one with the same key if there is one: answers that. */
  set(key: string, id: RowId): RowId | undefined {
    const { block: number, index } = this.#locate(key);
    const block = this.#blocks[number];
    const there = block?.[index];
    if (block !== undefined && there !== undefined && this.#keyOf(there) === key) {
      block[index] = id;
      return there;
    }
    this.#size += 1;
    if (block === undefined) this.#blocks.push([id]);
    else block.splice(index, 0, id);
    if (block !== undefined && block.length > BLOCK_ROWS)
      this.#blocks.splice(number + 1, 0, block.splice(BLOCK_ROWS / 2));
    return undefined;
  }

  /** Takes the row with this key out: answers it. */
  delete(key: string): RowId | undefined {
    const { block: number, index } = this.#locate(key);
    const block = this.#blocks[number];
    const id = block?.[index];
    if (block === undefined || id === undefined || this.#keyOf(id) !== key) return undefined;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(number, 1);
    this.#size -= 1;
    return id;
  }

  /** Adds rows that are in key order already and come after all there are. */
  append(ids: Float64Array): void {
    for (let from = 0; from < ids.length; from += LAID_ROWS)
      this.#blocks.push(Array.from(ids.subarray(from, from + LAID_ROWS)));
    this.#size += ids.length;
  }

  clear(): void {
    this.#blocks = [];
    this.#size = 0;
  }

  /** A copy of all rows in order. */
  copy(): Uint32Array {
    const ids = new Uint32Array(this.#size);
    let at = 0;
    for (const block of this.#blocks) {
      ids.set(block, at);
      at += block.length;
    }
    return ids;
  }

  /** All rows in order; only those after a key if one is given. */
  *ids(after?: string): Generator<RowId> {
    const { block, index } = after === undefined ? { block: 0, index: 0 } : this.#after(after);
    for (let b = block; b < this.#blocks.length; b += 1) {
      const rows = this.#blocks[b] ?? [];
      for (let i = b === block ? index : 0; i < rows.length; i += 1) yield rows[i] ?? 0;
    }
  }

  /** Up to `num` rows in order, from the `start`th after a key (or of all) on. */
  slice(after: string | undefined, start: number, num: number): RowId[] {
    const first = after === undefined ? { block: 0, index: 0 } : this.#after(after);
    let skip = start + first.index;
    const ids: RowId[] = [];
    for (let b = first.block; b < this.#blocks.length && ids.length < num; b += 1) {
      const rows = this.#blocks[b] ?? [];
      if (skip < rows.length) ids.push(...rows.slice(skip, skip + num - ids.length));
      skip = Math.max(0, skip - rows.length);
    }
    return ids;
  }

  #after(key: string): Position {
    const { block, index } = this.#locate(key);
    const id = this.#blocks[block]?.[index];
    const isThere = id !== undefined && this.#keyOf(id) === key;
    return isThere ? { block, index: index + 1 } : { block, index };
  }

  /** Where the key is, or belongs: in the last block that begins with no larger key. */
  #locate(key: string): Position {
    const block = Math.max(
      0,
      this.#search(this.#blocks.length, (b) => this.#blocks[b]?.[0], key),
    );
    const rows = this.#blocks[block] ?? [];
    const at = this.#search(rows.length, (i) => rows[i], key);
    const id = rows[at];
    return { block, index: id !== undefined && this.#keyOf(id) === key ? at : at + 1 };
  }

  /** The last of `length` places whose key is not larger; -1 if there is none. */
  #search(length: number, idAt: (place: number) => RowId | undefined, key: string): number {
    let low = -1;
    let high = length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (compareCodePoints(this.#keyOf(idAt(middle) ?? 0), key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}
