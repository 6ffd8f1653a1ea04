import { Worker } from 'node:worker_threads';

import { ApiError } from '@likeness/shared/errors';

import type { SharedMemory } from '../kernel/web-assembly.ts';

import {
  CONTROL,
  type FromWorker,
  type WorkerJob,
  type ScanPart,
  type ToWorker,
} from './scan-job.ts';

/** Threads that end one after the other without having answered anything: replacing them at once would loop. */
const MAX_FAILED_STARTS = 3;

/** Rest before a thread that could not be started is tried again. */
const RESTART_DELAY_MS = 1000;

/** How often a job is begun: a job whose worker died is tried once more. */
const MAX_TRIES = 2;

export interface ScanPoolOptions {
  readonly workers: number;
  readonly workerUrl: URL;
  /** Number of the first worker's scratch; they are numbered from 0 if not given. */
  readonly firstPlace?: number;
  /** Of its threads, where the system knows priorities of threads; 0 if not given. */
  readonly niceness?: number;
  readonly restartDelayMs?: number;
  /** Hears why a thread ended, or could not be started: it is replaced. */
  readonly onLost?: ((cause: unknown) => void) | undefined;
}

interface Ticket {
  readonly resolve: (part: ScanPart) => void;
  readonly reject: (reason: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly tickets: Map<number, Ticket>;
  hasAnswered: boolean;
}

/** A worker ended before it answered. */
class WorkerEndedError extends Error {
  readonly code = 'WORKER_ENDED';
}

/**
 * The scan workers. A job goes to one or to all of them; each takes units until none is left. A
 * worker that ends is replaced, after a rest where that fails, and what it was at is tried once more.
 */
export class ScanPool {
  readonly #workerUrl: URL;
  readonly #firstPlace: number;
  readonly #niceness: number;
  readonly #restartDelayMs: number;
  readonly #onLost: ScanPoolOptions['onLost'];
  /** By place; none where one could not be started. */
  readonly #threads: (Thread | undefined)[];
  readonly #memories: SharedMemory[] = [];
  #lastTicket = 0;
  #failedStarts = 0;
  #restarting: NodeJS.Timeout | undefined;
  #stopped: Error | undefined;

  constructor(options: ScanPoolOptions) {
    const { workers, workerUrl, firstPlace = 0, niceness = 0, onLost } = options;
    if (!Number.isInteger(workers) || workers < 1)
      throw new RangeError(`"workers" must be a positive integer, got ${workers}`);
    this.#workerUrl = workerUrl;
    this.#firstPlace = firstPlace;
    this.#niceness = niceness;
    this.#restartDelayMs = options.restartDelayMs ?? RESTART_DELAY_MS;
    this.#onLost = onLost;
    this.#threads = Array.from({ length: workers }, (_, place) => this.#start(place));
  }

  get size(): number {
    return this.#threads.length;
  }

  /** Shows a new memory to every worker, also to those yet to come. */
  addArena(memory: SharedMemory): void {
    this.#memories.push(memory);
    for (const { worker } of this.#running()) post(worker, { kind: 'arena', memory });
  }

  /**
   * Has `workers` workers do a job together. Settles only when none of them looks at it any more.
   *
   * @throws Error if workers keep dying over it, or if the pool was closed; `ServiceUnavailable` while none can be
   *   started.
   */
  async run(job: WorkerJob, workers: number): Promise<readonly ScanPart[]> {
    for (let tries = 1; ; tries += 1) {
      const parts = await Promise.allSettled(
        this.#leastBusy(workers).map(async (thread) => this.#ask(thread, job)),
      );
      const failed = parts.find((part) => part.status === 'rejected');
      if (failed === undefined) return parts.flatMap((part) => valueOf(part));
      if (tries === MAX_TRIES || !isWorkerEnded(failed.reason)) throw failed.reason;
      if (job.kind !== 'load') Atomics.store(new Int32Array(job.rows.control), CONTROL.nextUnit, 0);
    }
  }

  async close(): Promise<void> {
    this.#stopped ??= new Error('the scan workers are closed');
    clearTimeout(this.#restarting);
    await Promise.all(this.#running().map(async ({ worker }) => worker.terminate()));
  }

  #running(): readonly Thread[] {
    return this.#threads.filter((thread) => thread !== undefined);
  }

  #leastBusy(workers: number): readonly Thread[] {
    if (this.#stopped !== undefined) throw this.#stopped;
    const running = this.#running();
    if (running.length === 0)
      throw new ApiError('ServiceUnavailable', { retryAfterMs: this.#restartDelayMs });
    if (workers >= running.length) return running;
    return running.toSorted((a, b) => a.tickets.size - b.tickets.size).slice(0, workers);
  }

  async #ask(thread: Thread, job: WorkerJob): Promise<ScanPart> {
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    return new Promise((resolve, reject) => {
      thread.tickets.set(ticket, { resolve, reject });
      thread.worker.ref();
      post(thread.worker, { kind: 'job', ticket, job });
    });
  }

  #start(place: number): Thread {
    const workerData = { place: this.#firstPlace + place, niceness: this.#niceness };
    const worker = new Worker(this.#workerUrl, { workerData });
    const thread: Thread = { worker, tickets: new Map(), hasAnswered: false };
    let cause: unknown;
    worker.on('message', (message: FromWorker) => settle(thread, message));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#replace(place, thread, cause));
    // An idle worker keeps nobody from ending.
    worker.unref();
    for (const memory of this.#memories) post(worker, { kind: 'arena', memory });
    return thread;
  }

  #replace(place: number, thread: Thread, cause: unknown): void {
    const reason = this.#stopped ?? new WorkerEndedError('a scan worker ended', { cause });
    this.#failedStarts = thread.hasAnswered ? 0 : this.#failedStarts + 1;
    this.#threads[place] = undefined;
    if (this.#stopped === undefined) {
      this.#onLost?.(reason);
      if (this.#failedStarts < MAX_FAILED_STARTS) this.#restart(place);
      else this.#restartLater();
    }
    for (const { reject } of thread.tickets.values()) reject(reason);
    thread.tickets.clear();
  }

  /** The system may have no thread to give. */
  #restart(place: number): void {
    try {
      this.#threads[place] = this.#start(place);
    } catch (error) {
      this.#onLost?.(error);
      this.#restartLater();
    }
  }

  #restartLater(): void {
    this.#restarting ??= setTimeout(() => {
      this.#restarting = undefined;
      for (const [place, thread] of this.#threads.entries())
        if (thread === undefined) this.#restart(place);
    }, this.#restartDelayMs).unref();
  }
}

function settle(thread: Thread, message: FromWorker): void {
  thread.hasAnswered = true;
  const ticket = thread.tickets.get(message.ticket);
  thread.tickets.delete(message.ticket);
  if (thread.tickets.size === 0) thread.worker.unref();
  if (message.kind === 'done') ticket?.resolve(message.part);
  else ticket?.reject(new Error(`a scan failed: ${message.message}`));
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message, []);
}

function valueOf(part: PromiseSettledResult<ScanPart>): readonly ScanPart[] {
  return part.status === 'fulfilled' ? [part.value] : [];
}

function isWorkerEnded(reason: unknown): boolean {
  return (reason as { readonly code?: unknown }).code === 'WORKER_ENDED';
}
