/**
 * Times the deletion of many pictures by one filter, in a catalog over a real store, and how long the event loop
 * stands still for it: by the processor's time (Linux), which other programs do not change.
 *
 *     npm run build && node server/bench/delete.bench.mjs [--rows 100000] [--dims 512]
 *
 * Needs no network. Records are written straight into the store of a temporary folder, without pictures.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createCatalog } from '../dist/catalog/likeness-catalog.js';
import { nodeDisk } from '../dist/disk/disk.js';
import { DamageRegister } from '../dist/store/damage-register.js';
import { openStores } from '../dist/store/open-stores.js';
import { createVectorEngine } from '../dist/vectors/create-vector-engine.js';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    dims: { type: 'string', default: '512' },
  },
});
const ROWS = Number(args.rows);
const DIMS = Number(args.dims);
const ROWS_PER_WRITE = 1000;
const NANOSECONDS_PER_MS = 1e6;
const MICROSECONDS = 1e6;
const MEGABYTE = 1e6;

const SETTINGS = {
  facade: 'instance',
  name: 'shop',
  serviceType: 0,
  mode: 'subject',
  capacity: ROWS,
  qps: 0,
  addQps: 0,
  deleteQps: 0,
  autoOrient: false,
  keepPictures: false,
};
const PACK = {
  name: 'none',
  version: '1',
  fingerprint: 'none-1',
  dims: DIMS,
  predictsCategories: false,
  languages: [],
  pictureCalibration: [
    [-1, 0],
    [1, 1],
  ],
};

const path = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
let names = 0;
const createName = () => `n${(names += 1)}`;
const { folder, records, objects } = await openStores(path, { disk: nodeDisk, createName });
const vectors = createVectorEngine({ workers: 1 });
try {
  await fill();
  const catalog = await open();
  const info = catalog.collection('instance', SETTINGS.name);
  // What a start looks at beside requests.
  await catalog.maintain();
  const turns = watchTurns();
  const filter = { kind: 'compare', field: 'int_attr', operator: '>=', value: 0 };
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const removed = await catalog.removeImages(info, { kind: 'filter', filter });
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  turns.stop();
  const told = [`${removed.length} rows of ${DIMS} dims deleted in ${(ms / 1000).toFixed(1)} s`];
  told.push(`${((user + system) / MICROSECONDS).toFixed(1)} s of a processor`);
  told.push(`longest turn of the event loop ${turns.longestMs.toFixed(0)} ms of it`);
  told.push(`${Math.round(process.memoryUsage().rss / MEGABYTE)} MB resident`);
  console.log(told.join(', '));
  if (catalog.collection('instance', SETTINGS.name).images !== 0) throw new Error('rows are left');
  await catalog.close();
} finally {
  await vectors.close();
  await records.close();
  await rm(path, { recursive: true });
}

async function fill() {
  await records.putCollection({ id: 'c1', state: 'ready', createdMs: 0, settings: SETTINGS });
  for (let first = 0; first < ROWS; first += ROWS_PER_WRITE) {
    const rows = Array.from({ length: Math.min(ROWS_PER_WRITE, ROWS - first) }, (_, i) => ({
      kind: 'put',
      image: recordOf(first + i),
    }));
    await records.write('c1', rows);
  }
}

function recordOf(number) {
  const vector = new Float32Array(DIMS);
  vector[number % DIMS] = 1;
  return {
    productId: `product-${String(number).padStart(8, '0')}`,
    picName: 'front',
    revision: 0,
    addedMs: 1_700_000_000_000,
    category: 88_888_888,
    categoryGiven: false,
    framing: 'whole',
    region: { x1: 0, y1: 0, x2: 100, y2: 80 },
    widthPx: 100,
    heightPx: 80,
    pictureBytes: 12,
    fingerprint: PACK.fingerprint,
    customContent: '',
    attributes: { int_attr: number % 100 },
    vector,
  };
}

async function open() {
  return createCatalog({
    records,
    objects,
    vision: { pack: PACK },
    vectors,
    disk: nodeDisk,
    derivedFolder: folder.derived,
    now: Date.now,
    createId: createName,
    reserveBytes: 0,
    damage: new DamageRegister({ now: Date.now, onDamage: fail }),
    onReembedded: fail,
    onBackgroundError: fail,
    maintenanceMs: 0,
  });
}

/** The longest time that one turn of the event loop took of the processor. */
function watchTurns() {
  const turns = { longestMs: 0, stop: () => clearImmediate(next) };
  let beforeMs = threadMs();
  const look = () => {
    const nowMs = threadMs();
    turns.longestMs = Math.max(turns.longestMs, nowMs - beforeMs);
    beforeMs = nowMs;
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  return turns;
}

/** Of the main thread. */
function threadMs() {
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / NANOSECONDS_PER_MS;
}

function fail(error) {
  throw error;
}
