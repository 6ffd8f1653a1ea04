import { builtScript } from '../built-script.ts';
import {
  CLOSE_TIMEOUT_MS,
  JOB_TIMEOUT_MS,
  MAX_REMEMBERED_TEXTS,
  MAX_WAIT_MS,
  MAX_WORKER_BYTES,
  QUEUE_PER_WORKER,
  START_TIMEOUT_MS,
  TARGET_MS,
} from './limits.ts';
import { requireTensorflow } from './embed/tensorflow.ts';
import { loadPack, summarize } from './pack/load-pack.ts';
import { readAnalysis, writeRequest } from './pool/look-frames.ts';
import { readTextAnalysis, writeText } from './pool/text-frames.ts';
import { readThumbnail, writeThumbnailRequest } from './pool/thumbnail-frames.ts';
import { WorkerPool, type WorkerLost } from './pool/worker-pool.ts';
import { TextCache } from './text/text-cache.ts';
import type {
  PackSummary,
  PictureAnalysis,
  PictureRequest,
  TextAnalysis,
  ThumbnailRequest,
  Vision,
  VisionLoad,
} from './vision.ts';

export interface VisionOptions {
  /** Folder of a model pack, with its `pack.json`. */
  readonly packFolder: string;
  /** How many processes look at pictures, at least 1. */
  readonly workers: number;
  /** Looks that may wait for a worker; one more is refused with `ServiceUnavailable`. */
  readonly maxQueue?: number;
  readonly jobTimeoutMs?: number;
  readonly maxWorkerBytes?: number;
  /** Told when a worker process was lost and is being replaced. */
  readonly onWorkerLost?: (event: WorkerLost) => void;
}

/** The pack that ships with the server. */
export const EMBEDDED_PACK_FOLDER = new URL('../../models/lite/', import.meta.url);

/**
 * Loads a model pack and starts the processes that look at pictures with it; resolves when the first
 * of them is ready.
 *
 * @throws {PackError} when the folder is no usable pack, or what runs it is not installed.
 */
export async function createVision(options: VisionOptions): Promise<Vision> {
  const pack = await loadPack(options.packFolder);
  if (pack.manifest.runtime === 'tensorflow') requireTensorflow();
  return new PooledVision(summarize(pack), await openPool(options));
}

class PooledVision implements Vision {
  readonly pack: PackSummary;
  readonly #pool: WorkerPool;
  readonly #texts = new TextCache(MAX_REMEMBERED_TEXTS);

  constructor(pack: PackSummary, pool: WorkerPool) {
    this.pack = pack;
    this.#pool = pool;
  }

  get load(): VisionLoad {
    return this.#pool.load;
  }

  async analyze(request: PictureRequest, signal?: AbortSignal): Promise<PictureAnalysis> {
    return readAnalysis(await this.#pool.run(writeRequest(request), signal, request.priority));
  }

  async embedText(text: string, signal?: AbortSignal): Promise<TextAnalysis> {
    if (this.pack.textCalibration === undefined) throw new TypeError('the pack knows no texts');
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const analysis = readTextAnalysis(await this.#pool.run(writeText(text), signal));
    this.#texts.set(text, analysis);
    return analysis;
  }

  async renderThumbnail(request: ThumbnailRequest, signal?: AbortSignal): Promise<Uint8Array> {
    const frame = writeThumbnailRequest(request);
    return readThumbnail(await this.#pool.run(frame, signal, 'background'));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

function openPool(options: VisionOptions): Promise<WorkerPool> {
  return WorkerPool.open({
    script: builtScript('./pool/vision.worker.js', import.meta.url),
    args: [options.packFolder],
    workers: options.workers,
    maxQueue: options.maxQueue ?? options.workers * QUEUE_PER_WORKER,
    targetMs: TARGET_MS,
    maxWaitMs: MAX_WAIT_MS,
    jobTimeoutMs: options.jobTimeoutMs ?? JOB_TIMEOUT_MS,
    startTimeoutMs: START_TIMEOUT_MS,
    closeTimeoutMs: CLOSE_TIMEOUT_MS,
    maxWorkerBytes: options.maxWorkerBytes ?? MAX_WORKER_BYTES,
    onLost: options.onWorkerLost,
  });
}
