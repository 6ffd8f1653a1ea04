/**
 * Times the way of a picture through a vision process, stage by stage, beside sharp and onnxruntime alone doing the same.
 *
 *     npm run bench:decode -- [--pictures 12] [--rounds 60]
 *
 * Needs no network. Every stage is timed in turn with its baseline, picture by picture, in this process but for the pipe. Ends with
 * an error where the baseline makes another vector than the server.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import sharp from 'sharp';

import { decodePicture } from '../dist/vision/decode/decode-picture.js';
import { renderThumbnail } from '../dist/vision/decode/render-thumbnail.js';
import { setUpSharp } from '../dist/vision/decode/sharp-decoder.js';
import { createVision, EMBEDDED_PACK_FOLDER } from '../dist/vision/create-vision.js';
import { look } from '../dist/vision/look.js';
import { openEyes, warmUp } from '../dist/vision/open-eyes.js';
import { loadPack } from '../dist/vision/pack/load-pack.js';
import { openBareLoop } from './path/bare-loop.mjs';
import { drawPhotographs, HEIGHT_PX, WIDTH_PX } from './path/pictures.mjs';
import { describeMachine, spread } from './path/report.mjs';
import { median, table } from './statistics.mjs';

const { values: args } = parseArgs({
  options: {
    pictures: { type: 'string', default: '12' },
    rounds: { type: 'string', default: '60' },
  },
});
const LIMITS = { maxBytes: 4 * 1024 * 1024, minSidePx: 16, maxSidePx: 8192, orientation: 'refuse' };
const WHOLE = { x1: 0, y1: 0, x2: WIDTH_PX, y2: HEIGHT_PX };
/** Of two vectors that are the same but for rounding. */
const SAME_COSINE = 0.9999;
const WARM_UP = 5;

const packFolder = fileURLToPath(EMBEDDED_PACK_FOLDER);
setUpSharp();
const pictures = await drawPhotographs(Number(args.pictures));
const bare = await openBareLoop(packFolder);
const eyes = await openEyes(await loadPack(packFolder), () => performance.now());
await warmUp(eyes);
const vision = await createVision({ packFolder, workers: 1 });

const framings = { whole: { kind: 'whole' }, subject: { kind: 'subject' } };
const request = (picture, framing) => ({ picture, framing: framings[framing], limits: LIMITS });
const windowsOf = await readWindows();
const STAGES = [
  {
    name: 'decode to the working size',
    ours: (picture) => decodePicture(request(picture, 'whole')),
    baseline: (picture) => sharpAlone(picture, WIDTH_PX / 2, HEIGHT_PX / 2),
    of: 'sharp alone to the same size',
  },
  {
    name: 'decode, with nothing reduced',
    ours: (picture) => decodePicture({ ...request(picture, 'whole'), framing: smallBox() }),
    baseline: (picture) => sharpAlone(picture, WIDTH_PX, HEIGHT_PX),
    of: 'sharp alone to the same size',
  },
  {
    name: 'thumbnail of 256 px',
    ours: (picture) => renderThumbnail(picture, 256),
    baseline: (picture) => sharp(picture).resize(256, 256, { fit: 'inside' }).webp().toBuffer(),
    of: 'sharp alone',
  },
  {
    name: 'whole picture: a look',
    ours: (picture) => look(request(picture, 'whole'), eyes),
    baseline: (picture) => bare(picture, [WHOLE]),
    of: 'decode + inference',
  },
  {
    name: 'subject and whole: a look',
    ours: (picture) => look(request(picture, 'subject'), eyes),
    baseline: (picture) => bare(picture, windowsOf.get(picture)),
    of: 'decode + inference',
  },
  {
    name: 'the pipe: a look in a vision process',
    ours: inVisionProcess,
    baseline: (picture) => look(request(picture, 'subject'), eyes),
    of: 'the same look here',
  },
];

const bytes = median(pictures.map(({ length }) => length));
console.log(`${describeMachine()}; ${args.rounds} rounds`);
console.log(`JPEG of ${WIDTH_PX} × ${HEIGHT_PX} px, ${(bytes / 1000).toFixed(0)} KB\n`);
const rows = [];
for (const stage of STAGES) rows.push(await measure(stage));
console.log(
  table(['stage', 'ms (p10–p90)', 'beside', 'ms', 'ratio (p10–p90)', 'processor time'], rows),
);
await vision.close();

async function measure({ name, ours, baseline, of }) {
  const samples = [];
  for (let round = -WARM_UP; round < Number(args.rounds); round += 1) {
    const picture = pictures[(round + WARM_UP) % pictures.length];
    // Who goes first changes: the second finds the picture in the cache.
    const first = round % 2 === 0 ? await time(ours, picture) : undefined;
    const other = await time(baseline, picture);
    const own = first ?? (await time(ours, picture));
    if (round >= 0) samples.push({ own, other });
  }
  const total = (pick) => samples.reduce((sum, sample) => sum + pick(sample), 0);
  const middleOf = (pick) => spread(middle(samples.map(pick)));
  const isElsewhere = ours === inVisionProcess;
  return [
    name,
    middleOf(({ own }) => own.ms),
    of,
    median(samples.map(({ other }) => other.ms)).toFixed(2),
    middleOf(({ own, other }) => own.ms / other.ms),
    isElsewhere
      ? '–'
      : (total(({ own }) => own.cpuMs) / total(({ other }) => other.cpuMs)).toFixed(2),
  ];
}

/** Processor time is what the task took of all threads here: a busy machine does not lengthen it. */
async function time(task, picture) {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await task(picture);
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000 };
}

function inVisionProcess(picture) {
  return vision.analyze(request(picture, 'subject'));
}

/** Without the tenth at each end. */
function middle(values) {
  const cut = Math.floor(values.length / 10);
  return values.toSorted((a, b) => a - b).slice(cut, values.length - cut);
}

function sharpAlone(picture, width, height) {
  return sharp(picture, { sequentialRead: true })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
}

/** So small that the picture is not reduced. */
function smallBox() {
  return { kind: 'box', box: { x1: 0, y1: 0, x2: 200, y2: 200 } };
}

/** What the server looks at in each picture: the whole of it, and the subject that it finds. */
async function readWindows() {
  const windows = new Map();
  for (const picture of pictures) {
    const { vector } = await look(request(picture, 'whole'), eyes);
    const same = await bare(picture, [WHOLE]);
    const cosine = same.reduce((sum, value, i) => sum + value * vector[i], 0);
    if (cosine < SAME_COSINE) throw new Error(`the baseline does other work: cosine ${cosine}`);
    const { region, subjects } = await look(request(picture, 'subject'), eyes);
    windows.set(picture, subjects.length === 0 ? [WHOLE] : [WHOLE, region]);
  }
  const found = [...windows.values()].filter(({ length }) => length === 2).length;
  console.log(`a subject was found in ${found} of ${pictures.length} pictures`);
  return windows;
}
