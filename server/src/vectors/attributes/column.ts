import type { Address, Arenas } from '../memory/arenas.ts';
import { offsetOf } from '../memory/arenas.ts';

import { TAGS, type ColumnField, type EncodedValue } from './field.ts';

/**
 * One field's values of a chunk's rows: a tag and a 32-bit word a row, and 64-bit floats from the
 * first on that needs them. A chunk without the field has no column.
 */
export class Column {
  readonly field: ColumnField;
  readonly tagsAt: Address;
  readonly wordsAt: Address;
  floatsAt: Address = 0;
  /** A bit per tag that any row ever had: lets a filter take a shorter loop. */
  kinds = 0;
  readonly #arenas: Arenas;
  readonly #capacity: number;
  readonly #tags: Uint8Array;
  readonly #words: Int32Array;
  #floats: Float64Array | undefined;

  constructor(arenas: Arenas, field: ColumnField, capacity: number) {
    this.field = field;
    this.#arenas = arenas;
    this.#capacity = capacity;
    this.tagsAt = arenas.allocate(capacity);
    this.wordsAt = arenas.allocate(capacity * 4);
    this.#tags = arenas.bytes(this.tagsAt, capacity);
    this.#words = new Int32Array(arenas.buffer(this.wordsAt), offsetOf(this.wordsAt), capacity);
  }

  set(row: number, { tag, word, float }: EncodedValue): void {
    if (tag === TAGS.float) this.#makeFloats()[row] = float;
    this.#words[row] = word;
    this.#tags[row] = tag;
    this.kinds |= 1 << tag;
  }

  /** Takes the row's value away, and gives its code back. */
  clear(row: number): void {
    const value = this.get(row);
    this.#tags[row] = TAGS.absent;
    this.field.release(value);
  }

  /** Takes the row's value away. Its code stays in use: another place has it now. */
  forget(row: number): void {
    this.#tags[row] = TAGS.absent;
  }

  get(row: number): EncodedValue {
    return {
      tag: this.#tags[row] ?? TAGS.absent,
      word: this.#words[row] ?? 0,
      float: this.#floats?.[row] ?? 0,
    };
  }

  free(): void {
    this.#arenas.free(this.tagsAt, this.#capacity);
    this.#arenas.free(this.wordsAt, this.#capacity * 4);
    if (this.floatsAt !== 0) this.#arenas.free(this.floatsAt, this.#capacity * 8);
  }

  #makeFloats(): Float64Array {
    if (this.#floats === undefined) {
      this.floatsAt = this.#arenas.allocate(this.#capacity * 8);
      const buffer = this.#arenas.buffer(this.floatsAt);
      this.#floats = new Float64Array(buffer, offsetOf(this.floatsAt), this.#capacity);
    }
    return this.#floats;
  }
}
