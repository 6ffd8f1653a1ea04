import type { AttributeValue } from '@likeness/shared/filter';

import type { DictionaryEntry } from './dictionary.ts';
import { TAGS, type EncodedValue } from './encoded-value.ts';
import type { ColumnField } from './field.ts';

/** A name that has had more than one value. */
interface SharedName {
  /** Values that rows have. */
  uses: number;
  /** By the JSON of a value. */
  readonly codes: Map<string, number>;
}

/**
 * The attributes whose names few rows have, so that a name costs next to nothing: a row has any number of them in one
 * column, each as a code for name and value together.
 */
export class RareFields implements ColumnField {
  readonly isSingle = false;
  // By code. Three arrays, since an object an entry would take twice the memory.
  readonly #names: (string | undefined)[] = [];
  readonly #values: (AttributeValue | undefined)[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  /** By name; the only code of one that has had one value. */
  readonly #codes = new Map<string, number | SharedName>();

  /** How many values rows have under a name. */
  usesOf(name: string): number {
    const known = this.#codes.get(name);
    if (known === undefined) return 0;
    return typeof known === 'object' ? known.uses : (this.#uses[known] ?? 0);
  }

  /** The codes of a name's values, with what they stand for. */
  valuesOf(name: string): readonly (readonly [code: number, value: AttributeValue])[] {
    const known = this.#codes.get(name);
    if (known === undefined) return [];
    const codes = typeof known === 'object' ? [...known.codes.values()] : [known];
    return codes.flatMap((code) => this.#read(code).map(([, value]) => [code, value] as const));
  }

  /** Takes a code: {@link release} it when the row goes. */
  encode(name: string, value: AttributeValue): EncodedValue {
    const word = this.#codeOf(name, value) ?? this.#add(name, value);
    this.#uses[word] = (this.#uses[word] ?? 0) + 1;
    const known = this.#codes.get(name);
    if (typeof known === 'object') known.uses += 1;
    return { tag: TAGS.list, word, high: 0 };
  }

  codesOf(tag: number): number {
    return tag === TAGS.list ? this.#values.length : 0;
  }

  entriesOf({ tag, word }: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    return tag === TAGS.list ? this.#read(word) : [];
  }

  release(encoded: EncodedValue): void {
    for (const [name, value] of this.entriesOf(encoded)) {
      const left = (this.#uses[encoded.word] ?? 0) - 1;
      this.#uses[encoded.word] = left;
      const known = this.#codes.get(name);
      if (typeof known === 'object') known.uses -= 1;
      if (left === 0) this.#remove(encoded.word, name, value);
    }
  }

  /** A name with a value, and how many rows have both, as {@link restore} takes it. */
  entryOf(code: number, uses: number): DictionaryEntry<readonly [string, AttributeValue]> {
    const [entry] = this.#read(code);
    return entry === undefined || uses === 0 ? null : [entry, uses];
  }

  /** Adds a code behind those there are. */
  restore(entry: DictionaryEntry<readonly [string, AttributeValue]>): void {
    const code = this.#values.length;
    if (entry === null) {
      this.#free.push(code);
      [this.#names[code], this.#values[code], this.#uses[code]] = [undefined, undefined, 0];
      return;
    }
    const [[name, value], uses] = entry;
    this.#set(code, name, value);
    this.#uses[code] = uses;
    const known = this.#codes.get(name);
    if (typeof known === 'object') known.uses += uses;
  }

  #codeOf(name: string, value: AttributeValue): number | undefined {
    const known = this.#codes.get(name);
    if (typeof known === 'object') return known.codes.get(JSON.stringify(value));
    if (known === undefined) return undefined;
    return JSON.stringify(this.#values[known]) === JSON.stringify(value) ? known : undefined;
  }

  #add(name: string, value: AttributeValue): number {
    const code = this.#free.pop() ?? this.#values.length;
    this.#set(code, name, value);
    return code;
  }

  #set(code: number, name: string, value: AttributeValue): void {
    this.#names[code] = name;
    this.#values[code] = value;
    this.#uses[code] = 0;
    const known = this.#codes.get(name);
    if (typeof known === 'object') known.codes.set(JSON.stringify(value), code);
    else this.#codes.set(name, known === undefined ? code : this.#share(known, code));
  }

  #share(known: number, code: number): SharedName {
    const codes = [known, code].map((each) => [JSON.stringify(this.#values[each]), each] as const);
    return { uses: this.#uses[known] ?? 0, codes: new Map(codes) };
  }

  #remove(code: number, name: string, value: AttributeValue): void {
    const known = this.#codes.get(name);
    if (typeof known === 'object') known.codes.delete(JSON.stringify(value));
    if (typeof known !== 'object' || known.codes.size === 0) this.#codes.delete(name);
    this.#names[code] = undefined;
    this.#values[code] = undefined;
    this.#free.push(code);
  }

  #read(code: number): readonly (readonly [string, AttributeValue])[] {
    const [name, value] = [this.#names[code], this.#values[code]];
    return name === undefined || value === undefined ? [] : [[name, value]];
  }
}
