import { availableParallelism } from 'node:os';

import { builtScript } from '../built-script.ts';
import { ScanCosts } from './cells/scan-costs.ts';
import { loadKernel } from './kernel/kernel.ts';
import { MIN_CLUSTERED_ROWS } from './limits.ts';
import { Arenas } from './memory/arenas.ts';
import type { EngineParts } from './index-rows.ts';
import { ScanIndex } from './scan-index.ts';
import { ScanPool, type ScanPoolOptions } from './scan/scan-pool.ts';
import { SCRATCH_BYTES } from './scan/scratch.ts';
import { createWorkbench } from './scan/workbench.ts';
import type { SearchTimes } from './scan/scan-job.ts';
import { readSnapshot } from './snapshot/read-snapshot.ts';
import type { IndexOptions, VectorEngine } from './vector-index.ts';

/** As `nice` counts: a tenth of what a search gets where both want the same processor, and not nothing. */
const LOW_PRIORITY = 10;

export interface VectorEngineOptions {
  /** Scan threads; as many as there are processors if not given. */
  readonly workers?: number;
  /** Most bytes of one shared memory. */
  readonly maxArenaBytes?: number;
  /** Rows of a category from which on it is searched by cells. */
  readonly minClusteredRows?: number;
  /** What searching costs here; measured if not given. */
  readonly costs?: ScanCosts;
  /** Hears of work in the background that failed: searches go on without it. */
  readonly onBackgroundError?: (error: unknown) => void;
  /** Hears why a thread was lost: it is replaced. */
  readonly onWorkerLost?: (cause: unknown) => void;
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
  #background: ScanPool | undefined;

  constructor(options: VectorEngineOptions) {
    const { workers = availableParallelism(), maxArenaBytes, onSearch } = options;
    const workerUrl = builtScript('./scan/scan.worker.js', import.meta.url);
    const onLost = options.onWorkerLost;
    const pool = new ScanPool({ workers, workerUrl, onLost });
    const arenas = new Arenas({
      // One more for the thread in the background, and one for this.
      reservedBytes: (workers + 2) * SCRATCH_BYTES,
      ...(maxArenaBytes === undefined ? {} : { maxArenaBytes }),
      onArena: (memory) => {
        pool.addArena(memory);
        this.#background?.addArena(memory);
      },
    });
    const kernel = loadKernel();
    this.#parts = {
      arenas,
      pool,
      background: () =>
        (this.#background ??= startBackground({ workerUrl, firstPlace: workers, onLost }, arenas)),
      kernel,
      bench: createWorkbench(kernel, arenas.memories, workers + 1),
      costs: options.costs ?? new ScanCosts(),
      minClusteredRows: options.minClusteredRows ?? MIN_CLUSTERED_ROWS,
      onError: options.onBackgroundError ?? (() => undefined),
      onSearch,
    };
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
    await this.#background?.close();
  }
}

function startBackground(
  options: Omit<ScanPoolOptions, 'workers' | 'niceness'>,
  { memories }: Arenas,
): ScanPool {
  const pool = new ScanPool({ ...options, workers: 1, niceness: LOW_PRIORITY });
  for (const memory of memories) pool.addArena(memory);
  return pool;
}
