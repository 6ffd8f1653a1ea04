import { TAGS, type EncodedValue } from '../attributes/encoded-value.ts';
import type { ColumnField } from '../attributes/field.ts';

import type { WordPatterns } from './word-patterns.ts';

/** The words that a column's texts have: each distinct text is looked at once. */
export class ColumnWords {
  readonly #field: ColumnField;
  readonly #patterns: WordPatterns;
  /** Bits of words, by code of a text and of a list. */
  readonly #ofTexts = new Map<number, number>();
  readonly #ofLists = new Map<number, number>();

  constructor(field: ColumnField, patterns: WordPatterns) {
    this.#field = field;
    this.#patterns = patterns;
  }

  bitsIn(value: EncodedValue): number {
    if (value.tag !== TAGS.text && value.tag !== TAGS.list) return 0;
    const known = value.tag === TAGS.text ? this.#ofTexts : this.#ofLists;
    const bits = known.get(value.word) ?? this.#look(value);
    known.set(value.word, bits);
    return bits;
  }

  #look(value: EncodedValue): number {
    return this.#field
      .entriesOf(value)
      .flatMap(([, stored]) => stored)
      .filter((each) => typeof each === 'string')
      .reduce((bits, text) => bits | this.#patterns.bitsIn(text), 0);
  }
}
