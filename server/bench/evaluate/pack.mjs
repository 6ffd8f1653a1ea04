/** The pack itself: the time of its picture graphs on one core, and its size. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { Tensor } from 'onnxruntime-node';

import { openReference, referenceFeeds } from './reference.mjs';
import { quantile } from './statistics.mjs';

const WARM_UP = 20;
const ROUNDS = 200;
const REFERENCE_VALUES = 3 * 224 * 224;

/**
 * Median time of all picture graphs from resized pixels over that of the reference, in turns, so that other work on
 * the machine slows both.
 */
export async function measureGraphs(packFolder, referenceFile) {
  const manifest = JSON.parse(await readFile(join(packFolder, 'pack.json'), 'utf8'));
  const graphs = [];
  for (const { file, input } of manifest.picture.parts) {
    const session = await openReference(join(packFolder, file));
    graphs.push({ session, feeds: { [input.name]: pixelsOf(input) } });
  }
  const reference = referenceFile === undefined ? undefined : await openReference(referenceFile);
  const noise = Float32Array.from(
    { length: REFERENCE_VALUES },
    (_, at) => ((at * 7919) % 256) / 128 - 1,
  );
  const timed = { pack: [], reference: [] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const pack = await timeAll(graphs);
    const other =
      reference &&
      (await timeAll([{ session: reference, feeds: referenceFeeds(reference, noise) }]));
    if (round < 0) continue;
    timed.pack.push(pack);
    if (other !== undefined) timed.reference.push(other);
  }
  return [timeFigure(timed)];
}

/** All files of the pack's folder, in millions of bytes. */
export async function measureSize(packFolder) {
  const names = (await readdir(packFolder, { recursive: true })).toSorted();
  const sizes = await Promise.all(names.map((name) => stat(join(packFolder, name))));
  const files = sizes.filter((each) => each.isFile());
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return [{ id: 'size', value: bytes / 1e6, n: files.length, note: `${bytes} bytes` }];
}

async function timeAll(graphs) {
  const start = performance.now();
  for (const { session, feeds } of graphs) await session.run(feeds);
  return performance.now() - start;
}

function told(times) {
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(times, share).toFixed(2));
  return `${middle} ms (p10 ${low}, p90 ${high})`;
}

function timeFigure({ pack, reference }) {
  if (reference.length === 0) {
    return { id: 'time', n: pack.length, reason: 'no reference', note: told(pack) };
  }
  const value = quantile(pack, 0.5) / quantile(reference, 0.5);
  const note = `${told(pack)}; reference ${told(reference)}`;
  return { id: 'time', value, n: pack.length, note };
}

function pixelsOf({ type, layout, widthPx, heightPx }) {
  const length = 3 * widthPx * heightPx;
  const shape = layout === 'nchw' ? [1, 3, heightPx, widthPx] : [1, heightPx, widthPx, 3];
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 7919) % 256);
  return type === 'uint8'
    ? new Tensor('uint8', bytes, shape)
    : new Tensor(
        'float32',
        Float32Array.from(bytes, (value) => value / 255),
        shape,
      );
}
