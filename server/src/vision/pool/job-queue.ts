import type { Frame } from './frames.ts';

/** Whether somebody waits for the answer, or it can be had whenever nobody else waits. */
export type Priority = 'request' | 'background';

/** Something for a worker to do. */
export interface Job {
  readonly frame: Frame;
  readonly priority: Priority;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (reason: unknown) => void;
}

/** Jobs that wait for a worker: requests first, each kind in the order in which they came. */
export class JobQueue {
  readonly #lanes: Readonly<Record<Priority, Job[]>> = { request: [], background: [] };

  waiting(priority: Priority): number {
    return this.#lanes[priority].length;
  }

  push(job: Job): void {
    this.#lanes[job.priority].push(job);
  }

  /** Takes a job out; no effect on one that has been taken. */
  remove(job: Job): void {
    const lane = this.#lanes[job.priority];
    const at = lane.indexOf(job);
    if (at >= 0) lane.splice(at, 1);
  }

  /** The next job, one of the background only where that is allowed. */
  take(allowBackground: boolean): Job | undefined {
    const { request, background } = this.#lanes;
    return request.shift() ?? (allowBackground ? background.shift() : undefined);
  }

  /** Every job, none of which is left. */
  takeAll(): readonly Job[] {
    const { request, background } = this.#lanes;
    return [...request.splice(0), ...background.splice(0)];
  }
}
