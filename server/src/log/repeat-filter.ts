interface Repeated {
  readonly untilMs: number;
  count: number;
}

/** Names kept; at one more all start afresh. */
const MAX_NAMES = 10_000;

/** Lets one of many equal things through in each stretch of time, and counts the others. */
export class RepeatFilter {
  readonly #restMs: number;
  readonly #seen = new Map<string, Repeated>();

  /** @param restMs how long the same name is only counted */
  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  /**
   * @returns undefined for one that is only counted; else how many were, since the last one let through
   */
  pass(name: string, nowMs: number): number | undefined {
    const before = this.#seen.get(name);
    // A clock that was set back must not silence for long.
    if (
      before !== undefined &&
      Math.abs(before.untilMs - nowMs) <= this.#restMs &&
      nowMs < before.untilMs
    ) {
      before.count += 1;
      return undefined;
    }
    if (this.#seen.size >= MAX_NAMES) this.#seen.clear();
    this.#seen.set(name, { untilMs: nowMs + this.#restMs, count: 0 });
    return before?.count ?? 0;
  }
}
