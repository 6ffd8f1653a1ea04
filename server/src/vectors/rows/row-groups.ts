import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import { TextCodes } from '../memory/text-codes.ts';

/** No row: the end of a group's list. */
const NONE = 0xffff_ffff;

const HEADS_GROWTH = 1.5;

/**
 * The rows of each group, as lists linked through their chunks: eight bytes a row. A group's code
 * stays its own while any row, also one that is on its way out, has it.
 */
export class RowGroups {
  readonly #chunks: readonly (Chunk | undefined)[];
  /** The groups' texts: a code is to be acquired for each row, and released when its place is free. */
  readonly names = new TextCodes();
  /** By code, the first row. */
  #heads: Uint32Array = new Uint32Array(0);

  constructor(chunks: readonly (Chunk | undefined)[]) {
    this.#chunks = chunks;
  }

  /** One more than the largest code. */
  get codes(): number {
    return this.names.size;
  }

  /** Adds a row to the list of a group. */
  link(code: number, id: RowId): void {
    if (code >= this.#heads.length) this.reserve(Math.ceil((code + 1) * HEADS_GROWTH));
    const head = this.#heads[code] ?? NONE;
    this.#setNext(id, head);
    this.#setPrevious(id, NONE);
    if (head !== NONE) this.#setPrevious(head, id);
    this.#heads[code] = id;
  }

  /** Makes room for the lists of so many groups. */
  reserve(codes: number): void {
    const heads = new Uint32Array(codes).fill(NONE, this.#heads.length);
    heads.set(this.#heads);
    this.#heads = heads;
  }

  unlink(code: number, id: RowId): void {
    const chunk = this.#chunks[chunkOfRow(id)];
    const next = chunk?.nextInGroup[placeOfRow(id)] ?? NONE;
    const previous = chunk?.previousInGroup[placeOfRow(id)] ?? NONE;
    if (previous === NONE) this.#heads[code] = next;
    else this.#setNext(previous, next);
    if (next !== NONE) this.#setPrevious(next, previous);
  }

  rowsOf(group: string): RowId[] {
    const code = this.names.codeOf(group);
    const ids: RowId[] = [];
    let id = code === undefined ? NONE : (this.#heads[code] ?? NONE);
    while (id !== NONE) {
      ids.push(id);
      id = this.#chunks[chunkOfRow(id)]?.nextInGroup[placeOfRow(id)] ?? NONE;
    }
    return ids;
  }

  #setNext(id: RowId, next: number): void {
    const chunk = this.#chunks[chunkOfRow(id)];
    if (chunk !== undefined) chunk.nextInGroup[placeOfRow(id)] = next;
  }

  #setPrevious(id: RowId, previous: number): void {
    const chunk = this.#chunks[chunkOfRow(id)];
    if (chunk !== undefined) chunk.previousInGroup[placeOfRow(id)] = previous;
  }
}
