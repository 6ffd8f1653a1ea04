/** Distorted copies of pictures, made once by the evaluation data's own script and kept in the cache folder. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import { chooseCopied, readLines } from './pictures.mjs';

const run = promisify(execFile);

/** `make_variants.py`'s operations without thumb_64, which the API refuses for its size. */
const OPERATIONS = `
  identity_png jpeg_q30 jpeg_q8 webp_q40 resize_50 squeeze_aspect crop_80 crop_50 crop_25 rotate_5 rotate_20 rotate_90
  rotate_180 flip_h brightness_130 brightness_60 contrast_150 saturation_0 saturation_180 hue_20 gamma blur_2 blur_5
  sharpen noise_15 noise_40 text_overlay border screenshot occlude_16 perspective combo_mild combo_hard
`
  .trim()
  .split(/\s+/u);
/** Copies that a score must call nearly the same picture. */
export const EASY_OPERATIONS = ['identity_png', 'jpeg_q30', 'webp_q40', 'resize_50'];
/** Every so many pictures of the catalogue, from the first, are copied by every operation. */
const CATALOGUE_STEP = 12;

/**
 * @typedef {object} Variant
 * @property {string} key
 * @property {string} operation
 * @property {import('./pictures.mjs').Picture} source
 * @property {() => Promise<Buffer>} load
 */

/**
 * The copies of a set's pictures: all operations for natural photos and every 12th of the catalogue, the easy ones for
 * 50 pictures of the other sets.
 *
 * @param {object} options
 * @param {string} options.python
 * @param {string} options.evalFolder
 * @param {string} options.cache
 * @param {string} set
 * @param {readonly import('./pictures.mjs').Picture[]} pictures all of the set
 * @returns {Promise<Variant[]>} by source, then by operation
 */
export async function loadVariants({ python, evalFolder, cache }, set, pictures) {
  const { sources, operations } = plan(set, pictures);
  const folder = join(cache, 'variants', set);
  const base = join(folder, 'base');
  const bySource = new Map(sources.map((source) => [relative(base, resolve(source.path)), source]));
  const manifest = [...bySource.keys()].map((file) => `${JSON.stringify({ file })}\n`).join('');
  if (!(await isMade(folder, manifest, sources.length * operations.length))) {
    await mkdir(base, { recursive: true });
    await writeFile(join(base, 'manifest.jsonl'), manifest);
    const script = join(evalFolder, 'make_variants.py');
    await run(python, [script, base, folder, '--ops', operations.join(',')]);
  }
  const queries = await readLines(join(folder, 'queries.jsonl'));
  return queries.map(({ file, base: from, op }) => ({
    key: `variants/${set}/${file}`,
    operation: op,
    source: bySource.get(from),
    load: () => readFile(join(folder, file)),
  }));
}

/** The pictures whose copies a set has, and by which operations. */
function plan(set, pictures) {
  if (set === 'natural_base') return { sources: pictures, operations: OPERATIONS };
  if (set !== 'text_fashion') {
    return { sources: chooseCopied(pictures), operations: EASY_OPERATIONS };
  }
  const sources = pictures.filter((_, at) => at % CATALOGUE_STEP === 0);
  return { sources, operations: OPERATIONS };
}

/** Whether the folder holds the copies of this manifest, all of them. */
async function isMade(folder, manifest, count) {
  try {
    const before = await readFile(join(folder, 'base', 'manifest.jsonl'), 'utf8');
    const queries = await readLines(join(folder, 'queries.jsonl'));
    return before === manifest && queries.length === count;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Writes the list of held-out teaching pictures into the cache, unless it is there. */
export async function listHeldOut({ python, trainFolder, cache, script }) {
  const list = join(cache, 'held-out.jsonl');
  try {
    await readFile(list);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    await run(python, [script, '--data', trainFolder, '--out', list]);
  }
  return list;
}
