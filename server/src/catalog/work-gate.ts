import { overloaded, type ApiError } from '@likeness/shared/errors';

export interface WorkGateOptions {
  /** Tasks that run at once. */
  readonly maxRunning: number;
  /** Tasks that may wait; one more is refused. */
  readonly maxWaiting: number;
  /** A task that would wait longer, as far as can be told, is refused at once. */
  readonly targetWaitMs: number;
  /** One that has waited this long is refused after all. */
  readonly maxWaitMs: number;
}

/** How much waits at a gate now, and how much it has refused. */
export interface GateLoad {
  readonly running: number;
  readonly waiting: number;
  readonly refused: number;
}

/** Lets a task begin, or tells it that it never will. */
interface Waiting {
  readonly begin: () => void;
}

/** Weight of the newest task in the mean time of a task. */
const MEAN_SHARE = 0.1;

/**
 * Stands before one kind of work: lets so many tasks run at once, in the order in which they came, and
 * refuses what would not be answered in time.
 */
export class WorkGate {
  readonly #options: WorkGateOptions;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #refused = 0;
  #meanMs = 0;

  constructor(options: WorkGateOptions) {
    this.#options = options;
  }

  get load(): GateLoad {
    return { running: this.#running, waiting: this.#waiting.size, refused: this.#refused };
  }

  /**
   * Runs `task` when its turn comes. Rejects with the reason of `signal` if that aborts before; the task
   * then never runs.
   *
   * @throws {ApiError} `ServiceUnavailable`, and when to come back, if it waits for too long.
   */
  async run<Result>(task: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#running < this.#options.maxRunning) this.#running += 1;
    else await this.#wait(signal);
    const startedMs = performance.now();
    try {
      return await task();
    } finally {
      this.#meanMs += (performance.now() - startedMs - this.#meanMs) * MEAN_SHARE;
      this.#release();
    }
  }

  /** Resolves when the task may run: its place among the running is taken then. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    const { maxWaiting, targetWaitMs, maxWaitMs } = this.#options;
    if (this.#waiting.size >= maxWaiting || this.#expectedWaitMs() > targetWaitMs) {
      throw this.#refusal();
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiting.delete(waiting);
      };
      const giveUp = (reason: unknown): void => {
        settle();
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(this.#refusal()), maxWaitMs);
      const waiting: Waiting = {
        begin: () => {
          settle();
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** Hands the place of a task that ended to the one that has waited longest. */
  #release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#running -= 1;
    else next.begin();
  }

  #expectedWaitMs(): number {
    return ((this.#waiting.size + 1) * this.#meanMs) / this.#options.maxRunning;
  }

  #refusal(): ApiError {
    this.#refused += 1;
    return overloaded(this.#expectedWaitMs());
  }
}
