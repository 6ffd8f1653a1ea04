import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Node's own choice, 10 ms, reads 13 ms on a machine that does nothing. */
const RESOLUTION_MS = 1;
const NANOSECONDS = 1e9;

/** How late the event loop was, in seconds, since it was last asked. */
export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Watches how late timers fire: what every request waits beside its own work.
 *
 * It begins when it is first asked: a timer each millisecond takes an idle server 2.5 % of a processor, which
 * one that nobody scrapes must not pay.
 */
export class EventLoopWatch {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  /** The delays since the last call, zeros at the first; what is told once is not told again. */
  read(): EventLoopDelay {
    this.#histogram.enable();
    const { max } = this.#histogram;
    const [p50, p99] = [this.#histogram.percentile(50), this.#histogram.percentile(99)];
    const hasSamples = this.#histogram.count > 0;
    this.#histogram.reset();
    const seconds = (ns: number): number => (hasSamples ? ns / NANOSECONDS : 0);
    return { p50: seconds(p50), p99: seconds(p99), max: seconds(max) };
  }

  close(): void {
    this.#histogram.disable();
  }
}
