/** A value and how many rows have it; null for a code that is free. */
export type DictionaryEntry<Value> = readonly [value: Value, uses: number] | null;

/** Numbers for values that many rows share. A number is used again when no row has its value. */
export class Dictionary<Value> {
  readonly #keyOf: (value: Value) => string;
  readonly #codes = new Map<string, number>();
  // By code. Two arrays, since an object an entry would take twice the memory.
  readonly #values: (Value | undefined)[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];

  /** @param keyOf equal for values that are the same, and for no others */
  constructor(keyOf: (value: Value) => string) {
    this.#keyOf = keyOf;
  }

  /** One more than the largest code in use so far. */
  get size(): number {
    return this.#values.length;
  }

  codeOf(key: string): number | undefined {
    return this.#codes.get(key);
  }

  valueOf(code: number): Value | undefined {
    return this.#values[code];
  }

  /** The value's code, for one more row. */
  acquire(value: Value): number {
    const key = this.#keyOf(value);
    const known = this.#codes.get(key);
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1;
      return known;
    }
    const code = this.#free.pop() ?? this.#values.length;
    this.#values[code] = value;
    this.#uses[code] = 1;
    this.#codes.set(key, code);
    return code;
  }

  /** The value and how many rows have it, as {@link restore} takes it. */
  entryOf(code: number, uses: number): DictionaryEntry<Value> {
    const value = this.#values[code];
    return value === undefined || uses === 0 ? null : [value, uses];
  }

  /** Adds a code behind those there are. */
  restore(entry: DictionaryEntry<Value>): void {
    const code = this.#values.length;
    this.#values.push(entry?.[0]);
    this.#uses.push(entry?.[1] ?? 0);
    if (entry === null) this.#free.push(code);
    else this.#codes.set(this.#keyOf(entry[0]), code);
  }

  /** One row less has the code. */
  release(code: number): void {
    const left = (this.#uses[code] ?? 0) - 1;
    this.#uses[code] = left;
    if (left > 0) return;
    const value = this.#values[code];
    if (value !== undefined) this.#codes.delete(this.#keyOf(value));
    this.#values[code] = undefined;
    this.#free.push(code);
  }
}

/** A dictionary of texts. */
export function textDictionary(): Dictionary<string> {
  return new Dictionary((text) => text);
}
