/** Numbers for values that many rows share. A number is used again when no row has its value. */
export class Dictionary<Value> {
  readonly #codes = new Map<string, number>();
  readonly #entries: (Entry<Value> | undefined)[] = [];
  readonly #free: number[] = [];

  /** One more than the largest code in use so far. */
  get size(): number {
    return this.#entries.length;
  }

  codeOf(key: string): number | undefined {
    return this.#codes.get(key);
  }

  valueOf(code: number): Value | undefined {
    return this.#entries[code]?.value;
  }

  /** The value's code, for one more row. */
  acquire(key: string, value: Value): number {
    const known = this.#codes.get(key);
    if (known !== undefined) {
      const entry = this.#entries[known];
      if (entry !== undefined) entry.uses += 1;
      return known;
    }
    const code = this.#free.pop() ?? this.#entries.length;
    this.#entries[code] = { key, value, uses: 1 };
    this.#codes.set(key, code);
    return code;
  }

  /** One row less has the code. */
  release(code: number): void {
    const entry = this.#entries[code];
    if (entry === undefined) return;
    entry.uses -= 1;
    if (entry.uses > 0) return;
    this.#codes.delete(entry.key);
    this.#entries[code] = undefined;
    this.#free.push(code);
  }
}

interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  uses: number;
}
