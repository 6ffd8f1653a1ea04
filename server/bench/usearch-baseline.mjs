/** The baseline library, which is not a dependency: `npm install --prefix FOLDER usearch`, then `--usearch FOLDER`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { median } from './statistics.mjs';

/** Vectors added to it at once: its own threads share them. */
const BATCH = 1_000;

/** Builds an HNSW index of 16-bit floats from vectors as they come. */
export class UsearchBaseline {
  #index;
  #dims;
  #threads;
  #batch;
  #keys;
  #filled = 0;
  buildMs = 0;
  size = 0;

  constructor(folder, { dims, threads }) {
    const { Index } = createRequire(join(folder, 'x.cjs'))('usearch');
    this.#index = new Index({ metric: 'cos', quantization: 'f16', dimensions: dims });
    this.#dims = dims;
    this.#threads = threads;
    this.#batch = new Float32Array(BATCH * dims);
    this.#keys = new BigUint64Array(BATCH);
  }

  add(vector, number) {
    this.#batch.set(vector, this.#filled * this.#dims);
    this.#keys[this.#filled] = BigInt(number);
    this.#filled += 1;
    if (this.#filled === BATCH) this.flush();
  }

  flush() {
    if (this.#filled === 0) return;
    const began = performance.now();
    const keys = this.#keys.slice(0, this.#filled);
    this.#index.add(keys, this.#batch.subarray(0, this.#filled * this.#dims), this.#threads);
    this.buildMs += performance.now() - began;
    this.size += this.#filled;
    this.#filled = 0;
  }

  /** Median milliseconds of a search, and the share of `truths` (sets of row numbers) that it finds. */
  measure(queries, num, truths) {
    let [good, all] = [0, 0];
    const samples = queries.map((query, i) => {
      const began = performance.now();
      const { keys } = this.#index.search(query, num, 1);
      const ms = performance.now() - began;
      for (const key of keys) if (truths[i].has(Number(key))) good += 1;
      all += truths[i].size;
      return ms;
    });
    return { ms: median(samples), recall: good / all };
  }
}
