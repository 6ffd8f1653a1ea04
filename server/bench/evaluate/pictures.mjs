/** The pictures that are asked about: the evaluation sets, and teaching pictures that never taught. */
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every set but `formats`, which holds no pictures of products. */
export const SETS = [
  'natural_base',
  'product_grocery',
  'product_multiview',
  'product_shops',
  'category_clothing',
  'text_fashion',
  'text_captions_en_zh',
  'subject_coco',
];
/** The set that {@link loadHeldOut}'s pictures stand under. */
export const HELD_OUT = 'held_out';
/** Pictures of a set between which scores are measured. */
const MEASURED_A_SET = 100;
/** ... and of which copies are made. */
const COPIED_A_SET = 50;

/**
 * @typedef {object} Picture
 * @property {string} key names it in every instance
 * @property {string} set
 * @property {string} [path] where it lies, for one that is a file of its own
 * @property {string} split
 * @property {string} hash SHA-1 of its bytes
 * @property {boolean} isMeasured one of those between which scores are measured
 * @property {any} row its line of the manifest
 * @property {() => Promise<Buffer>} load
 */

/**
 * The pictures of one set, as its manifest lists them.
 *
 * @param {string} folder of the evaluation sets
 * @param {string} set
 * @returns {Promise<Picture[]>}
 */
export async function loadSet(folder, set) {
  const rows = await readLines(join(folder, set, 'manifest.jsonl'));
  const measured = new Set(chosen(rows, MEASURED_A_SET));
  return rows.map((row) => {
    const path = join(folder, set, row.file);
    const isMeasured = measured.has(row.file);
    const named = { key: `${set}/${row.file}`, set, path, split: row.split, hash: row.sha1 };
    return { ...named, isMeasured, row, load: () => readFile(path) };
  });
}

/**
 * The first pictures of each split, for a quick look.
 *
 * @param {readonly Picture[]} pictures of one set
 * @param {number} count of each split
 */
export function takeSample(pictures, count) {
  const seen = new Map();
  return pictures.filter(({ split }) => {
    seen.set(split, (seen.get(split) ?? 0) + 1);
    return seen.get(split) <= count;
  });
}

/** @param {readonly Picture[]} pictures of one set; those of them that copies are made of */
export function chooseCopied(pictures) {
  const rows = pictures.filter(({ isMeasured }) => isMeasured).map(({ row }) => row);
  const files = new Set(chosen(rows, COPIED_A_SET));
  const names = new Set();
  return pictures.filter(({ row }) => {
    // The copies of two pictures that have one name would overwrite each other.
    const name = row.file.replace(/^.*\//u, '').replace(/\.[^.]*$/u, '');
    if (!files.has(row.file) || names.has(name)) return false;
    names.add(name);
    return true;
  });
}

/**
 * Teaching pictures of at least 100 px that never taught.
 *
 * @param {string} folder of the teaching sets
 * @param {string} list what `server/training/distillation/held_out.py` wrote
 * @returns {Promise<Picture[]>}
 */
export async function loadHeldOut(folder, list) {
  const rows = await readLines(list);
  return rows.map((row) => ({
    key: `${HELD_OUT}/${row.set}/${row.file}`,
    set: HELD_OUT,
    split: 'gallery',
    hash: `${row.bin}:${row.offset}`,
    isMeasured: false,
    row,
    load: () => readPart(join(folder, row.bin), row.offset, row.size),
  }));
}

/** @param {string} file one JSON a line */
export async function readLines(file) {
  const text = await readFile(file, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The same files in every run, spread over the set. */
function chosen(rows, count) {
  return rows
    .map(({ file }) => file)
    .toSorted((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1))
    .slice(0, count);
}

function hashOf(text) {
  return createHash('sha1').update(text).digest('hex');
}

async function readPart(path, offset, size) {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
    return buffer;
  } finally {
    await file.close();
  }
}
