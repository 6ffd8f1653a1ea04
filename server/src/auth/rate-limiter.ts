/** A bucket's state: how many calls it holds, and when that was so. */
interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
  /** When it is full again, and so the same as none. */
  readonly fullAtMs: number;
}

/** Buckets kept before the full ones among them are looked for. */
const MIN_BUCKETS = 10_000;

/** Token buckets by name: a second's worth may come at once, then the rate holds. */
export class RateLimiter {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = MIN_BUCKETS;

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
    const left = isTaken ? tokens - 1 : tokens;
    const fullAtMs = atMs + ((capacity - left) / perSecond) * 1000;
    this.#buckets.set(name, { tokens: left, atMs, fullAtMs });
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(atMs);
    return isTaken ? undefined : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }

  /** Forgets what is full. Names are of instances and keys that exist, so that what is left is bounded. */
  #sweep(nowMs: number): void {
    for (const [name, { fullAtMs }] of this.#buckets) {
      if (fullAtMs <= nowMs) this.#buckets.delete(name);
    }
    this.#sweepAt = Math.max(MIN_BUCKETS, 2 * this.#buckets.size);
  }
}
