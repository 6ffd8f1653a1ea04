/**
 * Fits the calibration of a pack on held-apart training pictures: what the cosine of copies and of
 * unrelated pictures is, domain by domain, and the knots that follow. Prints both. See README.md.
 *
 *     npm run build && node server/training/calibrate.mjs --data TRAIN_FOLDER [--pack FOLDER]
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crc32, gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { createVision, EMBEDDED_PACK_FOLDER } from '../dist/vision/create-vision.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    pack: { type: 'string', default: fileURLToPath(EMBEDDED_PACK_FOLDER) },
  },
});
const LIMITS = { maxBytes: 4 * 1024 * 1024, minSidePx: 16, maxSidePx: 4096, orientation: 'apply' };
const PICTURES_PER_DOMAIN = 150;
/** Sets of at least 100 px a side, and what makes two pictures of a set related. */
const DOMAINS = {
  '01_clothing_cc0': (row) => row.label,
  '02_trash_mit': (row) => row.label,
  '03_shops_mit_bsd_osl': (row) => row.product_id ?? row.file,
  '04_grocery_mit': (row) => row.label,
  '06_fruits_ccbysa': (row) => row.coarse,
  '08_myntra224': (row) => row.label,
  '10_coco2014_256': (row) => row.file,
};
const COPIES = {
  identity_png: (image) => image.png(),
  jpeg_q30: (image) => image.jpeg({ quality: 30 }),
  webp_q40: (image) => image.webp({ quality: 40 }),
  resize_50: (image, { width, height }) =>
    image
      .resize(Math.round(width / 2), Math.round(height / 2), { fit: 'fill' })
      .jpeg({ quality: 85 }),
};

const vision = await createVision({ packFolder: values.pack, workers: 1 });
const pairs = { copies: [], unrelated: [] };
for (const kind of ['whole', 'subject']) {
  const domains = [];
  for (const [name, relation] of Object.entries(DOMAINS)) {
    domains.push(await measureDomain(name, relation, kind));
  }
  // Pictures of two domains are unrelated.
  const across = domains.flatMap((a, i) =>
    domains
      .slice(i + 1)
      .flatMap((b) => a.slice(0, 40).map((x, k) => cosine(x.vector, b[k % b.length].vector))),
  );
  report('across domains', kind, 'unrelated', across);
}
await vision.close();
printKnots();

async function measureDomain(name, relation, kind) {
  const looks = [];
  const copies = [];
  for (const { row, bytes } of await heldPictures(name)) {
    const vector = await embed(bytes, kind);
    looks.push({ vector, relation: relation(row) });
    const size = await sharp(bytes).metadata();
    for (const make of Object.values(COPIES)) {
      copies.push(cosine(vector, await embed(await make(sharp(bytes), size).toBuffer(), kind)));
    }
  }
  const unrelated = looks.flatMap((a, i) =>
    looks
      .slice(i + 1)
      .flatMap((b) => (a.relation === b.relation ? [] : [cosine(a.vector, b.vector)])),
  );
  report(name, kind, 'copies', copies);
  report(name, kind, 'unrelated', unrelated);
  return looks;
}

/** Held apart by the same rule as in pictures.py: a tenth, by file name. */
async function heldPictures(name) {
  const lines = gunzipSync(await readFile(join(values.data, `${name}.jsonl.gz`))).toString('utf8');
  const packed = await readFile(join(values.data, `${name}.bin`));
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((row) => crc32(row.file) % 10 === 0)
    .slice(0, PICTURES_PER_DOMAIN)
    .map((row) => ({ row, bytes: packed.subarray(row.offset, row.offset + row.size) }));
}

async function embed(picture, kind) {
  return (await vision.analyze({ picture, framing: { kind }, limits: LIMITS })).vector;
}

function cosine(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function report(domain, kind, pairKind, cosines) {
  const sorted = cosines.toSorted((a, b) => a - b);
  pairs[pairKind].push(sorted);
  const told = [0.01, 0.05, 0.5, 0.95, 0.99].map((share) => quantile(sorted, share).toFixed(3));
  console.log(
    `${kind} ${domain} ${pairKind} n=${sorted.length} p1 p5 p50 p95 p99: ${told.join(' ')}`,
  );
}

/**
 * Score .5 above 97 % of the unrelated pairs of the hardest domain, score .9 below 97 % of the copies of
 * the hardest, .7 between; straight lines otherwise.
 */
function printKnots() {
  const unrelated = Math.max(...pairs.unrelated.map((sorted) => quantile(sorted, 0.97)));
  const copies = Math.min(...pairs.copies.map((sorted) => quantile(sorted, 0.03)));
  const knots = [
    [-1, 0],
    [unrelated, 0.5],
    [(unrelated + copies) / 2, 0.7],
    [copies, 0.9],
    [1, 1],
  ];
  console.log(JSON.stringify(knots.map(([x, y]) => [Number(x.toFixed(3)), y])));
}
