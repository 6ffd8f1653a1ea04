/**
 * Times searches of the vector index, exact and as planned, beside a bare read of the same bytes by
 * the same threads and, where they were installed by hand, usearch and faiss.
 *
 *     npm run bench:search -- [--rows 100000] [--dims 512] [--workers 2] [--queries 40] [--usearch FOLDER]
 *         [--faiss FOLDER] [--faiss-index HNSW32] [--curves FOLDER]
 *
 * Needs no network. Data is made from a seed. Prints the tables that README.md shows. With `--curves`, measures at sizes on
 * the way to all rows too, and writes plots of it into the folder.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';
import { measureRead } from '../dist/vectors/scan/measure-read.js';
import { openBaselines } from './baseline-index.mjs';
import { topOf } from './embeddings.mjs';
import { below, FilledIndex, searchExactly } from './filled-index.mjs';
import { LoopWatch } from './loop-watch.mjs';
import { plot } from './plot.mjs';
import { median, quantile, table } from './statistics.mjs';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    dims: { type: 'string', default: '512' },
    workers: { type: 'string', default: '2' },
    queries: { type: 'string', default: '40' },
    usearch: { type: 'string' },
    faiss: { type: 'string' },
    'faiss-index': { type: 'string', default: 'HNSW32' },
    curves: { type: 'string' },
  },
});
const [ROWS, DIMS, WORKERS, QUERIES] = ['rows', 'dims', 'workers', 'queries'].map((name) =>
  Number(args[name]),
);
const FILTERS = [
  ['none', undefined],
  ['50 % scattered', below('scattered', 5_000)],
  ['10 % scattered', below('scattered', 1_000)],
  ['10 % clustered', below('clustered', 1_000)],
  ['1 % scattered', below('scattered', 100)],
  ['1 % clustered', below('clustered', 100)],
  ['0.1 % scattered', below('scattered', 10)],
  ['0.01 % scattered', below('scattered', 1)],
];
/** Hits as good as the last that belongs, to this, count as found. */
const TIE = 0.0002;

const CLIENTS = [1, 2, 8];
const SIZES = [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];
/** A centroid with its norm and sums; a range of a cell's rows in its chunk's layout, and as an object. */
const [CELL_BYTES, RANGE_BYTES] = [DIMS + 20, 8 + 48];
/** From so many rows on, the time of the exact search is to be a line over them. */
const LINE_FROM = 50_000;

const engine = createVectorEngine({ workers: WORKERS });
const baselines = openBaselines(args, { dims: DIMS, threads: WORKERS });
const filled = new FilledIndex(engine, {
  dims: DIMS,
  queries: QUERIES,
  onVector: (vector) => {
    for (const each of baselines) each.add(vector);
  },
});
const { index } = filled;
console.log(`${ROWS} rows of ${DIMS} dimensions, ${WORKERS} scan threads, ${QUERIES} queries\n`);
if (args.curves !== undefined) await measureCurves(args.curves);
const { queries } = filled.fillTo(ROWS);
for (const each of baselines) each.flush();
await buildCells();
for (const num of [10, 100, 500]) console.log(await measureTop(num));
console.log(formatClients(await measureClients(queries)));
for (const each of baselines) await compareWith(each);
await engine.close();

