import { setTimeout as sleep } from 'node:timers/promises';

/** Work that goes on beside requests. It may be cut off anywhere, and begins again where it was. */
export interface Task {
  /** For messages. */
  readonly name: string;
  /** Resolves when nothing is left to do. Rejects when `signal` aborts, or when it must be tried again. */
  run(signal: AbortSignal): Promise<void>;
}

export interface TaskRunnerOptions {
  /** How long a task that failed rests before it is tried again. */
  readonly restMs: number;
  /** Told of each failure. */
  readonly onError: (error: unknown, task: Task) => void;
}

/** Runs tasks one after another, those that failed again after the others, until each has ended. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #stopping = new AbortController();
  readonly #waiting: Task[] = [];
  #running: Promise<void> | undefined;

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  submit(task: Task): void {
    this.#waiting.push(task);
    this.#running ??= this.#runAll();
  }

  /** Resolves when every task that was submitted has ended, or was cut off. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Cuts off what runs, and resolves when it has ended. What is left is the next process's. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #runAll(): Promise<void> {
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) {
      if (!(await this.#run(task))) await this.#rest();
      if (this.#stopping.signal.aborted) break;
    }
    this.#running = undefined;
  }

  /** Whether the task has ended; if not it waits for its next turn. */
  async #run(task: Task): Promise<boolean> {
    const { signal } = this.#stopping;
    try {
      await task.run(signal);
      return true;
    } catch (error) {
      if (!signal.aborted) this.#options.onError(error, task);
      this.#waiting.push(task);
      return false;
    }
  }

  async #rest(): Promise<void> {
    const { signal } = this.#stopping;
    // Cut short by a stop, which is no failure.
    await sleep(this.#options.restMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
