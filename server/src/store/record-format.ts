import type { Attributes } from '@likeness/shared/filter';

import { parseImageKey } from './image-key.ts';
import type { ImageRecord, NewImageRecord, StoredFraming } from './image-record.ts';

/*
 * The body of an image record, version 1; numbers are little-endian, texts UTF-8. Its key holds
 * productId and picName; its seal follows (see seal.ts).
 *
 *     offset  size
 *      0       1    version, 1
 *      1       1    bit 0: an object is kept; bit 1: the category was given
 *      2       1    framing: 0 whole, 1 subject, 2 box
 *      3       1    0
 *      4       8    revision, float64 (whole numbers below 2^53)
 *     12       8    added, float64, ms since 1970
 *     20       4    category
 *     24      16    region: x1, y1, x2, y2
 *     40       8    width, height of the picture
 *     48       4    length of the picture in bytes
 *     52      32    SHA-256 of the picture; zeros where no object is kept
 *     84       4    n = length of the pack's fingerprint, then n bytes
 *              4    n = length of the custom content, then n bytes
 *              4    n = length of the attributes, then n bytes of JSON
 *              4    n = dimensions, then n float32
 */
const VERSION = 1;
const FIXED_BYTES = 84;
const PICTURE_BYTES_OFFSET = 48;
const HASH_OFFSET = 52;
const OBJECT_KEPT = 1;
const CATEGORY_GIVEN = 2;
const FRAMINGS: readonly StoredFraming[] = ['whole', 'subject', 'box'];

export interface KeptObject {
  /** Lower-case hex. */
  readonly hash: string;
  readonly bytes: number;
}

/** The record's body, to be sealed. */
export function encodeImageRecord(record: NewImageRecord, revision: number): Buffer {
  return Buffer.concat([
    encodeFixedPart(record, revision),
    withLength(Buffer.from(record.fingerprint)),
    withLength(Buffer.from(record.customContent)),
    withLength(Buffer.from(JSON.stringify(record.attributes))),
    uint32(record.vector.length),
    Buffer.from(record.vector.buffer, record.vector.byteOffset, record.vector.byteLength),
  ]);
}

/** Reads a body whose seal held. Throws `RangeError` for a version this code does not know. */
export function decodeImageRecord(keyText: string, body: Uint8Array): ImageRecord {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes[0] !== VERSION) throw new RangeError(`record version ${bytes[0]} is not known`);
  const reader = new BodyReader(bytes, FIXED_BYTES);
  const flags = bytes.readUInt8(1);
  return {
    ...parseImageKey(keyText),
    categoryGiven: (flags & CATEGORY_GIVEN) !== 0,
    framing: FRAMINGS[bytes.readUInt8(2)] ?? 'whole',
    revision: bytes.readDoubleLE(4),
    addedMs: bytes.readDoubleLE(12),
    category: bytes.readUInt32LE(20),
    region: {
      x1: bytes.readUInt32LE(24),
      y1: bytes.readUInt32LE(28),
      x2: bytes.readUInt32LE(32),
      y2: bytes.readUInt32LE(36),
    },
    widthPx: bytes.readUInt32LE(40),
    heightPx: bytes.readUInt32LE(44),
    pictureBytes: bytes.readUInt32LE(PICTURE_BYTES_OFFSET),
    ...((flags & OBJECT_KEPT) !== 0 && {
      objectHash: bytes.toString('hex', HASH_OFFSET, FIXED_BYTES),
    }),
    fingerprint: reader.text(),
    customContent: reader.text(),
    attributes: JSON.parse(reader.text()) as Attributes,
    vector: reader.vector(),
  };
}

/** What a record keeps beside itself: read without decoding the rest of the body. */
export function decodeKeptObject(body: Uint8Array): KeptObject | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if ((bytes.readUInt8(1) & OBJECT_KEPT) === 0) return undefined;
  return {
    hash: bytes.toString('hex', HASH_OFFSET, FIXED_BYTES),
    bytes: bytes.readUInt32LE(PICTURE_BYTES_OFFSET),
  };
}

function encodeFixedPart(record: NewImageRecord, revision: number): Buffer {
  const { region, objectHash } = record;
  const bytes = Buffer.alloc(FIXED_BYTES);
  bytes.writeUInt8(VERSION, 0);
  const kept = objectHash === undefined ? 0 : OBJECT_KEPT;
  bytes.writeUInt8(kept | (record.categoryGiven ? CATEGORY_GIVEN : 0), 1);
  bytes.writeUInt8(FRAMINGS.indexOf(record.framing), 2);
  bytes.writeDoubleLE(revision, 4);
  bytes.writeDoubleLE(record.addedMs, 12);
  bytes.writeUInt32LE(record.category, 20);
  [region.x1, region.y1, region.x2, region.y2, record.widthPx, record.heightPx].forEach(
    (value, index) => bytes.writeUInt32LE(value, 24 + index * 4),
  );
  bytes.writeUInt32LE(record.pictureBytes, PICTURE_BYTES_OFFSET);
  if (objectHash !== undefined) bytes.write(objectHash, HASH_OFFSET, 'hex');
  return bytes;
}

function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Reads the parts of a body that have their length before them. */
class BodyReader {
  readonly #bytes: Buffer;
  #offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  text(): string {
    return this.#take(this.#length()).toString('utf8');
  }

  vector(): Float32Array {
    const dims = this.#length();
    const vector = new Float32Array(dims);
    // Both are little-endian on every machine this runs on; the copy gives the alignment.
    this.#take(dims * 4).copy(new Uint8Array(vector.buffer));
    return vector;
  }

  #length(): number {
    return this.#take(4).readUInt32LE();
  }

  #take(count: number): Buffer {
    const end = this.#offset + count;
    if (end > this.#bytes.length) throw new RangeError(`record ends before byte ${end}`);
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }
}
