import { ApiError } from '@likeness/shared/errors';
import { createDeferred, type Deferred } from '../../processes/deferred.ts';
import type { Frame } from '../../processes/frames.ts';
import type { Priority, VisionLoad } from '../vision.ts';
import { JobQueue, type Job } from './job-queue.ts';
import { WorkerProcess } from '../../processes/worker-process.ts';

export interface PoolOptions {
  /** The built worker script. It sends one frame when it is ready, then one for each frame it gets. */
  readonly script: URL;
  readonly args: readonly string[];
  readonly workers: number;
  /** Jobs of each priority that may wait; one more is refused. */
  readonly maxQueue: number;
  /** See `JobQueueOptions`. */
  readonly targetMs: number;
  readonly maxWaitMs: number;
  readonly jobTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Resident memory at which a worker is killed amid a job; with half of it, replaced after the job. */
  readonly maxWorkerBytes: number;
  /** Told when a worker was lost or replaced, for the log. */
  readonly onLost?: ((event: WorkerLost) => void) | undefined;
}

export interface WorkerLost {
  readonly pid: number | undefined;
  readonly reason: string;
  /** Whether a job died with it. */
  readonly wasBusy: boolean;
}

interface Slot {
  readonly process: WorkerProcess;
  state: 'starting' | 'idle' | 'busy' | 'leaving';
  job: Job | undefined;
  deadline: NodeJS.Timeout | undefined;
  watch: NodeJS.Timeout | undefined;
  /** Why it is being killed, if it is. */
  fault: ApiError | undefined;
  startedAtMs: number;
}

/** One thread for libvips and onnxruntime alike; fewer malloc arenas keep resident memory down. */
const WORKER_ENVIRONMENT = {
  VIPS_CONCURRENCY: '1',
  UV_THREADPOOL_SIZE: '2',
  MALLOC_ARENA_MAX: '2',
};
/** One look at a time leaves its collector nothing to do beside it: four threads that wait for each other cost 1 to 3 ms a look. */
const WORKER_FLAGS = ['--single-threaded-gc'];
/** How often the memory of a busy worker is looked at. */
const WATCH_INTERVAL_MS = 100;
/** Workers that die before they are ready are started again after this, so that it is no busy loop. */
const RESTART_DELAY_MS = 1000;
/** Failed starts in a row after which waiting jobs are given up. */
const MAX_FAILED_STARTS = 3;

