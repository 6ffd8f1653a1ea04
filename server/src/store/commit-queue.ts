import type { ImageChange, WriteResult } from './record-store.ts';

/** One caller's write, waiting for its batch. */
export interface PendingWrite {
  readonly id: string;
  readonly changes: readonly ImageChange[];
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Most changes that share a batch; a single caller's larger write is not cut. */
const MAX_CHANGES_PER_BATCH = 512;

/**
 * Runs everything that changes the store one after another, so that writes which come while one is
 * being synced share the next sync.
 */
export class CommitQueue {
  readonly #commit: (writes: readonly PendingWrite[]) => Promise<void>;
  readonly #waiting: (PendingWrite | (() => Promise<void>))[] = [];
  #running = false;

  /** `commit` settles every write that it is given and never rejects. */
  constructor(commit: (writes: readonly PendingWrite[]) => Promise<void>) {
    this.#commit = commit;
  }

  write(id: string, changes: readonly ImageChange[]): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ id, changes, resolve, reject });
    });
  }

  /** Runs `task` while no batch is being written. */
  exclusive<Result>(task: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#enqueue(() => task().then(resolve, reject));
    });
  }

  #enqueue(entry: PendingWrite | (() => Promise<void>)): void {
    this.#waiting.push(entry);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    // One turn later, so that what is enqueued together is written together.
    await Promise.resolve();
    for (let entry = this.#waiting.shift(); entry !== undefined; entry = this.#waiting.shift()) {
      if (typeof entry === 'function') await entry();
      else await this.#commit(this.#gather(entry));
    }
    this.#running = false;
  }

  #gather(first: PendingWrite): readonly PendingWrite[] {
    const writes = [first];
    let changes = first.changes.length;
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || typeof next === 'function') return writes;
      changes += next.changes.length;
      if (changes > MAX_CHANGES_PER_BATCH) return writes;
      this.#waiting.shift();
      writes.push(next);
    }
  }
}
