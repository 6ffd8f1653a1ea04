/**
 * Times the load of a snapshot beside a read of its bytes, and watches the main thread meanwhile; and the start of a
 * server with so many images, from its snapshot, and where there is none from its records.
 *
 *     npm run bench:open -- [--rows 100000] [--dims 512] [--images 0]
 *
 * Needs no network. Writes to the system's folder for temporary files.
 */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';
import { LINEAR, topOf } from './embeddings.mjs';
import { launchServer } from './evaluate/server.mjs';
import { FilledIndex } from './filled-index.mjs';
import { readIndexArguments } from './index-arguments.mjs';
import { LoopWatch } from './loop-watch.mjs';
import { fillRecords } from './path/fill.mjs';
import { drawPhotograph } from './path/pictures.mjs';
import { table } from './statistics.mjs';

const { rows, dims, workers, images } = readIndexArguments({ images: 0 });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const SERVER_FOLDER = fileURLToPath(new URL('..', import.meta.url));

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
  if (images > 0) await timeStarts(join(folder, 'data'));
} finally {
  await rm(folder, { recursive: true });
}

async function timeStarts(data) {
  const pictures = [await drawPhotograph(1)];
  const none = await timeStart(data);
  await fillRecords({ folder: data, name: 'bench', images, pictures });
  const ofRecords = await timeStart(data);
  const ofSnapshot = await timeStart(data);
  const lines = [
    ['no images', none],
    [`${images} images, from their records`, ofRecords],
    [`${images} images, from a snapshot`, ofSnapshot],
  ];
  console.log();
  console.log(
    table(
      ['start of a server', 's'],
      lines.map(([name, ms]) => [name, seconds(ms)]),
    ),
  );
}

/** Until it listens. When it stops it saves what it has no snapshot of. */
async function timeStart(data) {
  const began = performance.now();
  const server = await launchServer(SERVER_FOLDER, data);
  const ms = performance.now() - began;
  await server.stop();
  return ms;
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
  // What the filling left behind is not this step's to collect.
  collectGarbage();
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
