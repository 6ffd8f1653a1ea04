import type { RowId } from '../memory/row-block.ts';

/** Places of a block of the order: an insertion moves about half of the rows in it, and one that is full is cut in two. */
const BLOCK_ROWS = 512;

/** How far a block is filled when many rows are laid down at once. */
export const LAID_ROWS = 384;

/** Row ids out of the heap: the collector has no business with them. */
interface Block {
  readonly ids: Uint32Array;
  /** Rows in it. */
  size: number;
}

interface Position {
  readonly block: number;
  readonly index: number;
  /** Whether the row there has the key that was looked for. */
  readonly isThere: boolean;
}

const NO_ROWS: Block = { ids: new Uint32Array(0), size: 0 };

function blockOf(rows: ArrayLike<RowId>): Block {
  const ids = new Uint32Array(BLOCK_ROWS);
  ids.set(rows);
  return { ids, size: rows.length };
}

/** Negative where a row's key comes before the other, whose UTF-8 it is, in the order of bytes; 0 where they are equal. */
export type CompareKey = (id: RowId, key: Uint8Array) => number;

/**
 * Row ids in the order of their keys' UTF-8, always: blocks of fewer than {@link BLOCK_ROWS}, found by binary search.
 * It serves as the index of keys too. With a million rows a look-up takes about 20 comparisons, an
 * insertion some microseconds.
 */
export class KeyOrder {
  readonly #compare: CompareKey;
  #blocks: Block[] = [];
  #size = 0;

  constructor(compare: CompareKey) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The row with this key. */
  find(key: string): RowId | undefined {
    const { block, index, isThere } = this.#locate(key);
    return isThere ? this.#blocks[block]?.ids[index] : undefined;
  }

  /** Puts a row in its place, instead of the one with the same key if there is one: answers that. */
  set(key: string, id: RowId): RowId | undefined {
    const { block: number, index, isThere } = this.#locate(key);
    const block = this.#blocks[number];
    if (block !== undefined && isThere) {
      const there = block.ids[index];
      block.ids[index] = id;
      return there;
    }
    this.#size += 1;
    if (block === undefined) this.#blocks.push(blockOf([id]));
    else this.#insert(number, block, { index, id });
    return undefined;
  }

  /** Takes the row with this key out: answers it. */
  delete(key: string): RowId | undefined {
    const { block: number, index, isThere } = this.#locate(key);
    const block = this.#blocks[number];
    const id = block?.ids[index];
    if (block === undefined || !isThere) return undefined;
    block.ids.copyWithin(index, index + 1, block.size);
    block.size -= 1;
    if (block.size === 0) this.#blocks.splice(number, 1);
    this.#size -= 1;
    return id;
  }

  /** Adds rows that are in key order already and come after all there are. */
  append(ids: Uint32Array): void {
    for (let from = 0; from < ids.length; from += LAID_ROWS)
      this.#blocks.push(blockOf(ids.subarray(from, from + LAID_ROWS)));
    this.#size += ids.length;
  }

  clear(): void {
    this.#blocks = [];
    this.#size = 0;
  }

  /** A copy of all rows in order. */
  copy(): Uint32Array {
    const all = new Uint32Array(this.#size);
    let at = 0;
    for (const { ids, size } of this.#blocks) {
      all.set(ids.subarray(0, size), at);
      at += size;
    }
    return all;
  }

  /** All rows in order; only those after a key if one is given. */
  *ids(after?: string): Generator<RowId> {
    const { block, index } = this.#after(after);
    for (let b = block; b < this.#blocks.length; b += 1) {
      const rows = this.#blocks[b];
      if (rows === undefined) return;
      for (let i = b === block ? index : 0; i < rows.size; i += 1) yield rows.ids[i] ?? 0;
    }
  }

  /** Up to `num` rows in order, from the `start`th after a key (or of all) on. */
  slice(after: string | undefined, start: number, num: number): RowId[] {
    const first = this.#after(after);
    let skip = start + first.index;
    const ids: RowId[] = [];
    for (let b = first.block; b < this.#blocks.length && ids.length < num; b += 1) {
      const rows = this.#blocks[b] ?? NO_ROWS;
      const end = Math.min(rows.size, skip + num - ids.length);
      if (skip < end) ids.push(...rows.ids.subarray(skip, end));
      skip = Math.max(0, skip - rows.size);
    }
    return ids;
  }

  #insert(number: number, block: Block, { index, id }: { index: number; id: RowId }): void {
    block.ids.copyWithin(index + 1, index, block.size);
    block.ids[index] = id;
    block.size += 1;
    if (block.size < BLOCK_ROWS) return;
    block.size = BLOCK_ROWS / 2;
    this.#blocks.splice(number + 1, 0, blockOf(block.ids.subarray(block.size)));
  }

  /** Where the rows after a key begin; where all do if there is none. */
  #after(key: string | undefined): Omit<Position, 'isThere'> {
    if (key === undefined) return { block: 0, index: 0 };
    const { block, index, isThere } = this.#locate(key);
    return { block, index: isThere ? index + 1 : index };
  }

  /** Where the key is, or belongs: in the last block that begins with no larger key. */
  #locate(text: string): Position {
    const key = Buffer.from(text);
    const block = Math.max(
      0,
      this.#search(this.#blocks.length, (b) => this.#blocks[b]?.ids[0], key),
    );
    const { ids, size } = this.#blocks[block] ?? NO_ROWS;
    const at = this.#search(size, (i) => ids[i], key);
    const id = ids[at];
    const isThere = id !== undefined && this.#compare(id, key) === 0;
    return { block, index: isThere ? at : at + 1, isThere };
  }

  /** The last of `length` places whose key is not larger; -1 if there is none. */
  #search(length: number, idAt: (place: number) => RowId | undefined, key: Uint8Array): number {
    let low = -1;
    let high = length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#compare(idAt(middle) ?? 0, key) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }
}
