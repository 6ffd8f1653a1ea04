import type { Random } from './random-rows.ts';

/** Values that sizes and counts in a header are overwritten with. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff] as const;
/** Where a header's sizes lie, in every format. */
const HEAD_BYTES = 64;

type Spoil = (random: Random, picture: Buffer, other: Buffer) => Buffer;

/** A picture's file, damaged in one of many ways; `other` is another file to take bytes from. */
export function spoilPicture(random: Random, picture: Buffer, other: Buffer): Buffer {
  const times = 1 + random.below(3);
  let spoilt = picture;
  for (let i = 0; i < times; i += 1) spoilt = random.pick(SPOILS)(random, spoilt, other);
  return spoilt;
}

const SPOILS: readonly Spoil[] = [
  flipBits,
  (random, picture) => overwrite(random, picture, HEAD_BYTES),
  (random, picture) => overwrite(random, picture, picture.length),
  (random, picture) => picture.subarray(0, random.below(picture.length + 1)),
  (random, picture) => picture.subarray(random.below(HEAD_BYTES)),
  (random, picture, other) => splice(random, picture, other),
  (random, picture) => Buffer.concat([picture, picture.subarray(random.below(picture.length + 1))]),
  repeatPiece,
];

function flipBits(random: Random, picture: Buffer): Buffer {
  const spoilt = Buffer.from(picture);
  for (let i = 0; i <= random.below(20) && spoilt.length > 0; i += 1) {
    const at = random.below(spoilt.length);
    spoilt[at] = (spoilt[at] ?? 0) ^ (1 << random.below(8));
  }
  return spoilt;
}

/** A few bytes in a row become an extreme: a size, a count or an offset that is out of its mind. */
function overwrite(random: Random, picture: Buffer, within: number): Buffer {
  const spoilt = Buffer.from(picture);
  const at = random.below(Math.min(within, spoilt.length) + 1);
  const end = Math.min(at + 1 + random.below(8), spoilt.length);
  return spoilt.fill(random.pick(EXTREMES), at, end);
}

function splice(random: Random, picture: Buffer, other: Buffer): Buffer {
  const at = random.below(picture.length + 1);
  const from = random.below(other.length + 1);
  return Buffer.concat([picture.subarray(0, at), other.subarray(from)]);
}

function repeatPiece(random: Random, picture: Buffer): Buffer {
  const start = random.below(picture.length + 1);
  const end = start + random.below(Math.min(4096, picture.length - start) + 1);
  const piece = picture.subarray(start, end);
  const copies = Array.from({ length: random.below(8) }, () => piece);
  return Buffer.concat([picture.subarray(0, end), ...copies, picture.subarray(end)]);
}
