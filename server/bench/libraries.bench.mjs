/**
 * Times the creation and the first search of many libraries in one server, and measures what an empty one takes.
 *
 *     npm run build && node server/bench/libraries.bench.mjs [--libraries 1000]
 *
 * Needs no network. Starts a server of its own; ends with an error if a search finds another library's picture.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import { forEachSome } from './evaluate/instance.mjs';
import { launchServer } from './evaluate/server.mjs';

const { values: args } = parseArgs({ options: { libraries: { type: 'string', default: '1000' } } });
const LIBRARIES = Number(args.libraries);
const SIDE_PX = 64;

const { client, endpoint, stop } = await launchServer(
  fileURLToPath(new URL('..', import.meta.url)),
);
try {
  await measure();
} finally {
  await stop();
}

async function measure() {
  const names = Array.from({ length: LIBRARIES }, (_, i) => `library_${i}`);
  const picture = await draw(0);
  // What starts with the first library of a server is not of every one.
  const warm = client.library('warm');
  await warm.create({ mode: 'general_search' });
  await addTo('warm', await draw(1));
  await searchIn('warm', picture);
  const before = await residentBytes();
  const created = await timeEach(names, (name) =>
    client.library(name).create({ mode: 'general_search' }),
  );
  const bytes = (await residentBytes()) - before;
  const searched = await timeEach(names, (name) => searchIn(name, picture));
  await forEachSome([...names.entries()], async ([i, name]) => addTo(name, await draw(i + 1)));
  const found = await timeEach(names, async (name) => {
    const { results, total } = await searchIn(name, picture);
    if (total !== 1 || results[0]?.tags['library'] !== name)
      throw new Error(`${name} found ${JSON.stringify(results)}`);
  });
  console.log(`${LIBRARIES} libraries\n`);
  console.log('| step | mean ms | p50 | p99 |');
  console.log('|---|---|---|---|');
  print('create', created);
  print('first search, empty', searched);
  print('first search of its picture', found);
  console.log(`\nresident memory of an empty library: ${(bytes / LIBRARIES / 1024).toFixed(1)} KB`);
}

function searchIn(name, image) {
  return client.library(name).searchByImage({ image, returnFrame: false });
}

function addTo(name, image) {
  const key = { imageId: 'the', imageUri: 'same.png' };
  return client.library(name).add({ ...key, image, tags: { library: name }, saveImage: false });
}

function draw(number) {
  const background = { r: number % 256, g: Math.floor(number / 256) % 256, b: 128 };
  const create = { width: SIDE_PX, height: SIDE_PX, channels: 3, background };
  return sharp({ create }).png().toBuffer();
}

/** One after the other. */
async function timeEach(names, task) {
  const samples = [];
  for (const name of names) {
    const start = performance.now();
    await task(name);
    samples.push(performance.now() - start);
  }
  return samples;
}

function print(step, samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  const mean = samples.reduce((sum, ms) => sum + ms, 0) / samples.length;
  console.log(`| ${step} | ${mean.toFixed(1)} | ${at(0.5)} | ${at(0.99)} |`);
}

/** Of the server's own process, vision processes left out. */
async function residentBytes() {
  const text = await (await fetch(`${endpoint}/metrics`)).text();
  const value = /^process_resident_memory_bytes (\S+)$/mu.exec(text)?.[1];
  if (value === undefined) throw new Error('the server tells no resident memory');
  return Number(value);
}
