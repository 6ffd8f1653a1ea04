/**
 * Decode and inference alone: sharp and onnxruntime in a loop, without anything of the server's. What it makes is compared
 * with the server's vectors, so that it does the same work.
 *
 * As a process (`fork`): answers `{ pictures, windows, rounds }` with the milliseconds and the processor's time of each look.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

import { answerQuestions } from './answer-questions.mjs';

/** Shortest side that a picture keeps when it is reduced while decoding: docs/model-packs.md, Resampling. */
const WORKING_SIDE_PX = 512;
const WARM_UP = 3;

/**
 * @typedef {{ x1: number, y1: number, x2: number, y2: number }} Box of pixels of the picture as sent
 * @typedef {(jpeg: Uint8Array, windows: readonly Box[]) => Promise<Float32Array>} Look at each window through every
 *   graph; answers the vector of the last, weighed as the pack says
 */

/** @param {string} packFolder @returns {Promise<Look>} */
export async function openBareLoop(packFolder) {
  sharp.cache(false);
  sharp.concurrency(1);
  const manifest = JSON.parse(await readFile(join(packFolder, 'pack.json'), 'utf8'));
  const parts = await Promise.all(
    manifest.picture.parts.map(async (part) => ({
      ...part,
      session: await InferenceSession.create(join(packFolder, part.file), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
      }),
    })),
  );
  return async (jpeg, windows) => {
    const decoded = await decode(jpeg);
    let vector = new Float32Array();
    for (const window of windows) vector = await embed(parts, decoded, window);
    return vector;
  };
}

async function decode(jpeg) {
  const { width, height } = await sharp(jpeg).metadata();
  const share = Math.min(width, height) / WORKING_SIDE_PX;
  const factor = share < 2 ? 1 : Math.min(8, 2 ** Math.floor(Math.log2(share)));
  const { data, info } = await sharp(jpeg, { sequentialRead: true })
    .resize(Math.round(width / factor), Math.round(height / factor), {
      fit: 'fill',
      kernel: 'cubic',
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, raw: { width: info.width, height: info.height, channels: info.channels }, factor };
}

/** Parts that read the same pixels get one tensor. */
async function embed(parts, { data, raw, factor }, { x1, y1, x2, y2 }) {
  const tensors = new Map();
  const vectors = [];
  for (const { input, output, weight, session } of parts) {
    const { widthPx, heightPx, resize } = input;
    const key = JSON.stringify(input);
    if (!tensors.has(key)) {
      const [left, top] = [x1, y1].map((edge) => Math.floor(edge / factor));
      const [right, bottom] = [Math.min(raw.width, x2 / factor), Math.min(raw.height, y2 / factor)];
      const [width, height] = [Math.floor(right) - left, Math.floor(bottom) - top];
      const pixels = await sharp(data, { raw })
        .extract({ left, top, width, height })
        .resize(widthPx, heightPx, { fit: 'fill', kernel: resize.kernel })
        .raw()
        .toBuffer();
      tensors.set(key, new Tensor('uint8', byChannel(pixels), [1, 3, heightPx, widthPx]));
    }
    const results = await session.run({ [input.name]: tensors.get(key) });
    vectors.push(unit(results[output].data).map((value) => value * weight));
  }
  return unit(Float32Array.from(vectors.flatMap((vector) => [...vector])));
}

function byChannel(pixels) {
  const area = pixels.length / 3;
  const planes = new Uint8Array(pixels.length);
  for (let channel = 0; channel < 3; channel += 1) {
    for (let i = 0; i < area; i += 1) planes[channel * area + i] = pixels[i * 3 + channel];
  }
  return planes;
}

function unit(vector) {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Float32Array.from(vector, (value) => value / Math.sqrt(squares));
}

/** Looks at pictures in turn, so many or so long. */
async function repeat(look, { files, windows, untilMs = Infinity, looks = Infinity }) {
  const pictures = await Promise.all(files.map((file) => readFile(file)));
  for (let i = 0; i < WARM_UP; i += 1) await look(pictures[0], windows);
  const [times, cpu] = [[], process.cpuUsage()];
  const endMs = performance.now() + untilMs;
  while (performance.now() < endMs && times.length < looks) {
    const started = performance.now();
    await look(pictures[times.length % pictures.length], windows);
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { times, cpuMs: (user + system) / 1000 };
}

if (process.send !== undefined) {
  const look = await openBareLoop(process.argv[2]);
  answerQuestions((question) => repeat(look, question));
}