async function buildCells() {
  const watch = new LoopWatch();
  const began = performance.now();
  const settled = index.cells.settle();
  const live = [];
  const progress = { isDone: false };
  const done = settled.finally(() => (progress.isDone = true));
  while (!progress.isDone) {
    const start = performance.now();
    await index.search(topOf(queries[live.length % QUERIES], 10));
    live.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done;
  const seconds = (performance.now() - began) / 1000;
  const { longest, sum } = watch.stop();
  const chunk = index.rows.table.chunks.find((each) => each?.layout !== undefined);
  const clustering = chunk?.layout.clustering;
  const cells = clustering?.centroids.count ?? 0;
  const ranges = clustering?.countRanges(index.rows.table) ?? 0;
  const bytes = cells * CELL_BYTES + ranges * RANGE_BYTES;
  console.log(
    [
      `put ${((filled.putMs / ROWS) * 1000).toFixed(1)} µs a row`,
      `${cells} cells (${ranges} ranges of rows) built in ${seconds.toFixed(1)} s beside ${live.length} searches (median ${median(live).toFixed(2)} ms)`,
      `main thread: ${(sum / 1000).toFixed(2)} s of processor, at most ${longest.toFixed(1)} ms at a stretch`,
      `index memory: ${((100 * bytes) / (2 * ROWS * DIMS)).toFixed(2)} % of the matrix`,
      `reach: ${JSON.stringify(clustering?.reach?.depths)}`,
      `costs: ${JSON.stringify(index.rows.parts.costs.now)}`,
    ].join('\n') + '\n',
  );
}

async function measureTop(num) {
  const lines = [];
  let unfiltered = 0;
  for (const [name, filter] of FILTERS) {
    const samples = [];
    let [good, all, scanned] = [0, 0, 0];
    const modes = { exact: 0, approximate: 0 };
    for (const query of [...queries.slice(0, 4), ...queries]) {
      const read = (await measureRead(index.rows)).ms;
      const exact = await timed(() => searchExactly(index, query, num, filter));
      const planned = await timed(() => index.search(topOf(query, num, filter)));
      samples.push({ read, exact: exact.ms, planned: planned.ms });
      const last = (exact.answer.hits.at(-1)?.score ?? 0) - TIE;
      good += planned.answer.hits.filter(({ score }) => score >= last).length;
      all += exact.answer.hits.length;
      scanned += planned.answer.rowsScanned / Math.max(1, exact.answer.rowsScanned);
      modes[planned.answer.mode] += 1;
    }
    const of = (pick) => samples.slice(4).map(pick);
    const [read, exact, planned] = ['read', 'exact', 'planned'].map((each) =>
      median(of((sample) => sample[each])),
    );
    unfiltered ||= exact;
    lines.push([
      name,
      read.toFixed(2),
      exact.toFixed(2),
      (exact / read).toFixed(2),
      (exact / unfiltered).toFixed(2),
      `${planned.toFixed(2)} (${quantile(
        of((sample) => sample.planned),
        0.1,
      ).toFixed(2)}–${quantile(
        of((sample) => sample.planned),
        0.9,
      ).toFixed(2)})`,
      (planned / unfiltered).toFixed(3),
      `${modes.approximate} of ${samples.length}`,
      `${((100 * scanned) / samples.length).toFixed(1)} %`,
      (good / all).toFixed(4),
    ]);
  }
  const head = ['filter', 'read of all ms', 'exact ms', '/ read', '/ exact unfiltered'];
  const rest = ['planned ms (p10–p90)', '/ exact unfiltered', 'by cells', 'rows compared'];
  return `top ${num}\n\n${table([...head, ...rest, `recall@${num}`], lines)}\n`;
}

async function timed(work) {
  const began = performance.now();
  const answer = await work();
  return { ms: performance.now() - began, answer };
}

/** Searches with several that are under way at once, beside one at a time. */
async function measureClients(some) {
  const measured = [];
  for (const [mode, search] of [
    ['exact', (query) => searchExactly(index, query, 10)],
    ['planned', (query) => index.search(topOf(query, 10))],
  ])
    for (const clients of CLIENTS) {
      const samples = [];
      const began = performance.now();
      const client = async (first) => {
        for (let i = first; i < some.length; i += clients)
          samples.push((await timed(() => search(some[i]))).ms);
      };
      await Promise.all(Array.from({ length: clients }, (_, first) => client(first)));
      const allMs = performance.now() - began;
      measured.push({ mode, clients, ms: median(samples), rate: rate(some.length, allMs) });
    }
  return measured;
}

function formatClients(measured) {
  const lines = measured.map(({ mode, clients, ms, rate: each }) => [
    mode,
    clients,
    each,
    ms.toFixed(2),
  ]);
  return `${table(['search', 'clients', 'a second', 'median ms'], lines)}\n`;
}

/** Top 10 at sizes up to all rows, by the number of clients: a table, and a plot of each kind of search. */
async function measureCurves(folder) {
  const measured = [];
  for (const rows of SIZES.filter((size) => size <= ROWS)) {
    const { queries: some } = filled.fillTo(rows);
    await index.cells.settle();
    await measureClients(some.slice(0, 4));
    for (const each of await measureClients(some)) measured.push({ rows, ...each });
    console.log(`${rows} rows\n\n${formatClients(measured.slice(-2 * CLIENTS.length))}`);
  }
  for (const mode of ['exact', 'planned']) {
    const lines = CLIENTS.map((clients) => ({
      name: `${clients} client${clients === 1 ? '' : 's'}`,
      points: measured
        .filter((each) => each.mode === mode && each.clients === clients)
        .map(({ rows, ms }) => [rows, ms]),
    }));
    const chart = { title: `Top 10, ${mode}, ${DIMS} dimensions`, x: 'images', y: 'ms', lines };
    await writeFile(join(folder, `search-${mode}.svg`), plot(chart));
  }
  const alone = measured.filter(({ mode, clients }) => mode === 'exact' && clients === 1);
  const line = alone.filter(({ rows }) => rows >= LINE_FROM).map(({ rows, ms }) => [rows, ms]);
  console.log(`exact time over rows from ${LINE_FROM}: R² ${determination(line).toFixed(4)}\n`);
}

/** How much of the values' variance a straight line explains. */
function determination(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([a]) => a), mean(([, b]) => b)];
  const covariance = mean(([a, b]) => (a - x) * (b - y));
  return covariance ** 2 / (mean(([a]) => (a - x) ** 2) * mean(([, b]) => (b - y) ** 2));
}

function rate(rows, ms) {
  return ((rows / ms) * 1000).toFixed(0);
}

/** @param baseline that has the same rows */
async function compareWith(baseline) {
  const truths = [];
  const [exact, planned] = [[], []];
  let [good, all] = [0, 0];
  for (const query of queries) {
    const { ms, answer } = await timed(() => searchExactly(index, query, 10));
    const found = await timed(() => index.search(topOf(query, 10)));
    const truth = new Set(answer.hits.map(({ key }) => Number(key.slice(8, 16))));
    truths.push(truth);
    exact.push(ms);
    planned.push(found.ms);
    good += found.answer.hits.filter(({ key }) => truth.has(Number(key.slice(8, 16)))).length;
    all += truth.size;
  }
  const { ms, recall } = baseline.measure(queries, 10, truths);
  const lines = [
    [baseline.name, ms, recall, rate(baseline.size, baseline.buildMs)],
    ['planned', median(planned), good / all, ''],
    ['exact', median(exact), 1, rate(ROWS, filled.putMs)],
  ].map(([engine, each, recall, built]) => [
    engine,
    each.toFixed(2),
    (each / ms).toFixed(2),
    recall.toFixed(4),
    built,
  ]);
  const head = ['engine', 'search ms', `/ ${baseline.name}`, 'recall@10, ties not counted'];
  console.log(`${table([...head, 'rows a second built'], lines)}\n`);
}
