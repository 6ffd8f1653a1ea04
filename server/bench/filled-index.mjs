import { ScanCosts } from '../dist/vectors/cells/scan-costs.js';
import { searchRows } from '../dist/vectors/scan/search-rows.js';

import { benchRow, Embeddings, LINEAR, topOf } from './embeddings.mjs';

/** Queries are made near some of the first rows, so that they mean the same whatever is added later. */
const FIRST_ROWS = 10_000;

/** An index of seeded rows that grows, and queries for it. */
export class FilledIndex {
  index;
  /** Half of them near a row, as a picture of the same thing is; half as near to all rows as these are to one another. */
  queries = [];
  /** What putting all rows took. */
  putMs = 0;
  #embeddings;
  #onVector;
  #queryCount;
  #near = [];
  #rows = 0;

  constructor(engine, { dims, queries = 0, onVector = () => undefined }) {
    this.index = engine.createIndex({ dims, calibration: LINEAR });
    this.#embeddings = new Embeddings(dims);
    this.#onVector = onVector;
    this.#queryCount = queries;
  }

  /** Adds rows up to so many. */
  fillTo(rows) {
    for (; this.#rows < rows; this.#rows += 1) this.#put(this.#rows);
    if (this.queries.length === 0) this.queries = this.#makeQueries();
    return this;
  }

  #put(number) {
    const row = benchRow(this.#embeddings, number);
    const step = Math.ceil((2 * FIRST_ROWS) / Math.max(1, this.#queryCount));
    if (number < FIRST_ROWS && number % step === 0) this.#near.push(row.vector);
    this.#onVector(row.vector, number);
    const began = performance.now();
    this.index.put(row);
    this.putMs += performance.now() - began;
  }

  #makeQueries() {
    return Array.from({ length: this.#queryCount }, (_, i) =>
      i % 2 === 0
        ? this.#embeddings.around(this.#near[(i >> 1) % this.#near.length], 0.4)
        : this.#embeddings.row().vector,
    );
  }
}

/** The same index, where a plan never finds cells worthwhile: every matching row is compared. */
export function searchExactly(index, vector, num, filter) {
  const free = new ScanCosts({ handOverMs: 0, megabyteMs: 0, unitMs: 0 });
  const rows = { ...index.rows, parts: { ...index.rows.parts, costs: free } };
  return searchRows(() => rows, topOf(vector, num, filter), undefined);
}

/** `below(10_000 · share)` on a bench row's attribute. */
export function below(field, value) {
  return { kind: 'compare', field, operator: '<', value };
}
