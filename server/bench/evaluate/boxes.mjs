/** Is the box that a search used the subject's? By intersection over union of at least .5. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseRegion } from '@likeness/shared/api';
import sharp from 'sharp';

import { forEachSome } from './instance.mjs';
import { readLines } from './pictures.mjs';

const LEAST_OVERLAP = 0.5;
/** A channel at least this bright, in 95 % of the outer 2 px, is a white background. */
const WHITE = 245;
const WHITE_SHARE = 0.95;
const EDGE_PX = 2;
/** The lists that composites.py writes. */
const DRAWN = [
  ['boxes/composites', 'composites.jsonl'],
  ['boxes/detector', 'scenes.jsonl'],
];

/**
 * @param {import('./instance.mjs').Instance} ranker
 * @param {{ sets: Map<string, any[]>, composites?: string, sample?: number }} context `composites`: the folder that composites.py made
 */
export async function measureBoxes(ranker, { sets, composites, sample }) {
  const figures = [
    await measure('boxes/white', await onWhite(sets.get('text_fashion')), ranker),
    await measure('boxes/scenes', withMainBox(sets.get('subject_coco')), ranker),
  ];
  for (const [id, list] of DRAWN) {
    if (composites === undefined) {
      figures.push({ id, reason: 'no --composites' });
      continue;
    }
    const pictures = (await fromFolder(composites, list)).slice(0, sample);
    figures.push(await measure(id, withMainBox(pictures), ranker));
  }
  return figures;
}

async function measure(id, questions, ranker) {
  const answers = await forEachSome(questions, ({ picture }) => ranker.look(picture));
  const taken = questions
    .map(({ picture, truth }, at) => ({ key: picture.key, truth, ...answers[at] }))
    .filter(({ refusal }) => refusal === undefined);
  return {
    id,
    samples: taken.map(({ key, truth, region }) => ({
      cluster: key,
      value: Number(overlap(parseRegion(region), truth) >= LEAST_OVERLAP),
    })),
    refused: questions.length - taken.length,
  };
}

/** Catalogue pictures on white, with the box of what is not. */
async function onWhite(pictures) {
  const questions = [];
  for (const picture of pictures) {
    const truth = await whiteBackgroundBox(await picture.load());
    if (truth !== undefined) questions.push({ picture, truth });
  }
  return questions;
}

/** Those with a box of the one object that dominates: `[x, y, width, height]` in pixels. */
function withMainBox(pictures) {
  return pictures
    .filter(({ row }) => row.main_box)
    .map((picture) => {
      const [x, y, width, height] = picture.row.main_box;
      return { picture, truth: { x1: x, y1: y, x2: x + width, y2: y + height } };
    });
}

async function fromFolder(folder, list) {
  const rows = await readLines(join(folder, list));
  return rows.map((row) => {
    const path = join(folder, row.file);
    return { key: `${list}/${row.file}`, row, load: () => readFile(path) };
  });
}

function overlap(a, b) {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (areaOf(a) + areaOf(b) - both);
}

function areaOf({ x1, y1, x2, y2 }) {
  return (x2 - x1) * (y2 - y1);
}

/** The box of what is not white; undefined where the background is not. */
async function whiteBackgroundBox(bytes) {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  let [edge, whiteEdge, x1, y1, x2, y2] = [0, 0, width, height, 0, 0];
  for (let y = 0; y < height; y += 1) {
    const isEdgeRow = y < EDGE_PX || y >= height - EDGE_PX;
    for (let x = 0; x < width; x += 1) {
      const isWhite = isWhiteAt(data, (y * width + x) * channels);
      const isEdge = isEdgeRow || x < EDGE_PX || x >= width - EDGE_PX;
      edge += Number(isEdge);
      whiteEdge += Number(isEdge && isWhite);
      if (isWhite) continue;
      [x1, y1] = [Math.min(x1, x), Math.min(y1, y)];
      [x2, y2] = [Math.max(x2, x + 1), Math.max(y2, y + 1)];
    }
  }
  return whiteEdge >= WHITE_SHARE * edge && x2 > x1 ? { x1, y1, x2, y2 } : undefined;
}

function isWhiteAt(data, at) {
  return data[at] >= WHITE && data[at + 1] >= WHITE && data[at + 2] >= WHITE;
}
