/** The frozen network that rows are compared with, on the same pictures as the server. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const SIDE = 224;
const OUTPUT = 'embedding';

/** The reference on one core. */
export function openReference(file) {
  const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  return InferenceSession.create(file, { ...threads, executionMode: 'sequential' });
}

/** A batch of one for the reference's input. */
export function referenceFeeds(session, pixels) {
  return { [session.inputNames[0]]: new Tensor('float32', pixels, [1, 3, SIDE, SIDE]) };
}

/**
 * Ranks as an instance does: whole frame squashed to 224 px, bicubic, pixels / 127.5 − 1, cosine. What the server
 * refused is neither found nor asked.
 */
export class Reference {
  name = 'reference';
  #session;
  #isRefused;
  /** By key. */
  #gallery = new Map();

  /**
   * @param {InferenceSession} session
   * @param {(key: string) => boolean} isRefused
   */
  constructor(session, isRefused) {
    this.#session = session;
    this.#isRefused = isRefused;
  }

  async fill(pictures) {
    for (const picture of pictures) {
      if (this.#isRefused(picture.key)) continue;
      const { key, set, split } = picture;
      this.#gallery.set(key, { key, set, split, vector: await this.#embed(picture) });
    }
  }

  async rank(picture, { set, split }, num) {
    if (this.#isRefused(picture.key)) return { hits: [], refusal: 'refused by the server' };
    const known = this.#gallery.get(picture.key);
    const vector = known?.vector ?? (await this.#embed(picture));
    const hits = [...this.#gallery.values()]
      .filter((row) => (set ?? row.set) === row.set && (split ?? row.split) === row.split)
      .map((row) => ({ key: row.key, score: dot(row.vector, vector) }));
    return { hits: hits.toSorted(byScore).slice(0, num) };
  }

  async #embed(picture) {
    const pixels = await readPixels(await picture.load());
    const answer = await this.#session.run(referenceFeeds(this.#session, pixels), [OUTPUT]);
    const vector = answer[OUTPUT].data;
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }
}

async function readPixels(bytes) {
  const rgb = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  const area = SIDE * SIDE;
  const pixels = new Float32Array(3 * area);
  for (let at = 0; at < area; at += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      pixels[channel * area + at] = rgb[at * 3 + channel] / 127.5 - 1;
    }
  }
  return pixels;
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

function byScore(a, b) {
  return b.score - a.score || (a.key < b.key ? -1 : 1);
}
