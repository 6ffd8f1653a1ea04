/** Photographs that nobody took: the size of a phone's, made from a seed. */
import sharp from 'sharp';

export const WIDTH_PX = 1600;
export const HEIGHT_PX = 1200;
/** Blobs a side of the ground; the grain on it is what makes a JPEG as large as a photograph's. */
const BLOBS = 12;
const GRAIN = 22;
const QUALITY = 90;
/** Where a thing stands, in shares of the picture. */
const THING = { left: 0.3, top: 0.2, width: 0.4, height: 0.6 };

/**
 * JPEGs of 1,600 × 1,200 px and about 400 KB: a thing on a grainy ground of blobs, no two alike.
 *
 * @param {number} count
 * @param {number} [seed]
 */
export function drawPhotographs(count, seed = 1) {
  return Promise.all(Array.from({ length: count }, (_, i) => drawPhotograph(seed * 1000 + i)));
}

/** One of them. @param {number} seed */
export async function drawPhotograph(seed) {
  const random = createRandom(seed);
  const ground = await blobs(random, WIDTH_PX, HEIGHT_PX);
  const [left, top] = [Math.round(THING.left * WIDTH_PX), Math.round(THING.top * HEIGHT_PX)];
  const [width, height] = [THING.width * WIDTH_PX, THING.height * HEIGHT_PX].map(Math.round);
  const thing = await blobs(random, width, height);
  for (let y = 0; y < height; y += 1) {
    ground.set(
      thing.subarray(y * width * 3, (y + 1) * width * 3),
      ((top + y) * WIDTH_PX + left) * 3,
    );
  }
  for (let i = 0; i < ground.length; i += 1) ground[i] += (random() - 0.5) * GRAIN;
  const raw = { width: WIDTH_PX, height: HEIGHT_PX, channels: 3 };
  return sharp(ground, { raw }).jpeg({ quality: QUALITY }).toBuffer();
}

/** Bytes of a JPEG before which a stamp goes. */
export const STAMPED_AT = 2;

/**
 * What makes the same picture another file, put before its first bytes in place of these: a comment behind its first marker says its
 * number. Of a length that Base64 of what follows does not depend on.
 */
export function stampOf(jpeg, number) {
  const comment = Buffer.alloc(13);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(11, 2);
  comment.writeDoubleBE(number, 4);
  return Buffer.concat([jpeg.subarray(0, STAMPED_AT), comment]);
}

/** Noise that no JPEG shortens, just below the 4 MiB that are taken. */
export async function drawLarge() {
  const side = 1170;
  const random = createRandom(9);
  const noise = Buffer.from(Uint8Array.from({ length: side * side * 3 }, () => random() * 256));
  const raw = { width: side, height: side, channels: 3 };
  return sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer();
}

/** A picture of a few kilobytes. */
export function drawSmall(seed) {
  const random = createRandom(seed);
  const pixels = Buffer.from(Uint8Array.from({ length: 48 }, () => random() * 256));
  const raw = { width: 4, height: 4, channels: 3 };
  return sharp(pixels, { raw }).resize(160, 160, { kernel: 'cubic' }).png().toBuffer();
}

/** A stream of numbers from 0 to 1 that a seed decides. */
export function createRandom(seed) {
  let state = Math.imul(seed, 2_654_435_761) | 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

async function blobs(random, width, height) {
  const few = Buffer.from(Uint8Array.from({ length: BLOBS ** 2 * 3 }, () => 30 + random() * 195));
  const raw = { width: BLOBS, height: BLOBS, channels: 3 };
  const options = { kernel: 'cubic', fit: 'fill' };
  return sharp(few, { raw }).resize(width, height, options).raw().toBuffer();
}
