import { formatImageKey, parseImageKey, type ImageKey } from './image-key.ts';

/*
 * The keys of the LevelDB store. An id is a collection's, of [0-9a-z]+ alone.
 *
 *     "c" id                                 a collection: JSON
 *     "s" id                                 its statistics: JSON
 *     "i" id NUL imageKey                    an image record (record-format.ts)
 *     "o" sha256 (32 bytes) id NUL imageKey  says that the record keeps that object: no body
 *     "e" id                                 what was erased and is still on the disk (level-erasures.ts)
 *     "v" name                               a small value of the server's own (value-store.ts)
 *
 * imageKey is the UTF-8 of image-key.ts, so that a collection's records lie together, ordered by
 * the bytes of (productId, picName), and a hash's referrers lie together.
 */
const NUL = 0;

/** What the keys of collections, and of references, begin with. */
export const COLLECTION_PREFIX = Buffer.from('c');
export const REFERENCE_PREFIX = Buffer.from('o');
export const STATISTICS_PREFIX = Buffer.from('s');
export const IMAGE_PREFIX = Buffer.from('i');
export const ERASURE_PREFIX = Buffer.from('e');
export const VALUE_PREFIX = Buffer.from('v');
const HASH_BYTES = 32;

/** Keys from `gte` on, up to but without `lt`. */
export interface KeyRange {
  readonly gte: Buffer;
  readonly lt: Buffer;
}

/** The key of a collection. */
export function collectionKey(id: string): Buffer {
  return Buffer.from(`c${id}`);
}

/** The key of a collection's statistics. */
export function statisticsKey(id: string): Buffer {
  return Buffer.from(`s${id}`);
}

/** The key of a small value. */
export function valueKey(name: string): Buffer {
  return Buffer.from(`v${name}`);
}

/** The name in a small value's key. */
export function valueName(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset + 1, key.length - 1).toString('utf8');
}

/** The key of the row that says what of a collection was erased. */
export function erasureKey(id: string): Buffer {
  return Buffer.from(`e${id}`);
}

/** The collection in a row's key that has nothing else behind its prefix. */
export function idOfRow(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset + 1, key.length - 1).toString('latin1');
}

/** The collection in a record's key, which may be damaged. */
export function idOfImage(key: Uint8Array): string {
  return idOfRow(collectionPart(key));
}

/** The first key that can be a record's of the next collection. */
export function afterCollectionOf(key: Uint8Array): Buffer {
  return Buffer.concat([collectionPart(key), Buffer.of(NUL + 1)]);
}

function collectionPart(key: Uint8Array): Uint8Array {
  const end = key.indexOf(NUL);
  return end < 0 ? key : key.subarray(0, end);
}

/** The key of an image record. */
export function imageKey(id: string, key: ImageKey): Buffer {
  return Buffer.from(`i${id}\u0000${formatImageKey(key)}`);
}

/** The key that says that a record keeps the object of this hash (hex). */
export function referenceKey(hash: string, id: string, key: ImageKey): Buffer {
  const referrer = imageKey(id, key).subarray(1);
  return Buffer.concat([REFERENCE_PREFIX, Buffer.from(hash, 'hex'), referrer]);
}

/** The records of a collection. */
export function imageRange(id: string): KeyRange {
  const start = Buffer.from(`i${id}\u0000`);
  return { gte: start, lt: following(start) };
}

/** The referrers of one object. */
export function referenceRange(hash: string): KeyRange {
  const start = Buffer.concat([REFERENCE_PREFIX, Buffer.from(hash, 'hex')]);
  return { gte: start, lt: following(start) };
}

/** Every key that begins with `prefix`. */
export function prefixRange(prefix: Buffer): KeyRange {
  return { gte: prefix, lt: following(prefix) };
}

/** The text of the image key in a record's key. */
export function imageKeyText(key: Uint8Array): string {
  const start = key.indexOf(NUL) + 1;
  return Buffer.from(key.buffer, key.byteOffset + start, key.length - start).toString('utf8');
}

/** The image key in a record's key, or undefined when it cannot be read. */
export function readImageKey(key: Uint8Array): ImageKey | undefined {
  try {
    return parseImageKey(imageKeyText(key));
  } catch {
    return undefined;
  }
}

/** The collection in a reference's key, and the key of the record that refers. */
export function readReference(key: Uint8Array): {
  readonly id: string;
  readonly recordKey: Buffer;
} {
  const start = REFERENCE_PREFIX.length + HASH_BYTES;
  const referrer = Buffer.from(key.buffer, key.byteOffset + start, key.length - start);
  const id = referrer.toString('latin1', 0, Math.max(referrer.indexOf(NUL), 0));
  return { id, recordKey: Buffer.concat([Buffer.from('i'), referrer]) };
}

/** The first key after all that begin with `prefix`: its last byte below 255 raised, the rest cut off. */
function following(prefix: Buffer): Buffer {
  let last = prefix.length - 1;
  while (prefix[last] === 255) last -= 1;
  const next = Buffer.from(prefix.subarray(0, last + 1));
  next.writeUInt8(prefix.readUInt8(last) + 1, last);
  return next;
}
