import { readImageKey, referenceKey } from './level-keys.ts';
import { decodeKeptObject } from './record-format.ts';
import { seal, unseal } from './seal.ts';

/** An image record whose seal held, and what it counts for in its collection's statistics. */
export interface OpenedRecord {
  readonly value: Uint8Array;
  readonly body: Uint8Array;
  /** The object that it keeps, and the key of the row that says so. */
  readonly kept?: {
    readonly hash: string;
    readonly bytes: number;
    readonly referenceKey: Buffer;
  };
}

/** Seals a body under its key. */
export function sealRecord(
  id: string,
  key: Buffer,
  body: Uint8Array,
): OpenedRecord & { readonly value: Buffer } {
  const value = seal(key, body);
  return { value, ...describeBody(id, key, body) };
}

/** Opens a stored value; undefined when it is not what was written. */
export function openRecord(id: string, key: Buffer, value: Uint8Array): OpenedRecord | undefined {
  const body = unseal(key, value);
  return body === undefined ? undefined : { value, ...describeBody(id, key, body) };
}

function describeBody(id: string, key: Buffer, body: Uint8Array): Omit<OpenedRecord, 'value'> {
  const image = readImageKey(key);
  const object = decodeKeptObject(body);
  if (image === undefined || object === undefined) return { body };
  return { body, kept: { ...object, referenceKey: referenceKey(object.hash, id, image) } };
}
