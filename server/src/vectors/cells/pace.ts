import { setTimeout } from 'node:timers/promises';

/** Milliseconds of background work between two rests … */
const WORK_MS = 2;
/** … and of rest for each millisecond of work. */
const REST_FACTOR = 2;

/** Keeps background work on the main thread to short pieces with rests in between. */
export class Pace {
  #began = performance.now();

  /** Rests when it is time; to be awaited after every few microseconds' worth of work. */
  async step(): Promise<void> {
    const workedMs = performance.now() - this.#began;
    if (workedMs < WORK_MS) return;
    await setTimeout(Math.ceil(workedMs * REST_FACTOR));
    this.#began = performance.now();
  }
}
