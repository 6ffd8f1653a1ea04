import type { AttributeValue } from '@likeness/shared/filter';

import { textDictionary } from './dictionary.ts';
import { TAGS, type EncodedValue } from './encoded-value.ts';
import type { ColumnField } from './field.ts';

/**
 * The attributes whose names few rows have, so that a name costs next to nothing: a row has any number of them in one
 * column, each as a code for name and value together. A filter on such a name is asked of every distinct pair.
 */
export class RareFields implements ColumnField {
  readonly isSingle = false;
  /** JSON of a name and a value. */
  readonly pairs = textDictionary();
  /** By name, how many values rows have. */
  readonly #uses = new Map<string, number>();

  /** How many values rows have under a name. */
  usesOf(name: string): number {
    return this.#uses.get(name) ?? 0;
  }

  /** Takes a code: {@link release} it when the row goes. */
  encode(name: string, value: AttributeValue): EncodedValue {
    this.#uses.set(name, this.usesOf(name) + 1);
    const word = this.pairs.acquire(JSON.stringify([name, value]));
    return { tag: TAGS.list, word, high: 0 };
  }

  entriesOf({ tag, word }: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    const pair = tag === TAGS.list ? this.pairs.valueOf(word) : undefined;
    return pair === undefined ? [] : [readPair(pair)];
  }

  release(encoded: EncodedValue): void {
    if (encoded.tag !== TAGS.list) return;
    for (const [name] of this.entriesOf(encoded)) {
      const left = this.usesOf(name) - 1;
      if (left > 0) this.#uses.set(name, left);
      else this.#uses.delete(name);
    }
    this.pairs.release(encoded.word);
  }
}

/** What every pair of a name begins with, and no other. */
export function pairPrefix(name: string): string {
  return `[${JSON.stringify(name)},`;
}

export function readPair(pair: string): readonly [string, AttributeValue] {
  return JSON.parse(pair) as [string, AttributeValue];
}
