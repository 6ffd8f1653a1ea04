/** Libraries to compare with. None is a dependency: each is installed by hand into a folder. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { withEffort } from '../dist/vectors/faiss/search-effort.js';
import { median } from './statistics.mjs';

/** Vectors added at once: a library's own threads share them. */
const BATCH = 1_000;

/** Those whose folders are given. */
export function openBaselines({ usearch, faiss, 'faiss-index': description }, { dims, threads }) {
  return [
    ...(usearch === undefined ? [] : [openUsearch(usearch, { dims, threads })]),
    ...(faiss === undefined ? [] : [openFaiss(faiss, { dims, description })]),
  ];
}

/** `npm install --prefix FOLDER usearch`: a graph of 16-bit floats. */
function openUsearch(folder, { dims, threads }) {
  const { Index } = createRequire(join(folder, 'x.cjs'))('usearch');
  const index = new Index({ metric: 'cos', quantization: 'f16', dimensions: dims });
  return new BaselineIndex('usearch f16 HNSW', dims, {
    add: (first, floats) => {
      const numbers = Array.from({ length: floats.length / dims }, (_, i) => BigInt(first + i));
      index.add(BigUint64Array.from(numbers), floats, threads);
    },
    search: (query, num) => Array.from(index.search(query, num, 1).keys, Number),
  });
}

/** `server/test/engines/build-faiss.sh FOLDER`: an index that need not learn, such as `Flat` or `HNSW32`. */
function openFaiss(folder, { dims, description }) {
  const { Index, MetricType } = createRequire(join(folder, 'x.cjs'))('faiss-node');
  const plain = Index.fromFactory(dims, description, MetricType.METRIC_INNER_PRODUCT);
  const changed = withEffort(plain.toBuffer(), undefined);
  const index = changed === undefined ? plain : Index.fromBuffer(changed);
  return new BaselineIndex(`faiss ${description}`, dims, {
    add: (_first, floats) => index.add(Array.from(floats)),
    search: (query, num) => index.search(Array.from(query), num).labels,
  });
}

/** An index of a library, built from vectors as they come. */
class BaselineIndex {
  #library;
  #dims;
  #batch;
  #filled = 0;
  name;
  buildMs = 0;
  size = 0;

  constructor(name, dims, library) {
    this.name = name;
    this.#library = library;
    this.#dims = dims;
    this.#batch = new Float32Array(BATCH * dims);
  }

  /** Vectors come in the order of their numbers, from 0 on. */
  add(vector) {
    this.#batch.set(vector, this.#filled * this.#dims);
    this.#filled += 1;
    if (this.#filled === BATCH) this.flush();
  }

  flush() {
    if (this.#filled === 0) return;
    const began = performance.now();
    this.#library.add(this.size, this.#batch.subarray(0, this.#filled * this.#dims));
    this.buildMs += performance.now() - began;
    this.size += this.#filled;
    this.#filled = 0;
  }

  /** Median milliseconds of a search, and the share of `truths` (sets of row numbers) that it finds. */
  measure(queries, num, truths) {
    let [good, all] = [0, 0];
    const samples = queries.map((query, i) => {
      const began = performance.now();
      const numbers = this.#library.search(query, num);
      const ms = performance.now() - began;
      for (const number of numbers) if (truths[i].has(number)) good += 1;
      all += truths[i].size;
      return ms;
    });
    return { ms: median(samples), recall: good / all };
  }
}
