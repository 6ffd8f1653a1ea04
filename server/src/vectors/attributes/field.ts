import type { AttributeValue, Scalar } from '@likeness/shared/filter';

import { Dictionary } from './dictionary.ts';

/** What a row's value of a field is; 0 is no value. */
export const TAGS = {
  absent: 0,
  integer: 1,
  float: 2,
  text: 3,
  no: 4,
  yes: 5,
  list: 6,
} as const;

/** A value as its column keeps it: an integer or a code in `word`, any other number in `float`. */
export interface EncodedValue {
  readonly tag: number;
  readonly word: number;
  readonly float: number;
}

/** What a column is of: it gives the meaning to what the column keeps. */
export interface ColumnField {
  /** The attributes that an encoded value stands for. */
  entriesOf(value: EncodedValue): readonly (readonly [name: string, value: AttributeValue])[];
  /** The row that had the value is gone. */
  release(value: EncodedValue): void;
}

/** An attribute name of one index, with the texts and lists its rows have. */
export class Field implements ColumnField {
  readonly name: string;
  readonly texts = new Dictionary<string>();
  readonly lists = new Dictionary<readonly Scalar[]>();

  constructor(name: string) {
    this.name = name;
  }

  /** Takes a code where the value needs one: {@link release} it when the row goes. */
  encode(value: AttributeValue): EncodedValue {
    if (typeof value === 'number')
      return value === (value | 0)
        ? { tag: TAGS.integer, word: value, float: 0 }
        : { tag: TAGS.float, word: 0, float: value };
    if (typeof value === 'string')
      return { tag: TAGS.text, word: this.texts.acquire(value, value), float: 0 };
    if (typeof value === 'boolean') return { tag: value ? TAGS.yes : TAGS.no, word: 0, float: 0 };
    return { tag: TAGS.list, word: this.lists.acquire(listKey(value), value), float: 0 };
  }

  entriesOf(encoded: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    const value = this.#decode(encoded);
    return value === undefined ? [] : [[this.name, value]];
  }

  release({ tag, word }: EncodedValue): void {
    if (tag === TAGS.text) this.texts.release(word);
    else if (tag === TAGS.list) this.lists.release(word);
  }

  #decode({ tag, word, float }: EncodedValue): AttributeValue | undefined {
    switch (tag) {
      case TAGS.integer:
        return word;
      case TAGS.float:
        return float;
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
