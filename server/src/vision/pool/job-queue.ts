import { overloaded, type ApiError } from '@likeness/shared/errors';
import type { Priority } from '../vision.ts';
import type { Frame } from '../../processes/frames.ts';

/** Something for a worker to do. */
export interface Job {
  readonly frame: Frame;
  readonly priority: Priority;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (reason: unknown) => void;
}

export interface JobQueueOptions {
  readonly workers: number;
  /** Jobs of each priority that may wait; one more is refused. */
  readonly maxQueue: number;
  /** A search or an add that would be done later than this, as far as can be told, is refused at once. */
  readonly targetMs: number;
  /** One that has waited this long is refused after all: its client gives up soon. */
  readonly maxWaitMs: number;
}

interface Waiting {
  readonly job: Job;
  readonly timer: NodeJS.Timeout | undefined;
}

/** While both wait, an add follows every so many searches: adds are slow then, and never stand still. */
const SEARCHES_PER_ADD = 3;
/** Weight of the newest job in the mean time of a job. */
const MEAN_SHARE = 0.2;

/**
 * Jobs that wait for a worker: searches before adds, both before the background, each kind in the order
 * in which it came. Each kind has a bound of its own, so that a flood of adds refuses no search.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #lanes: Readonly<Record<Priority, Waiting[]>> = { search: [], add: [], background: [] };
  readonly #refused: Record<Priority, number> = { search: 0, add: 0, background: 0 };
  #meanJobMs: number | undefined;
  #searchesInARow = 0;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  get waiting(): Readonly<Record<Priority, number>> {
    const { search, add, background } = this.#lanes;
    return { search: search.length, add: add.length, background: background.length };
  }

  /** Jobs that were refused since the start. */
  get refused(): Readonly<Record<Priority, number>> {
    return { ...this.#refused };
  }

  /** Throws `ServiceUnavailable`, and when to come back, where another job would wait for too long. */
  requireRoom(priority: Priority): void {
    const { maxQueue, targetMs } = this.#options;
    const isLate = priority !== 'background' && this.#expectedMs(priority) > targetMs;
    if (isLate || this.#lanes[priority].length >= maxQueue) throw this.#refusal(priority);
  }

  push(job: Job): void {
    const { priority } = job;
    const timer =
      priority === 'background'
        ? undefined
        : setTimeout(() => {
            this.remove(job);
            job.reject(this.#refusal(priority));
          }, this.#options.maxWaitMs);
    this.#lanes[priority].push({ job, timer });
  }

  /** Takes a job out; no effect on one that has been taken. */
  remove(job: Job): void {
    const lane = this.#lanes[job.priority];
    const at = lane.findIndex((each) => each.job === job);
    if (at === -1) return;
    clearTimeout(lane[at]?.timer);
    lane.splice(at, 1);
  }

  /** The next job, one of the background only where that is allowed. */
  take(allowBackground: boolean): Job | undefined {
    const { search, add, background } = this.#lanes;
    const isAddsTurn = search.length === 0 || this.#searchesInARow >= SEARCHES_PER_ADD;
    const isAdd = add.length > 0 && isAddsTurn;
    this.#searchesInARow = isAdd || add.length === 0 ? 0 : this.#searchesInARow + 1;
    const next =
      (isAdd ? add.shift() : search.shift()) ?? (allowBackground ? background.shift() : undefined);
    clearTimeout(next?.timer);
    return next?.job;
  }

  /** Every job, none of which is left. */
  takeAll(): readonly Job[] {
    const all = Object.values(this.#lanes).flatMap((lane) => lane.splice(0));
    for (const { timer } of all) clearTimeout(timer);
    return all.map(({ job }) => job);
  }

  /** Learns what a job takes. */
  noteTime(ms: number): void {
    const before = this.#meanJobMs ?? ms;
    this.#meanJobMs = before + (ms - before) * MEAN_SHARE;
  }

  /** Until another job would be done: those that wait before it, the one that runs, and itself. */
  #expectedMs(priority: Priority): number {
    const { search, add, background } = this.waiting;
    const ahead = {
      search: search + Math.min(add, search / SEARCHES_PER_ADD),
      add: add + Math.min(search, (add + 1) * SEARCHES_PER_ADD),
      background: search + add + background,
    };
    const rounds = (ahead[priority] + 1) / this.#options.workers + 1;
    return rounds * (this.#meanJobMs ?? 0);
  }

  #refusal(priority: Priority): ApiError {
    this.#refused[priority] += 1;
    return overloaded(this.#expectedMs(priority));
  }
}
