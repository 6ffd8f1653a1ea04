/**
 * Watches for long stretches of work on the main thread. Counts the processor's time, not the clock's,
 * where the system tells it (Linux): a machine with much else to do delays timers for longer than
 * anything here takes.
 */
import { readFileSync } from 'node:fs';

export class LoopWatch {
  #stretches = [];
  #timer;
  #last = processorMs();

  constructor() {
    this.#timer = setInterval(() => {
      const now = processorMs();
      this.#stretches.push(now - this.#last);
      this.#last = now;
    }, 1);
  }

  /** Milliseconds: the longest stretch, its 99th percentile, and all together. */
  stop() {
    clearInterval(this.#timer);
    const sorted = Float64Array.from(this.#stretches).sort();
    return {
      longest: sorted.at(-1) ?? 0,
      p99: sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0,
      sum: sorted.reduce((a, b) => a + b, 0),
    };
  }
}

function processorMs() {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
