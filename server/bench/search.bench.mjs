/**
 * Times searches of the vector index, stage by stage, beside a bare read of the same bytes.
 *
 *     npm run build && node server/bench/search.bench.mjs [--rows 100000] [--dims 512] [--workers 2] [--rounds 60]
 *
 * Needs no network. Data is made from a seed and shaped like embeddings: clusters of clusters on the
 * unit sphere. Prints the tables that README.md shows.
 */
import { parseArgs } from 'node:util';

import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';
import { measureRead } from '../dist/vectors/scan/measure-read.js';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    dims: { type: 'string', default: '512' },
    workers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '60' },
  },
});
const ROWS = Number(args.rows);
const DIMS = Number(args.dims);
const ROUNDS = Number(args.rounds);
const TOP = 10;
const QUERIES = 20;

/** Scattered over the rows: attribute n of a row is below 100 · share for that share of the rows. */
const FILTERS = [
  ['none', undefined],
  ['100 %', below(100)],
  ['10 %', below(10)],
  ['1 %', below(1)],
];

const random = createRandom(7);
let times;
const engine = createVectorEngine({
  workers: Number(args.workers),
  onSearch: (searchTimes) => (times = searchTimes),
});
const index = engine.createIndex({
  dims: DIMS,
  calibration: [
    [-1, 0],
    [1, 1],
  ],
});

const vectors = makeVectors();
const heapBefore = memory();
const began = performance.now();
const attribute = Uint8Array.from({ length: ROWS }, () => Math.floor(random() * 100));
for (let i = 0; i < ROWS; i += 1) {
  const key = `product-${String(i).padStart(8, '0')}\u0000picture-${i % 3}`;
  const vector = vectors.subarray(i * DIMS, (i + 1) * DIMS);
  const attributes = { int_attr: attribute[i] };
  index.put({ key, group: key.slice(0, 16), category: 0, vector, attributes, revision: i });
}
const putMs = performance.now() - began;
const heapAfter = memory();
console.log(
  `${ROWS} rows of ${DIMS} dims, ${args.workers} workers, top ${TOP}, ${ROUNDS} rounds\n`,
);
console.log(`put: ${((putMs / ROWS) * 1000).toFixed(1)} µs a row`);
const bytesARow = engine.allocatedBytes / ROWS;
console.log(
  `memory a row: ${bytesARow.toFixed(0)} bytes shared (${(2 * DIMS).toFixed(0)} of them vector), ` +
    `${((heapAfter - heapBefore) / ROWS).toFixed(0)} bytes heap\n`,
);

console.log(
  `search of one row, almost all of it hand-over: ${(await measureHandOver()).toFixed(3)} ms\n`,
);

const queries = Array.from({ length: QUERIES }, () => nearTo(Math.floor(random() * ROWS)));
console.log(
  '| filter | whole search ms (p10–p90) | plan | filter | coarse scan | rerank | merge | bare read | scan / read | (scan + rerank) / read | recall@10 |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const [name, filter] of FILTERS) console.log(await measure(name, filter));
await engine.close();

/** Median time of a search that has next to nothing to do. */
async function measureHandOver() {
  const small = engine.createIndex({
    dims: DIMS,
    calibration: [
      [0, 0],
      [1, 1],
    ],
  });
  const vector = vectors.subarray(0, DIMS);
  small.put({ key: 'k', group: 'g', category: 0, vector, attributes: {}, revision: 1 });
  const samples = [];
  for (let i = 0; i < 500; i += 1) {
    const start = performance.now();
    await small.search({ vector, start: 0, num: TOP, minScore: 0, distinct: false });
    samples.push(performance.now() - start);
  }
  small.close();
  return samples.sort((a, b) => a - b)[250];
}

async function measure(name, filter) {
  const samples = [];
  for (let round = -10; round < ROUNDS; round += 1) {
    const read = await measureRead(index.rows, filter);
    const start = performance.now();
    await search(queries[Math.abs(round) % QUERIES], filter);
    const sample = { ...times, read: read.ms, whole: performance.now() - start };
    if (round >= 0) samples.push({ ...sample, toRead: sample.scanMs / read.ms });
  }
  const of = (pick) => samples.map(pick).sort((a, b) => a - b);
  const at = (pick, share) => of(pick)[Math.floor(share * (samples.length - 1))];
  const median = (pick) => at(pick, 0.5).toFixed(2);
  return `| ${[
    name,
    `${median(wholeMs)} (${at(wholeMs, 0.1).toFixed(2)}–${at(wholeMs, 0.9).toFixed(2)})`,
    ...['planMs', 'filterMs', 'scanMs', 'rerankMs', 'mergeMs', 'read'].map((stage) =>
      median((sample) => sample[stage]),
    ),
    median((sample) => sample.toRead),
    median(({ scanMs, rerankMs, read }) => (scanMs + rerankMs) / read),
    (await recall(filter)).toFixed(4),
  ].join(' | ')} |`;
}

function wholeMs({ whole }) {
  return whole;
}

function search(vector, filter) {
  const query = { vector, start: 0, num: TOP, minScore: 0, distinct: false };
  return index.search(filter === undefined ? query : { ...query, filter });
}

/** Against float64 of the original vectors; a row within 0.0002 of the last that belongs counts. */
async function recall(filter) {
  let [good, all] = [0, 0];
  for (const query of queries) {
    const { hits } = await search(query, filter);
    const scores = new Float64Array(ROWS).fill(-1);
    for (let i = 0; i < ROWS; i += 1)
      if (filter === undefined || attribute[i] < filter.value) scores[i] = scoreOf(query, i);
    const last = scores.slice().sort()[ROWS - hits.length];
    for (const { key } of hits) good += scores[Number(key.slice(8, 16))] > last - 0.0002 ? 1 : 0;
    all += TOP;
  }
  return good / all;
}

function scoreOf(query, row) {
  let product = 0;
  for (let i = 0; i < DIMS; i += 1) product += query[i] * vectors[row * DIMS + i];
  return (product + 1) / 2;
}

function below(value) {
  return { kind: 'compare', field: 'int_attr', operator: '<', value };
}

/** 300 clusters of 20 smaller ones each; rows lie around those. */
function makeVectors() {
  const centres = [];
  for (let i = 0; i < 300; i += 1) {
    const centre = around(undefined, 1);
    for (let j = 0; j < 20; j += 1) centres.push(around(centre, 0.7));
  }
  const all = new Float32Array(ROWS * DIMS);
  for (let i = 0; i < ROWS; i += 1) {
    const centre = centres[Math.floor(random() * centres.length)];
    all.set(around(centre, 0.5), i * DIMS);
  }
  return all;
}

function nearTo(row) {
  return around(vectors.subarray(row * DIMS, (row + 1) * DIMS), 0.4);
}

function around(centre, spread) {
  const vector = new Float32Array(DIMS);
  const scale = (spread * 1.732) / Math.sqrt(DIMS);
  let squares = 0;
  for (let i = 0; i < DIMS; i += 1) {
    const normal = random() + random() + random() + random() - 2;
    vector[i] = (centre?.[i] ?? 0) + scale * normal;
    squares += vector[i] * vector[i];
  }
  const length = Math.sqrt(squares);
  for (let i = 0; i < DIMS; i += 1) vector[i] /= length;
  return vector;
}

function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function memory() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
