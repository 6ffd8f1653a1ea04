import { ScanCosts } from '../dist/vectors/cells/scan-costs.js';
import { searchRows } from '../dist/vectors/scan/search-rows.js';

import { benchRow, Embeddings, LINEAR, topOf } from './embeddings.mjs';

/** An index of so many seeded rows, queries for it, and what putting a row took. */
export function fillIndex(engine, { rows, dims, queries = 0, onVector = () => undefined }) {
  const index = engine.createIndex({ dims, calibration: LINEAR });
  const embeddings = new Embeddings(dims);
  const near = [];
  let putMs = 0;
  for (let i = 0; i < rows; i += 1) {
    const row = benchRow(embeddings, i);
    if (queries > 0 && i % Math.ceil((2 * rows) / queries) === 0) near.push(row.vector);
    onVector(row.vector, i);
    const began = performance.now();
    index.put(row);
    putMs += performance.now() - began;
  }
  return { index, queries: makeQueries(embeddings, near, queries), putMs };
}

/** Half of them near a row, as a picture of the same thing is; half as near to all rows as these are to one another. */
function makeQueries(embeddings, near, count) {
  return Array.from({ length: count }, (_, i) => {
    const row = near[(i >> 1) % near.length];
    return i % 2 === 0 ? embeddings.around(row, 0.4) : embeddings.row().vector;
  });
}

/** The same index, where a plan never finds cells worthwhile: every matching row is compared. */
export function searchExactly(index, vector, num, filter) {
  const free = new ScanCosts({ handOverMs: 0, megabyteMs: 0 });
  const rows = { ...index.rows, parts: { ...index.rows.parts, costs: free } };
  return searchRows(() => rows, topOf(vector, num, filter), undefined);
}

/** `below(10_000 · share)` on a bench row's attribute. */
export function below(field, value) {
  return { kind: 'compare', field, operator: '<', value };
}
