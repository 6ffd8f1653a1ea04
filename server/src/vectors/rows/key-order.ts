import type { RowId } from '../memory/row-block.ts';

/** Rows of a block of the order: an insertion moves about half of them. */
const BLOCK_ROWS = 512;

/** How far a block is filled when many rows are laid down at once. */
export const LAID_ROWS = 384;

interface Position {
  readonly block: number;
  readonly index: number;
  /** Whether the row there has the key that was looked for. */
  readonly isThere: boolean;
}

/** Negative where a row's key comes before the other, whose UTF-8 it is, in the order of bytes; 0 where they are equal. */
export type CompareKey = (id: RowId, key: Uint8Array) => number;

/**
 * Row ids in the order of their keys' UTF-8, always: blocks of at most {@link BLOCK_ROWS}, found by binary search.
 * It serves as the index of keys too. With a million rows a look-up takes about 20 comparisons, an
 * insertion some microseconds.
 */
export class KeyOrder {
  readonly #compare: CompareKey;
  #blocks: RowId[][] = [];
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
    return isThere ? this.#blocks[block]?.[index] : undefined;
  }

  /** Puts a row in its place, instead of the one with the same key if there is one: answers that. */
  set(key: string, id: RowId): RowId | undefined {
    const { block: number, index, isThere } = this.#locate(key);
    const block = this.#blocks[number];
    if (block !== undefined && isThere) {
      const there = block[index];
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
    const { block: number, index, isThere } = this.#locate(key);
    const block = this.#blocks[number];
    const id = block?.[index];
    if (block === undefined || !isThere) return undefined;
    block.splice(index, 1);
    if (block.length === 0) this.#blocks.splice(number, 1);
    this.#size -= 1;
    return id;
  }

  /** Adds rows that are in key order already and come after all there are. */
  append(ids: Uint32Array): void {
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
    const { block, index } = this.#after(after);
    for (let b = block; b < this.#blocks.length; b += 1) {
      const rows = this.#blocks[b] ?? [];
      for (let i = b === block ? index : 0; i < rows.length; i += 1) yield rows[i] ?? 0;
    }
  }

  /** Up to `num` rows in order, from the `start`th after a key (or of all) on. */
  slice(after: string | undefined, start: number, num: number): RowId[] {
    const first = this.#after(after);
    let skip = start + first.index;
    const ids: RowId[] = [];
    for (let b = first.block; b < this.#blocks.length && ids.length < num; b += 1) {
      const rows = this.#blocks[b] ?? [];
      if (skip < rows.length) ids.push(...rows.slice(skip, skip + num - ids.length));
      skip = Math.max(0, skip - rows.length);
    }
    return ids;
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
      this.#search(this.#blocks.length, (b) => this.#blocks[b]?.[0], key),
    );
    const rows = this.#blocks[block] ?? [];
    const at = this.#search(rows.length, (i) => rows[i], key);
    const id = rows[at];
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
