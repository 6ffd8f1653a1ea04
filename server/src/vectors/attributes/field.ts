import type { AttributeValue, Scalar } from '@likeness/shared/filter';

import { Dictionary, textDictionary } from './dictionary.ts';
import { decodeNumber, encodeNumber, TAGS, type EncodedValue } from './encoded-value.ts';

/** What a column is of: it gives the meaning to what the column keeps. */
export interface ColumnField {
  /** Whether a row has one value at most. */
  readonly isSingle: boolean;
  /** One more than the largest code of a text, or of a list, so far. */
  codesOf(tag: number): number;
  /** The attributes that an encoded value stands for. */
  entriesOf(value: EncodedValue): readonly (readonly [name: string, value: AttributeValue])[];
  /** The row that had the value is gone. */
  release(value: EncodedValue): void;
}

/** An attribute name of one index, with the texts and lists its rows have. */
export class Field implements ColumnField {
  readonly isSingle = true;
  readonly name: string;
  readonly texts = textDictionary();
  readonly lists = new Dictionary<readonly Scalar[]>(listKey);

  constructor(name: string) {
    this.name = name;
  }

  /** Takes a code where the value needs one: {@link release} it when the row goes. */
  encode(value: AttributeValue): EncodedValue {
    if (typeof value === 'number') return encodeNumber(value);
    if (typeof value === 'string')
      return { tag: TAGS.text, word: this.texts.acquire(value), high: 0 };
    if (typeof value === 'boolean') return { tag: value ? TAGS.yes : TAGS.no, word: 0, high: 0 };
    return { tag: TAGS.list, word: this.lists.acquire(value), high: 0 };
  }

  codesOf(tag: number): number {
    if (tag === TAGS.text) return this.texts.size;
    return tag === TAGS.list ? this.lists.size : 0;
  }

  entriesOf(encoded: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    const value = this.#decode(encoded);
    return value === undefined ? [] : [[this.name, value]];
  }

  release({ tag, word }: EncodedValue): void {
    if (tag === TAGS.text) this.texts.release(word);
    else if (tag === TAGS.list) this.lists.release(word);
  }

  #decode({ tag, word, high }: EncodedValue): AttributeValue | undefined {
    switch (tag) {
      case TAGS.number:
        return decodeNumber(word, high);
      case TAGS.text:
        return this.texts.valueOf(word);
      case TAGS.list:
        return this.lists.valueOf(word);
      case TAGS.yes:
        return true;
      case TAGS.no:
        return false;
      default:
        return undefined;
    }
  }
}

function listKey(list: readonly Scalar[]): string {
  return JSON.stringify(list.map((element) => [typeof element, String(element)]));
}
