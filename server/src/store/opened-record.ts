import { readImageKey, referenceKey } from './level-keys.ts';
import { decodeKeptObject } from './record-format.ts';
import { readSeal, seal, unseal } from './seal.ts';

/** What an image record counts for in its collection's statistics. */
export interface CountedRecord {
  /** Its member digest in its collection's set. */
  readonly digest: Uint8Array;
  readonly valueBytes: number;
  /** The object that it keeps, and the key of the row that says so. */
  readonly kept?: {
    readonly hash: string;
    readonly bytes: number;
    readonly referenceKey: Buffer;
  };
}

/** An image record whose seal held. */
export interface OpenedRecord extends CountedRecord {
  readonly body: Uint8Array;
}

/** Seals a body under its key. */
export function sealRecord(
  id: string,
  key: Buffer,
  body: Uint8Array,
): OpenedRecord & { readonly value: Buffer } {
  const value = seal(key, body);
  return { value, body, ...count(id, key, value) };
}

/** Opens a stored value; undefined when it is not what was written. */
export function openRecord(id: string, key: Buffer, value: Uint8Array): OpenedRecord | undefined {
  const body = unseal(key, value);
  return body === undefined ? undefined : { body, ...count(id, key, value) };
}

/** The same without the body, and without the memory that it takes. */
export function countRecord(id: string, key: Buffer, value: Uint8Array): CountedRecord | undefined {
  if (unseal(key, value) === undefined) return undefined;
  const counted = count(id, key, value);
  return { ...counted, digest: Buffer.from(counted.digest) };
}

/** Of a value that begins with a body. */
function count(id: string, key: Buffer, value: Uint8Array): CountedRecord {
  const own = { digest: readSeal(value), valueBytes: value.length };
  const object = decodeKeptObject(value);
  const image = object === undefined ? undefined : readImageKey(key);
  if (object === undefined || image === undefined) return own;
  return { ...own, kept: { ...object, referenceKey: referenceKey(object.hash, id, image) } };
}
