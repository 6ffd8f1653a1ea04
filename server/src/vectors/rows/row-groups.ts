import { textDictionary } from '../attributes/dictionary.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';

/** No row: the end of a group's list. */
const NONE = 0xffff_ffff;

/**
 * The rows of each group, as lists linked through their chunks: eight bytes a row. A group's code
 * stays its own while any row, also one that is on its way out, has it.
 */
export class RowGroups {
  readonly #chunks: readonly (Chunk | undefined)[];
  readonly #codes = textDictionary();
  readonly #heads: number[] = [];

  constructor(chunks: readonly (Chunk | undefined)[]) {
    this.#chunks = chunks;
  }

  /** One more than the largest code. */
  get codes(): number {
    return this.#codes.size;
  }

  nameOf(code: number): string {
    return this.#codes.valueOf(code) ?? '';
  }

  /** The group's code, for one more row: {@link release} it when the row's place is free. */
  acquire(group: string): number {
    return this.#codes.acquire(group);
  }

  release(code: number): void {
    this.#codes.release(code);
  }

  /** Adds a row to the list of a group. */
  link(code: number, id: RowId): void {
    const head = this.#heads[code] ?? NONE;
    this.#setNext(id, head);
    this.#setPrevious(id, NONE);
    if (head !== NONE) this.#setPrevious(head, id);
    this.#heads[code] = id;
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
    const code = this.#codes.codeOf(group);
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
