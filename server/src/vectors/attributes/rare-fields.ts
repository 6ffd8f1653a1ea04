import type { AttributeValue } from '@likeness/shared/filter';

import { textDictionary } from './dictionary.ts';
import { TAGS, type EncodedValue } from './encoded-value.ts';
import type { ColumnField } from './field.ts';

/** A name that more than one row has. */
interface SharedName {
  /** Values that rows have. */
  uses: number;
  /** Of those that differ. */
  readonly codes: Set<number>;
}

/**
 * The attributes whose names few rows have, so that a name costs next to nothing: a row has any number of them in one
 * column, each as a code for name and value together.
 */
export class RareFields implements ColumnField {
  readonly isSingle = false;
  /** JSON of a name and a value. */
  readonly #pairs = textDictionary();
  /** By name; the only code of one that is used once. */
  readonly #names = new Map<string, number | SharedName>();

  /** How many values rows have under a name. */
  usesOf(name: string): number {
    const known = this.#names.get(name);
    return typeof known === 'object' ? known.uses : Number(known !== undefined);
  }

  /** The codes of a name's values, with what they stand for. */
  valuesOf(name: string): readonly (readonly [code: number, value: AttributeValue])[] {
    const known = this.#names.get(name);
    const codes = typeof known === 'object' ? [...known.codes] : known === undefined ? [] : [known];
    return codes.flatMap((code) => this.#read(code).map(([, value]) => [code, value] as const));
  }

  /** Takes a code: {@link release} it when the row goes. */
  encode(name: string, value: AttributeValue): EncodedValue {
    const word = this.#pairs.acquire(JSON.stringify([name, value]));
    const known = this.#names.get(name);
    if (typeof known === 'object') {
      known.uses += 1;
      known.codes.add(word);
    } else {
      const shared = known !== undefined && { uses: 2, codes: new Set([known, word]) };
      this.#names.set(name, shared || word);
    }
    return { tag: TAGS.list, word, high: 0 };
  }

  codesOf(tag: number): number {
    return tag === TAGS.list ? this.#pairs.size : 0;
  }

  entriesOf({ tag, word }: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    return tag === TAGS.list ? this.#read(word) : [];
  }

  release(encoded: EncodedValue): void {
    for (const [name] of this.entriesOf(encoded)) {
      this.#pairs.release(encoded.word);
      const isGone = this.#pairs.valueOf(encoded.word) === undefined;
      const known = this.#names.get(name);
      if (typeof known === 'object') {
        known.uses -= 1;
        if (isGone) known.codes.delete(encoded.word);
      }
      if (typeof known !== 'object' || known.uses === 0) this.#names.delete(name);
    }
  }

  #read(code: number): readonly (readonly [string, AttributeValue])[] {
    const pair = this.#pairs.valueOf(code);
    return pair === undefined ? [] : [JSON.parse(pair) as [string, AttributeValue]];
  }
}
