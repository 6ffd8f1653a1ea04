/** Memory of the server over many requests of all kinds. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { INSTANCE } from './bench-server.mjs';
import { observe } from './observe.mjs';
import { drawSmall } from './pictures.mjs';
import { childrenOf, residentBytes } from './processes.mjs';
import { table } from '../statistics.mjs';

const CLIENTS = 8;
/** Looks at the memory. */
const LOOKS = 40;
/** Requests that are signed ahead, at most. */
const BATCH = 5000;
const SMALL_PICTURES = 20;
/** Added, replaced and deleted again and again, so that what is stored stays the same. */
const NAMES = 500;
const MEGABYTE = 1e6;

/** Prints the memory in use after every so many requests, as it goes. Nonces are kept for 15 minutes: until then it grows. */
export async function measureMemory(bench, { requests }) {
  const { client, port, server } = bench;
  const files = await writeSmall(bench.folder);
  const codes = new Map();
  const started = performance.now();
  console.log(`### ${requests} mixed requests by ${CLIENTS} clients\n`);
  console.log(table(COLUMNS, []));
  for (let sent = 0, look = 1; sent < requests; look += 1) {
    const end = Math.round((requests * look) / LOOKS);
    while (sent < end) {
      const count = Math.min(BATCH, end - sent);
      const calls = Array.from({ length: count }, (_, i) => callOf(sent + i, files));
      await client.ask({ kind: 'prepare', port, key: server.key, lane: 'mixed', calls });
      const lanes = [{ lane: 'mixed', clients: CLIENTS }];
      const { outcomes } = await client.ask({ kind: 'run', port, lanes });
      for (const { code } of outcomes.mixed) codes.set(code, (codes.get(code) ?? 0) + 1);
      sent += count;
    }
    print(sent, (performance.now() - started) / 1000, await lookAt(bench));
  }
  console.log(`\nanswered: ${[...codes].map(([code, count]) => `${code} ${count}`).join(', ')}\n`);
}

const COLUMNS = [
  'after',
  'seconds',
  'heap, MB',
  'external',
  'of it array buffers',
  'resident',
  'vision processes resident',
];

function print(sent, seconds, bytes) {
  const told = bytes.map((each) => (each / MEGABYTE).toFixed(1));
  console.log(`| ${[sent, seconds.toFixed(0), ...told].join(' | ')} |`);
}

async function lookAt(bench) {
  const { heapUsed, external, arrayBuffers, rss } = await observe(bench);
  const vision = childrenOf(bench.server.pid).reduce((sum, pid) => sum + residentBytes(pid), 0);
  return [heapUsed, external, arrayBuffers, rss, vision];
}

async function writeSmall(folder) {
  return Promise.all(
    Array.from({ length: SMALL_PICTURES }, async (_, i) => {
      const file = join(folder, `small-${i}.png`);
      await writeFile(file, await drawSmall(i + 1));
      return file;
    }),
  );
}

/** Of twenty: searches of all kinds, adds, updates, deletes, looks at the instance, and two that are refused. */
function callOf(number, files) {
  const form = { InstanceName: INSTANCE };
  const name = { ProductId: `mixed-${number % NAMES}`, PicName: 'front.png' };
  const stored = { ProductId: `product-${number % 1000}`, PicName: 'front.jpg' };
  const picture = files[number % files.length];
  const turn = number % 20;
  if (turn < 3) return { action: 'SearchImageByPic', form: { ...form, Crop: 'false' }, picture };
  if (turn < 5) return { action: 'AddImage', form: { ...form, ...name, Crop: 'false' }, picture };
  if (turn < 6) return { action: 'DeleteImage', form: { ...form, ...name } };
  if (turn < 8)
    return { action: 'UpdateImage', form: { ...form, ...stored, IntAttr: `${number % 100}` } };
  if (turn < 13) return { action: 'SearchImageByName', form: { ...form, ...stored } };
  if (turn < 16)
    return { action: 'SearchImageByName', form: { ...form, ...stored, Filter: 'int_attr<10' } };
  if (turn < 18) return { action: 'Detail', form };
  if (turn === 18) return { action: 'SearchImageByPic', form: { ...form, PicContent: 'none' } };
  return { action: 'SearchImageByName', form: { ...form, ...stored, Num: '1000' } };
}
