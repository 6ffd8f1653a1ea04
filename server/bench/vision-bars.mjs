/**
 * Measures the picture side of a pack through the same path as the API: copies, subject boxes on a white
 * background, subject boxes in scenes. Prints one line a figure, with its standard error.
 *
 *     npm run build && node server/bench/vision-bars.mjs --data EVAL_FOLDER [--variants VARIANTS_FOLDER]
 *
 * VARIANTS_FOLDER is what EVAL_FOLDER/make_variants.py makes of EVAL_FOLDER/natural_base.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createVision, EMBEDDED_PACK_FOLDER } from '../dist/vision/create-vision.js';
import { overlap } from '../dist/vision/box-arithmetic.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    variants: { type: 'string' },
    pack: { type: 'string', default: fileURLToPath(EMBEDDED_PACK_FOLDER) },
  },
});
const LIMITS = {
  maxBytes: 4 * 1024 * 1024,
  minSidePx: 100,
  maxSidePx: 4096,
  orientation: 'refuse',
};

const vision = await createVision({ packFolder: values.pack, workers: 1 });
if (values.variants !== undefined) await measureCopies();
await measureWhiteBackgrounds();
await measureScenes();
await vision.close();

async function measureCopies() {
  const rows = await manifest(join(values.data, 'natural_base/manifest.jsonl'));
  const queries = await manifest(join(values.variants, 'queries.jsonl'));
  for (const kind of ['whole', 'subject']) {
    const gallery = await analyzeAll(rows, join(values.data, 'natural_base'), kind);
    const answers = await analyzeAll(queries, values.variants, kind);
    for (const op of new Set(queries.map((query) => query.op))) {
      const asked = queries
        .map((query, i) => ({ query, answer: answers[i] }))
        .filter(({ query }) => query.op === op);
      const kept = asked.filter(({ answer }) => answer !== undefined);
      const hits = kept.map(({ query, answer }) =>
        Number(rows[nearest(gallery, answer.vector)].file === query.base),
      );
      print(`copies ${kind} ${op} R@1`, hits, `${asked.length - kept.length} refused`);
    }
  }
}

async function measureWhiteBackgrounds() {
  const folder = join(values.data, 'text_fashion');
  const overlaps = [];
  for (const row of await manifest(join(folder, 'manifest.jsonl'))) {
    const bytes = await readFile(join(folder, row.file));
    const truth = await whiteBackgroundBox(bytes);
    if (truth === undefined) continue;
    const analysis = await analyze(bytes, 'subject');
    if (analysis !== undefined) overlaps.push(overlap(analysis.region, truth));
  }
  print(
    'white background IoU >= .5',
    overlaps.map((value) => Number(value >= 0.5)),
  );
  print('white background mean IoU', overlaps);
}

async function measureScenes() {
  const folder = join(values.data, 'subject_coco');
  const overlaps = [];
  for (const row of await manifest(join(folder, 'manifest.jsonl'))) {
    if (!row.main_box) continue;
    const [x, y, width, height] = row.main_box;
    const truth = { x1: x, y1: y, x2: x + width, y2: y + height };
    const analysis = await analyze(await readFile(join(folder, row.file)), 'subject');
    if (analysis !== undefined) overlaps.push(overlap(analysis.region, truth));
  }
  print('scenes main_box mean IoU', overlaps);
  print(
    'scenes main_box IoU >= .5',
    overlaps.map((value) => Number(value >= 0.5)),
  );
}

async function analyzeAll(rows, folder, kind) {
  const analyses = [];
  for (const row of rows) {
    analyses.push(await analyze(await readFile(join(folder, row.file)), kind));
  }
  return analyses;
}

/** Undefined where the API refuses the picture. */
async function analyze(picture, kind) {
  try {
    return await vision.analyze({ picture, framing: { kind }, limits: LIMITS });
  } catch (error) {
    if (error.status === 400) return undefined;
    throw error;
  }
}

/** The box of what is not white; undefined unless 95 % of the outer 2 px are white (each channel >= 245). */
async function whiteBackgroundBox(bytes) {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const isWhite = (x, y) => {
    const at = (y * width + x) * channels;
    return data[at] >= 245 && data[at + 1] >= 245 && data[at + 2] >= 245;
  };
  let [edge, whiteEdge, x1, y1, x2, y2] = [0, 0, width, height, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const white = isWhite(x, y);
      const isEdge = x < 2 || y < 2 || x >= width - 2 || y >= height - 2;
      edge += Number(isEdge);
      whiteEdge += Number(isEdge && white);
      if (white) continue;
      [x1, y1] = [Math.min(x1, x), Math.min(y1, y)];
      [x2, y2] = [Math.max(x2, x + 1), Math.max(y2, y + 1)];
    }
  }
  return whiteEdge >= 0.95 * edge && x2 > x1 ? { x1, y1, x2, y2 } : undefined;
}

function nearest(gallery, vector) {
  let [best, at] = [-Infinity, 0];
  for (const [i, entry] of gallery.entries()) {
    if (entry === undefined) continue;
    const cosine = entry.vector.reduce((sum, value, d) => sum + value * vector[d], 0);
    if (cosine > best) [best, at] = [cosine, i];
  }
  return at;
}

async function manifest(file) {
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function print(name, figures, note = '') {
  if (figures.length === 0) {
    console.log(`${name}: nothing measured ${note}`);
    return;
  }
  const mean = figures.reduce((sum, value) => sum + value, 0) / figures.length;
  const variance =
    figures.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (figures.length - 1);
  const error = Math.sqrt(variance / figures.length);
  console.log(`${name}: ${mean.toFixed(3)} ± ${error.toFixed(3)} (n=${figures.length}) ${note}`);
}
