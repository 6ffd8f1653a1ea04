/**
 * A process that writes to a catalog until it is killed: `node crash-writer.mjs FOLDER SEED ROUND`.
 *
 * Runs the built package, as a server does. Every write is told on standard output twice, before it
 * is asked for and once it was acknowledged, by writes that have left the process when they return.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

import { createCatalog } from '../../dist/catalog/likeness-catalog.js';
import { DamageRegister } from '../../dist/store/damage-register.js';
import { nodeDisk } from '../../dist/disk/disk.js';
import { openStores } from '../../dist/store/open-stores.js';
import { createVectorEngine } from '../../dist/vectors/create-vector-engine.js';

const CLIENTS = 4;
/** Between a write that failed and the next. */
const REST_MS = 250;
const STANDARD_OUTPUT = 1;

const [path, seed, round] = process.argv.slice(2);
let state = Number(seed);

/** A whole number below `limit`, from the seed. */
function random(limit) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

/** Waits for room in the pipe: the parent may be slow. */
function tell(line) {
  let left = Buffer.from(`${JSON.stringify(line)}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(STANDARD_OUTPUT, left));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const vision = {
  pack: {
    name: 'bytes',
    version: '1',
    fingerprint: 'told-1',
    dims: 4,
    predictsCategories: false,
    languages: [],
    pictureCalibration: [
      [-1, 0],
      [1, 1],
    ],
  },
  analyze: async () => ({
    widthPx: 200,
    heightPx: 200,
    format: 'png',
    region: { x1: 0, y1: 0, x2: 200, y2: 200 },
    subjects: [],
    categories: [],
    vector: Float32Array.of(1, 0, 0, 0),
    timingsMs: { decode: 0, subject: 0, embed: 0 },
  }),
  close: async () => undefined,
};

async function openCatalog() {
  let names = 0;
  const createName = () => `r${round}n${(names += 1)}`;
  const { folder, records, objects } = await openStores(path, { disk: nodeDisk, createName });
  return createCatalog({
    records,
    objects,
    vision,
    vectors: createVectorEngine({ workers: 1 }),
    disk: nodeDisk,
    derivedFolder: folder.derived,
    now: Date.now,
    createId: createName,
    reserveBytes: 0,
    damage: new DamageRegister({
      now: Date.now,
      onDamage: (damage) => tell({ kind: 'damage', damage }),
    }),
    onReembedded: (report) => tell({ kind: 'embedded', report }),
    onBackgroundError: (error) => tell({ kind: 'error', id: 'background', message: String(error) }),
    maintenanceMs: 20,
  });
}

/** What one client does next; each has its own products, so that its writes have an order. */
function chooseWrite(client, number) {
  const productId = `c${client}-${random(3)}`;
  const picName = String(random(5));
  const kind = ['add', 'add', 'add', 'update', 'remove', 'remove-product'][random(6)];
  return { kind, productId, picName, number, id: `${round}-${client}-${number}` };
}

async function perform(catalog, info, { kind, productId, picName, number, id }) {
  const key = { productId, picName };
  const marker = { customContent: id, attributes: { int_attr: number } };
  if (kind === 'add') {
    // Some pictures are the same for several keys, so that objects are shared and released.
    const picture = Buffer.from(`picture ${number % 3 === 0 ? 'shared' : id}`);
    return catalog.addImage(info, { ...key, ...marker, picture, crop: true });
  }
  if (kind === 'update') return catalog.updateImage(info, { ...key, ...marker });
  if (kind === 'remove') return catalog.removeImages(info, { kind: 'picture', ...key });
  return catalog.removeImages(info, { kind: 'product', productId });
}

async function runClient(catalog, info, client) {
  for (let number = 1; ; number += 1) {
    const write = chooseWrite(client, number);
    tell({ kind: 'begin', write });
    try {
      await perform(catalog, info, write);
      tell({ kind: 'end', id: write.id });
    } catch (error) {
      if (error.code !== 'PicNotExist') await setTimeout(REST_MS);
      tell({
        kind: error.code === 'PicNotExist' ? 'refused' : 'error',
        id: write.id,
        message: String(error),
      });
    }
  }
}

const catalog = await openCatalog();
const info =
  catalog.listCollections('instance')[0] ??
  (await catalog.createCollection({
    facade: 'instance',
    name: 'shop',
    serviceType: 1,
    mode: 'subject',
    capacity: 1_000,
    qps: 0,
    addQps: 0,
    deleteQps: 0,
    autoOrient: false,
    keepPictures: true,
  }));
tell({ kind: 'ready' });
await Promise.all(Array.from({ length: CLIENTS }, (_, client) => runClient(catalog, info, client)));
