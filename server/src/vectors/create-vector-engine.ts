import { availableParallelism } from 'node:os';

import { builtScript } from '../built-script.ts';
import { Arenas } from './memory/arenas.ts';
import type { EngineParts } from './index-rows.ts';
import { ScanIndex } from './scan-index.ts';
import { ScanPool } from './scan/scan-pool.ts';
import { SCRATCH_BYTES } from './scan/scratch.ts';
import type { SearchTimes } from './scan/scan-job.ts';
import { readSnapshot } from './snapshot/read-snapshot.ts';
import type { IndexOptions, VectorEngine } from './vector-index.ts';

export interface VectorEngineOptions {
  /** Scan threads; as many as there are processors if not given. */
  readonly workers?: number;
  /** Most bytes of one shared memory. */
  readonly maxArenaBytes?: number;
  /** Hears where the time of each search went. */
  readonly onSearch?: (times: SearchTimes) => void;
}

/** Starts the scan workers. They need the built package: a thread runs no TypeScript. */
export function createVectorEngine(options: VectorEngineOptions = {}): ScanEngine {
  return new ScanEngine(options);
}

/** Indexes that are scanned: one pool of workers and one set of shared memories for all of them. */
export class ScanEngine implements VectorEngine {
  readonly #parts: EngineParts;

  constructor({ workers = availableParallelism(), maxArenaBytes, onSearch }: VectorEngineOptions) {
    const pool = new ScanPool({
      workers,
      workerUrl: builtScript('./scan/scan.worker.js', import.meta.url),
    });
    const arenas = new Arenas({
      reservedBytes: workers * SCRATCH_BYTES,
      ...(maxArenaBytes === undefined ? {} : { maxArenaBytes }),
      onArena: (memory) => pool.addArena(memory),
    });
    this.#parts = { arenas, pool, onSearch };
  }

  /** Bytes of shared memory that rows take. */
  get allocatedBytes(): number {
    return this.#parts.arenas.allocatedBytes;
  }

  createIndex(options: IndexOptions): ScanIndex {
    return new ScanIndex(this.#parts, options);
  }

  async loadIndex(
    path: string,
    tag: string,
    options: IndexOptions,
  ): Promise<ScanIndex | undefined> {
    return readSnapshot(this.createIndex(options), path, tag);
  }

  async close(): Promise<void> {
    await this.#parts.pool.close();
  }
}
