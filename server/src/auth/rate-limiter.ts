/** A bucket's state: how many calls it holds, and when that was so. */
interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Buckets kept; at one more all start afresh. */
const MAX_BUCKETS = 10_000;

/** Token buckets by name: a second's worth may come at once, then the rate holds. */
export class RateLimiter {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now milliseconds, never going back */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes one call from the bucket `name`.
   *
   * @param perSecond calls a second; 0 is unlimited
   * @returns undefined if the call may go on, else the milliseconds until one may
   */
  take(name: string, perSecond: number): number | undefined {
    if (perSecond <= 0) return undefined;
    const atMs = this.#now();
    const capacity = Math.max(perSecond, 1);
    const before = this.#buckets.get(name) ?? { tokens: capacity, atMs };
    const refilled = before.tokens + ((atMs - before.atMs) / 1000) * perSecond;
    const tokens = Math.min(capacity, refilled);
    const isTaken = tokens >= 1;
    if (this.#buckets.size >= MAX_BUCKETS) this.#buckets.clear();
    this.#buckets.set(name, { tokens: isTaken ? tokens - 1 : tokens, atMs });
    return isTaken ? undefined : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }
}
