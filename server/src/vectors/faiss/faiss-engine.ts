import { builtScript } from '../../built-script.ts';
import type { FaissAnswer } from './faiss-frames.ts';
import {
  createVectorEngine,
  type ScanEngine,
  type VectorEngineOptions,
} from '../create-vector-engine.ts';
import type { ScanIndex } from '../scan-index.ts';
import type { IndexOptions, VectorEngine } from '../vector-index.ts';
import { FaissIndex, type FaissParts } from './faiss-index.ts';
import { FaissError, findFaiss } from './faiss-package.ts';
import type { FaissPlan } from './faiss-plan.ts';
import { FaissProcess, type FaissLost } from './faiss-process.ts';

export interface FaissEngineOptions
  extends FaissPlan, Pick<VectorEngineOptions, 'workers' | 'onWorkerLost'> {
  /** Of the vectors, for a trial. */
  readonly dims: number;
  /** A file whose folder, or one above, has faiss-node in `node_modules`; this one if not given. */
  readonly from?: string | URL;
  /** Told when the faiss process was lost; it is replaced, and filled again. */
  readonly onLost: (event: FaissLost) => void;
  /** Hears of an index that faiss could not hold: its searches compare all rows. */
  readonly onBackgroundError: (error: unknown) => void;
}

/** Indexes whose nearest rows faiss finds, in one process for all of them. */
export class FaissEngine implements VectorEngine {
  readonly #parts: FaissParts;
  readonly #scans: ScanEngine;
  readonly #indexes: Set<FaissIndex>;

  private constructor(parts: FaissParts, scans: ScanEngine, indexes: Set<FaissIndex>) {
    this.#parts = parts;
    this.#scans = scans;
    this.#indexes = indexes;
  }

  /**
   * Starts the faiss process and has it make an index on trial.
   *
   * @throws {FaissError} where faiss-node is not installed or does not start, or faiss refuses the index
   */
  static async open(options: FaissEngineOptions): Promise<FaissEngine> {
    const { from, workers, onWorkerLost, onBackgroundError: onError, onLost } = options;
    const mainFile = findFaiss(from);
    const indexes = new Set<FaissIndex>();
    const process = await FaissProcess.open({
      script: builtScript('./faiss.worker.js', import.meta.url),
      mainFile,
      onLost,
      onReady: () => {
        for (const index of indexes) index.fill();
      },
    }).catch((cause: Error) => {
      throw new FaissError(`faiss-node does not start: ${cause.message}`, { cause });
    });
    const mustLearn = await tryOut(process, options).catch(async (cause: Error) => {
      await process.close();
      const text = `faiss makes no index "${options.description}" of ${options.dims} dimensions: ${cause.message}`;
      throw new FaissError(text, { cause });
    });
    let number = 0;
    const parts = { process, plan: options, mustLearn, newNumber: () => (number += 1), onError };
    // Where faiss was asked for, cells would only move rows.
    const scans = createVectorEngine({
      minClusteredRows: Number.POSITIVE_INFINITY,
      ...(workers !== undefined && { workers }),
      ...(onWorkerLost !== undefined && { onWorkerLost }),
    });
    return new FaissEngine(parts, scans, indexes);
  }

  /** Of the process that runs faiss now. */
  get pid(): number | undefined {
    return this.#parts.process.pid;
  }

  createIndex(options: IndexOptions): FaissIndex {
    return this.#wrap(this.#scans.createIndex(options));
  }

  async loadIndex(
    path: string,
    tag: string,
    options: IndexOptions,
  ): Promise<FaissIndex | undefined> {
    const scanned = await this.#scans.loadIndex(path, tag, options);
    return scanned && this.#wrap(scanned);
  }

  async close(): Promise<void> {
    await this.#parts.process.close();
    await this.#scans.close();
  }

  #wrap(scanned: ScanIndex): FaissIndex {
    const index = new FaissIndex(this.#parts, scanned, () => this.#indexes.delete(index));
    this.#indexes.add(index);
    return index;
  }
}

/** Whether such an index must learn. */
async function tryOut(
  process: FaissProcess,
  { dims, description }: FaissEngineOptions,
): Promise<boolean> {
  const { head } = await process.ask({ kind: 'create', index: 0, dims, description });
  await process.ask({ kind: 'drop', index: 0 });
  const answer = head as FaissAnswer;
  return answer.kind === 'done' && !answer.isTrained;
}
