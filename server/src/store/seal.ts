import { createHash } from 'node:crypto';

import { DIGEST_BYTES } from './set-digest.ts';

/*
 * Every value in the store is sealed:
 *
 *     value = body, then the first 16 bytes of SHA-256(length of key as u32 LE, key, body)
 *
 * LevelDB serves flipped bits of its table files as if they were data (measured: 121 wrong values
 * in 126 tries). The key is part of the seal, so that a value under another's key is found too.
 */

/** The body with its seal behind it. */
export function seal(key: Uint8Array, body: Uint8Array): Buffer {
  return Buffer.concat([body, sealOf(key, body)]);
}

/** The body of a sealed value, or undefined when the seal does not hold. */
export function unseal(key: Uint8Array, value: Uint8Array): Uint8Array | undefined {
  if (value.length < DIGEST_BYTES) return undefined;
  const body = value.subarray(0, value.length - DIGEST_BYTES);
  return sealOf(key, body).equals(readSeal(value)) ? body : undefined;
}

/** The last bytes of a sealed value: also its member digest in its collection's set. */
export function readSeal(value: Uint8Array): Uint8Array {
  return value.subarray(value.length - DIGEST_BYTES);
}

function sealOf(key: Uint8Array, body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(key.length);
  const hash = createHash('sha256').update(length).update(key).update(body).digest();
  return hash.subarray(0, DIGEST_BYTES);
}