/**
 * Processes that do one job at a time each. A job that takes too long or too much memory, or kills its
 * process, fails alone; the process is replaced.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #slots = new Set<Slot>();
  readonly #queue: JobQueue;
  readonly #opened = createDeferred<void>();
  #failedStarts = 0;
  #restarts = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed: Deferred<void> | undefined;

  private constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = new JobQueue(options);
  }

  /** How much waits, and how much was refused since the start. */
  get load(): VisionLoad {
    const { waiting, refused } = this.#queue;
    const states = Array.from(this.#slots, ({ state }) => state);
    const busy = states.filter((state) => state === 'busy').length;
    const ready = states.filter((state) => state === 'idle').length + busy;
    return { workers: { ready, busy, restarts: this.#restarts }, waiting, refused };
  }

  /** Starts the workers; resolves when the first is ready, the others follow. Rejects when none starts. */
  static async open(options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    for (let i = 0; i < options.workers; i += 1) pool.#start();
    try {
      await pool.#opened.promise;
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /**
   * Has a worker answer `frame`. Rejects with the reason of `signal` once that aborts; a job that no
   * worker has taken yet then never runs. Jobs of the background run while no other waits, and leave a
   * worker free for the next one where there are several.
   *
   * @throws {ApiError} `ServiceUnavailable` when too many wait or it waited too long, `ExtractFeatureTimeout` when it took too
   *   long, `InternalError` when its worker died.
   */
  async run(frame: Frame, signal?: AbortSignal, priority: Priority = 'search'): Promise<Frame> {
    signal?.throwIfAborted();
    if (this.#closed !== undefined) throw new ApiError('ServiceUnavailable');
    if (priority === 'background' || !this.#hasIdleWorker()) this.#queue.requireRoom(priority);
    const { promise, resolve, reject } = createDeferred<Frame>();
    const job: Job = { frame, priority, resolve, reject };
    const abort = (): void => {
      this.#queue.remove(job);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#queue.push(job);
    this.#dispatch();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Refuses new jobs, finishes those it has, then ends every worker; what takes too long is killed. */
  async close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed.promise;
    this.#closed = createDeferred<void>();
    clearTimeout(this.#restart);
    const killer = setTimeout(() => this.#killAll(), this.#options.closeTimeoutMs);
    if (this.#slots.size === 0) this.#closed.resolve();
    this.#dispatch();
    await this.#closed.promise;
    clearTimeout(killer);
  }

  #start(): void {
    const { script, args, startTimeoutMs } = this.#options;
    const slot: Slot = {
      process: new WorkerProcess(
        { script, args, flags: WORKER_FLAGS, environment: WORKER_ENVIRONMENT },
        {
          onFrame: (frame) => this.#onFrame(slot, frame),
          onExit: (reason) => this.#onExit(slot, reason),
        },
      ),
      state: 'starting',
      job: undefined,
      deadline: setTimeout(() => slot.process.kill(), startTimeoutMs),
      watch: undefined,
      fault: undefined,
      startedAtMs: 0,
    };
    this.#slots.add(slot);
  }

  #onFrame(slot: Slot, frame: Frame): void {
    clearTimeout(slot.deadline);
    clearInterval(slot.watch);
    const { job } = slot;
    slot.job = undefined;
    if (job === undefined) {
      this.#failedStarts = 0;
      this.#opened.resolve();
    } else {
      this.#queue.noteTime(performance.now() - slot.startedAtMs);
      job.resolve(frame);
    }
    if (slot.state !== 'leaving') slot.state = 'idle';
    // What a large picture left behind is given back to the system.
    if (this.#residentBytes(slot) > this.#options.maxWorkerBytes / 2) this.#leave(slot);
    this.#dispatch();
  }

  #onExit(slot: Slot, reason: string): void {
    clearTimeout(slot.deadline);
    clearInterval(slot.watch);
    this.#slots.delete(slot);
    const { job, fault, state } = slot;
    job?.reject(fault ?? new ApiError('InternalError', { cause: new Error(`worker: ${reason}`) }));
    if (this.#closed === undefined) {
      this.#restarts += 1;
      this.#options.onLost?.({ pid: slot.process.pid, reason, wasBusy: job !== undefined });
      if (state === 'starting') this.#onFailedStart(reason);
      else this.#start();
    } else if (this.#slots.size === 0) {
      this.#abandon();
      this.#closed.resolve();
    }
  }

  #onFailedStart(reason: string): void {
    this.#failedStarts += 1;
    if (this.#failedStarts >= MAX_FAILED_STARTS) {
      this.#opened.reject(new Error(`the vision workers cannot start: ${reason}`));
      if (![...this.#slots].some((slot) => slot.state === 'idle' || slot.state === 'busy')) {
        this.#abandon();
      }
    }
    this.#restart ??= setTimeout(() => {
      this.#restart = undefined;
      while (this.#slots.size < this.#options.workers) this.#start();
    }, RESTART_DELAY_MS);
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.state !== 'idle') continue;
      const job = this.#queue.take(this.#mayWorkInBackground());
      if (job !== undefined) this.#assign(slot, job);
      else if (this.#closed !== undefined) this.#leave(slot);
    }
  }

  #hasIdleWorker(): boolean {
    return [...this.#slots].some(({ state }) => state === 'idle');
  }

  #mayWorkInBackground(): boolean {
    const busy = [...this.#slots].filter(({ job }) => job?.priority === 'background').length;
    return busy < Math.max(1, this.#options.workers - 1);
  }

  #assign(slot: Slot, job: Job): void {
    slot.state = 'busy';
    slot.job = job;
    slot.startedAtMs = performance.now();
    slot.deadline = setTimeout(() => {
      slot.fault = new ApiError('ExtractFeatureTimeout');
      slot.process.kill();
    }, this.#options.jobTimeoutMs);
    slot.watch = setInterval(() => {
      if (this.#residentBytes(slot) > this.#options.maxWorkerBytes) slot.process.kill();
    }, WATCH_INTERVAL_MS);
    slot.process.send(job.frame);
  }

  /** Lets an idle worker end by itself, or kills it if it does not. */
  #leave(slot: Slot): void {
    slot.state = 'leaving';
    slot.deadline = setTimeout(() => slot.process.kill(), this.#options.closeTimeoutMs);
    slot.process.end();
  }

  #residentBytes(slot: Slot): number {
    return slot.process.residentBytes() ?? 0;
  }

  #abandon(): void {
    for (const job of this.#queue.takeAll()) job.reject(new ApiError('ServiceUnavailable'));
  }

  #killAll(): void {
    this.#abandon();
    for (const slot of this.#slots) slot.process.kill();
  }
}
