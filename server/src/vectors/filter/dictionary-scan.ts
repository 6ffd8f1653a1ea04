import { matches, type AttributeValue, type Filter } from '@likeness/shared/filter';

import type { Dictionary } from '../attributes/dictionary.ts';

import { setBit } from './filter-plan.ts';

/** A condition on one field. */
export type Term = Exclude<Filter, { readonly kind: 'and' | 'or' }>;

/** Finds, in steps, the dictionary entries that pass. */
export class DictionaryScan<Value> {
  readonly #dictionary: Dictionary<Value>;
  readonly #passes: (value: Value) => boolean;
  #bits = new Uint32Array(0);
  #next = 0;

  constructor(dictionary: Dictionary<Value>, passes: (value: Value) => boolean) {
    this.#dictionary = dictionary;
    this.#passes = passes;
  }

  get remaining(): number {
    return this.#dictionary.size - this.#next;
  }

  advance(entries: number): void {
    const end = Math.min(this.#dictionary.size, this.#next + entries);
    if (this.#bits.length * 32 < end) this.#grow();
    for (; this.#next < end; this.#next += 1) {
      const value = this.#dictionary.valueOf(this.#next);
      if (value !== undefined && this.#passes(value)) setBit(this.#bits, this.#next);
    }
  }

  /** A bit per code, complete as of now. */
  finish(): Uint32Array {
    this.advance(this.remaining);
    return this.#bits;
  }

  #grow(): void {
    const bits = new Uint32Array(Math.ceil(this.#dictionary.size / 32));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}

/** Whether a value of the term's field passes it. */
export function passes(term: Term, value: AttributeValue): boolean {
  return matches(term, { [term.field]: value });
}
