import { createDeferred, type Deferred } from '../../processes/deferred.ts';
import { NO_BODY, type Frame } from '../../processes/frames.ts';
import { WorkerProcess } from '../../processes/worker-process.ts';
import type { FaissAnswer, FaissRequest } from './faiss-frames.ts';

export interface FaissProcessOptions {
  /** The built worker script. */
  readonly script: URL;
  /** Of faiss-node. */
  readonly mainFile: string;
  /** Told each time a process is ready: it holds no index. */
  readonly onReady: () => void;
  /** Told when one was lost. Another takes its place. */
  readonly onLost: (event: FaissLost) => void;
}

export interface FaissLost {
  readonly pid: number | undefined;
  readonly reason: string;
}

/** Threads that wait sleep, and take no processor from scans and vision. */
const ENVIRONMENT = { OMP_WAIT_POLICY: 'passive', MALLOC_ARENA_MAX: '2' };
const START_TIMEOUT_MS = 30_000;
const RESTART_DELAY_MS = 1000;
/** Something that hangs for so long will not come back. Learning may take its time. */
const ANSWER_TIMEOUT_MS = 60_000;
const TRAIN_TIMEOUT_MS = 3_600_000;

/** A process that runs faiss, and its successors: one that dies is replaced by an empty one. */
export class FaissProcess {
  readonly #options: FaissProcessOptions;
  readonly #asked: Deferred<Frame>[] = [];
  #worker: WorkerProcess;
  #state: 'starting' | 'ready' | 'lost' | 'closed' = 'starting';
  #deadline: NodeJS.Timeout | undefined;
  #generation = 0;
  #training = 0;
  readonly #opened = createDeferred<void>();
  readonly #ended = createDeferred<void>();

  private constructor(options: FaissProcessOptions) {
    this.#options = options;
    this.#worker = this.#start();
  }

  /** @throws {Error} if the process does not start, which says what it ended of. */
  static async open(options: FaissProcessOptions): Promise<FaissProcess> {
    const opened = new FaissProcess(options);
    await opened.#opened.promise;
    return opened;
  }

  get pid(): number | undefined {
    return this.#worker.pid;
  }

  /** Number of the process that is ready; undefined while none is. What one was told, the next has forgotten. */
  get generation(): number | undefined {
    return this.#state === 'ready' ? this.#generation : undefined;
  }

  /** Whether it would answer a search late. */
  get isLearning(): boolean {
    return this.#training > 0;
  }

  /** @throws {Error} what faiss says, or that the process was lost. */
  async ask(request: FaissRequest, body: Uint8Array = NO_BODY): Promise<Frame> {
    if (this.#state !== 'ready') throw new Error('faiss does not run');
    const asked = createDeferred<Frame>();
    this.#asked.push(asked);
    const isTraining = request.kind === 'train';
    if (isTraining) this.#training += 1;
    this.#worker.send({ head: request, body });
    const limitMs = this.isLearning ? TRAIN_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
    const timer = setTimeout(() => this.#worker.kill(), limitMs);
    try {
      const frame = await asked.promise;
      const answer = frame.head as FaissAnswer;
      if (answer.kind === 'failed') throw new Error(answer.message);
      return frame;
    } finally {
      clearTimeout(timer);
      if (isTraining) this.#training -= 1;
    }
  }

  async close(): Promise<void> {
    const wasLost = this.#state === 'lost';
    this.#state = 'closed';
    clearTimeout(this.#deadline);
    if (wasLost) return;
    // It has nothing to finish.
    this.#worker.kill();
    await this.#ended.promise;
  }

  #start(): WorkerProcess {
    const { script, mainFile } = this.#options;
    const program = { script, args: [mainFile], environment: ENVIRONMENT };
    const worker = new WorkerProcess(program, {
      onFrame: (frame) => this.#onFrame(frame),
      onExit: (reason) => this.#onExit(reason),
    });
    this.#deadline = setTimeout(() => worker.kill(), START_TIMEOUT_MS);
    return worker;
  }

  #onFrame(frame: Frame): void {
    if (this.#state !== 'starting') {
      this.#asked.shift()?.resolve(frame);
      return;
    }
    clearTimeout(this.#deadline);
    this.#state = 'ready';
    this.#generation += 1;
    this.#opened.resolve();
    this.#options.onReady();
  }

  #onExit(reason: string): void {
    clearTimeout(this.#deadline);
    const error = new Error(`the faiss process ended: ${reason}`);
    for (const { reject } of this.#asked.splice(0)) reject(error);
    this.#opened.reject(error);
    if (this.#state === 'closed' || this.#generation === 0) {
      this.#ended.resolve();
      return;
    }
    this.#state = 'lost';
    this.#options.onLost({ pid: this.pid, reason });
    this.#deadline = setTimeout(() => {
      this.#state = 'starting';
      this.#worker = this.#start();
    }, RESTART_DELAY_MS);
  }
}
