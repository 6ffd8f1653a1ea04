/**
 * Times the load of a snapshot beside a read of its bytes, and watches the main thread meanwhile.
 *
 *     npm run bench:open -- [--rows 100000] [--dims 512]
 *
 * Needs no network. Writes to the system's folder for temporary files.
 */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';
import { LINEAR, topOf } from './embeddings.mjs';
import { FilledIndex } from './filled-index.mjs';
import { LoopWatch } from './loop-watch.mjs';
import { table } from './statistics.mjs';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    dims: { type: 'string', default: '512' },
    workers: { type: 'string', default: '2' },
  },
});
const [rows, dims, workers] = ['rows', 'dims', 'workers'].map((name) => Number(args[name]));

const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
const path = join(folder, 'snapshot');
try {
  const { saved, queries } = await save();
  const { size } = await stat(path);
  const engine = createVectorEngine({ workers });
  const read = await watched(() => readAll());
  const loaded = await watched(() =>
    engine.loadIndex(path, 'bench', { dims, calibration: LINEAR }),
  );
  const first = await watched(() => loaded.answer.search(topOf(queries[0], 10)));
  console.log(`${rows} rows of ${dims} dimensions, ${(size / 1e6).toFixed(0)} MB\n`);
  console.log(
    table(
      ['step', 's', '/ read', 'main thread s', 'longest stretch ms'],
      [
        line('save', saved, read),
        line('read of the bytes', read, read),
        line('load', loaded, read),
        line('first search', first, read),
      ],
    ),
  );
  await engine.close();
} finally {
  await rm(folder, { recursive: true });
}

async function save() {
  const engine = createVectorEngine({ workers });
  const { index, queries } = new FilledIndex(engine, { dims, queries: 2 }).fillTo(rows);
  await index.cells.settle();
  const saved = await watched(() => index.save(path, 'bench'));
  index.close();
  await engine.close();
  return { saved, queries };
}

async function readAll() {
  const file = await open(path);
  const piece = new Uint8Array(1024 * 1024);
  while ((await file.read(piece, 0, piece.length)).bytesRead > 0);
  await file.close();
}

async function watched(work) {
  const watch = new LoopWatch();
  const began = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - began, ...watch.stop() };
}

function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(3);
}

function line(name, { ms, sum, longest }, read) {
  return [name, seconds(ms), (ms / read.ms).toFixed(2), seconds(sum), longest.toFixed(1)];
}
