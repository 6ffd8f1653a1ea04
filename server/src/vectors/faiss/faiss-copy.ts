import { writeFloats } from '../../processes/frames.ts';
import type { IndexRows } from '../index-rows.ts';
import type { RowId } from '../memory/row-block.ts';
import { readLabels } from './faiss-frames.ts';
import { sampleRows, type FaissPlan } from './faiss-plan.ts';
import type { FaissProcess } from './faiss-process.ts';
import { RowLabels } from './row-labels.ts';
import { StoredVectors } from './stored-vectors.ts';

/** Rows handed over at once: as many as take about so long, so that searches get between them. */
const SLICE_MS = 20;
const MIN_SLICE_ROWS = 16;
const MAX_SLICE_ROWS = 512;
/** Rows of a sample that are handed over at once. */
const SAMPLE_SLICE_ROWS = 512;

/** A copy of an index's rows in the faiss process, which goes when that does. */
export class FaissCopy {
  readonly labels = new RowLabels();
  readonly #process: FaissProcess;
  readonly #rows: IndexRows;
  readonly #plan: FaissPlan;
  readonly #number: number;
  readonly #generation: number | undefined;
  #sliceRows = MIN_SLICE_ROWS;
  #isMade = false;
  #rowsSeen = 0;

  /** @param number that no copy of the same engine has had */
  constructor(process: FaissProcess, rows: IndexRows, plan: FaissPlan, number: number) {
    this.#process = process;
    this.#rows = rows;
    this.#plan = plan;
    this.#number = number;
    this.#generation = process.generation;
  }

  /** Rows that there were when it was made, and learnt from them. */
  get rowsSeen(): number {
    return this.#rowsSeen;
  }

  /** Whether the process that holds it is gone. */
  get isLost(): boolean {
    return this.#generation === undefined || this.#process.generation !== this.#generation;
  }

  /** Rows that it has not been told of; undefined while these are not counted. */
  get behind(): number | undefined {
    return this.labels.waiting?.size;
  }

  /** Hands over some rows. @throws {Error} if faiss cannot take them, or is gone: the copy is of no use then. */
  async addSome(): Promise<void> {
    if (!this.#isMade) await this.#make();
    const beganMs = performance.now();
    const keys = this.labels.take(this.#rows, this.#sliceRows);
    if (keys.length === 0) return;
    const ids = keys.map((key) => this.#rows.order.find(key));
    await this.#send({ kind: 'add', index: this.#number }, ids);
    const isSlow = performance.now() - beganMs > SLICE_MS;
    const next = isSlow ? this.#sliceRows / 2 : this.#sliceRows * 2;
    this.#sliceRows = Math.min(MAX_SLICE_ROWS, Math.max(MIN_SLICE_ROWS, Math.floor(next)));
  }

  /** Labels of the nearest rows, the best first; fewer where it finds no more. */
  async search(query: Float32Array, num: number): Promise<Int32Array> {
    const request = { kind: 'search', index: this.#number, num } as const;
    const { body } = await this.#process.ask(request, writeFloats(query));
    return readLabels(body).filter((label) => label >= 0);
  }

  /** Gives its memory back. */
  drop(): void {
    if (this.isLost || !this.#isMade) return;
    this.#process.ask({ kind: 'drop', index: this.#number }).catch(() => undefined);
  }

  async #make(): Promise<void> {
    const { description, effort } = this.#plan;
    const { dims } = this.#rows.options;
    const index = this.#number;
    const made = await this.#process.ask({ kind: 'create', index, dims, description });
    this.#isMade = true;
    this.#rowsSeen = this.#rows.order.size;
    const { isTrained } = made.head as { readonly isTrained: boolean };
    if (!isTrained) await this.#sendSample();
    await this.#process.ask({ kind: 'train', index, effort });
  }

  /** Rows from all over the index. */
  async #sendSample(): Promise<void> {
    const { order, reclaimer } = this.#rows;
    const serial = reclaimer.begin();
    try {
      const all = order.copy();
      const wanted = Math.min(all.length, sampleRows(this.#plan));
      const step = all.length / wanted;
      const sample = Array.from({ length: wanted }, (_, i) => all[Math.floor(i * step)]);
      for (let from = 0; from < wanted; from += SAMPLE_SLICE_ROWS) {
        const ids = sample.slice(from, from + SAMPLE_SLICE_ROWS);
        await this.#send({ kind: 'sample', index: this.#number }, ids);
      }
    } finally {
      reclaimer.end(serial);
    }
  }

  async #send(
    request: { readonly kind: 'add' | 'sample'; readonly index: number },
    ids: readonly (RowId | undefined)[],
  ): Promise<void> {
    const { dims } = this.#rows.options;
    const vectors = new StoredVectors(this.#rows);
    const floats = new Float32Array(ids.length * dims);
    for (const [i, id] of ids.entries())
      if (id !== undefined) vectors.copy(id, floats.subarray(i * dims, (i + 1) * dims));
    await this.#process.ask(request, writeFloats(floats));
  }
}
