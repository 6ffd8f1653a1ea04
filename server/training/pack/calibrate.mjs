/**
 * Fits the calibration of a pack for pictures on held-apart ones, through the server's own eyes: what the
 * cosine of copies and of unrelated pictures is, domain by domain, whole and with the subject found.
 * calibrate.py adds texts and the scores of right hits. See README.md.
 *
 *     node calibrate.mjs --index WORK/index.jsonl --data TRAIN --pack DRAFT_PACK --out BUILD/calibration.json
 */
import { open, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createVision } from '../../dist/vision/create-vision.js';

const { values } = parseArgs({
  options: {
    index: { type: 'string' },
    data: { type: 'string' },
    pack: { type: 'string' },
    out: { type: 'string' },
    pictures: { type: 'string', default: '100' },
  },
});
const LIMITS = { maxBytes: 4 * 1024 * 1024, minSidePx: 16, maxSidePx: 4096, orientation: 'apply' };
/** Share of unrelated pairs below .5, and of copies above .9, in the hardest domain. */
const LEVEL = 0.97;
const CROPS = ['whole', 'subject'];
/** What makes two pictures of a set related. */
const DOMAINS = {
  '01': { name: 'clothing on people', relation: (row) => row.label },
  '02': { name: 'household objects on white', relation: (row) => row.label },
  '03': { name: 'small shops', relation: (row) => row.instance },
  '04': { name: 'groceries', relation: (row) => row.label },
  '06': { name: 'fruit', relation: (row) => row.coarse },
  '07': { name: 'fashion catalogue, 60 px', relation: (row) => row.label },
  '08': { name: 'fashion catalogue, 112 px', relation: (row) => row.label },
  10: { name: 'everyday scenes', relation: (row) => row.instance },
  13: { name: 'natural photos, 64 px', relation: (row) => row.label },
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

const held = await heldPictures();
const vision = await createVision({ packFolder: resolve(values.pack), workers: 1 });
const measured = [];
for (const [set, { name, relation }] of Object.entries(DOMAINS)) {
  for (const crop of CROPS) {
    const pairs = await measure(held.get(set) ?? [], relation, crop);
    measured.push({ domain: name, crop, ...pairs });
    console.log(`${name}, ${crop}: ${told(pairs.copies)} | ${told(pairs.unrelated)}`);
  }
}
await vision.close();
const knots = fitKnots();
const domains = measured.map(({ domain, crop, copies, unrelated }) => ({
  domain,
  crop,
  copies_above: share(copies, (cosine) => cosine >= knots[3][0]),
  unrelated_below: share(unrelated, (cosine) => cosine < knots[1][0]),
  copies_p1: round(quantile(copies, 0.01)),
  unrelated_p99: round(quantile(unrelated, 0.99)),
}));
await writeFile(values.out, `${JSON.stringify({ picture: knots, domains }, null, 2)}\n`);
console.log(JSON.stringify(knots));

/** The same number of each set, spread over it. */
async function heldPictures() {
  const sets = new Map();
  for (const line of (await readFile(values.index, 'utf8')).trim().split('\n')) {
    const row = JSON.parse(line);
    if (!row.held || !(row.set in DOMAINS)) continue;
    sets.set(row.set, [...(sets.get(row.set) ?? []), row]);
  }
  const most = Number(values.pictures);
  return new Map(
    [...sets].map(([set, rows]) => {
      const step = Math.max(1, rows.length / most);
      const count = Math.min(most, rows.length);
      return [set, Array.from({ length: count }, (_, i) => rows[Math.floor(i * step)])];
    }),
  );
}

async function measure(rows, relation, kind) {
  const looks = [];
  const copies = [];
  for (const row of rows) {
    const bytes = await bytesOf(row);
    const vector = await embed(bytes, kind);
    looks.push({ vector, relation: relation(row), instance: row.instance });
    const size = await sharp(bytes).metadata();
    for (const make of Object.values(COPIES)) {
      const copy = await make(sharp(bytes), size).toBuffer();
      copies.push(cosine(vector, await embed(copy, kind)));
    }
  }
  const unrelated = looks.flatMap((a, i) =>
    looks.slice(i + 1).flatMap((b) => (isRelated(a, b) ? [] : [cosine(a.vector, b.vector)])),
  );
  return { copies: sorted(copies), unrelated: sorted(unrelated) };
}

function isRelated(a, b) {
  return a.relation === b.relation || a.instance === b.instance;
}

async function bytesOf({ bin, offset, size }) {
  const file = await open(join(values.data, bin));
  const { buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
  await file.close();
  return buffer;
}

async function embed(picture, kind) {
  return (await vision.analyze({ picture, framing: { kind }, limits: LIMITS })).vector;
}

function cosine(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function sorted(cosines) {
  return Float64Array.from(cosines).sort();
}

function quantile(ascending, part) {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))];
}

function share(cosines, holds) {
  return round(cosines.filter(holds).length / cosines.length);
}

function round(value) {
  return Number(value.toFixed(4));
}

function told(cosines) {
  return [0.01, 0.05, 0.5, 0.95, 0.99].map((part) => quantile(cosines, part).toFixed(3)).join(' ');
}

/** .5 and .9 where the hardest domain has LEVEL on the right side, .7 between; straight lines otherwise. */
function fitKnots() {
  const unrelated = Math.max(...measured.map((pairs) => quantile(pairs.unrelated, LEVEL)));
  const copies = Math.min(...measured.map((pairs) => quantile(pairs.copies, 1 - LEVEL)));
  if (copies <= unrelated) throw new Error('copies are no nearer than unrelated pictures');
  const places = [-1, unrelated, (unrelated + copies) / 2, copies, 1];
  const scores = [0, 0.5, 0.7, 0.9, 1];
  return places.map((place, i) => [round(place), scores[i]]);
}
