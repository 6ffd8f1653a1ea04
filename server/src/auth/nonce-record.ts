/**
 * One used nonce as the ledger's files hold it, 28 bytes:
 *
 *     0   8 bytes   SHA-256 of the access key id, cut
 *     8  16 bytes   SHA-256 of access key id, NUL, nonce, cut
 *    24   4 bytes   CRC-32 of the 24 before, little-endian
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Bytes of a record. */
export const NONCE_RECORD_BYTES = 28;

const KEY_BYTES = 8;
const CHECKED_BYTES = 24;

/** A nonce and whose it is, as short texts of one character a byte. */
export interface NonceRecord {
  readonly key: string;
  readonly nonce: string;
}

/** Nonces are of any length and kind on the wire; here all are alike. */
export function createNonceRecord(accessKeyId: string, nonce: string): NonceRecord {
  const key = createHash('sha256').update(accessKeyId).digest().toString('latin1', 0, KEY_BYTES);
  const digest = createHash('sha256').update(`${accessKeyId}\0${nonce}`).digest();
  return { key, nonce: digest.toString('latin1', 0, CHECKED_BYTES - KEY_BYTES) };
}

/** The record's bytes. */
export function encodeNonceRecord({ key, nonce }: NonceRecord): Buffer {
  const bytes = Buffer.alloc(NONCE_RECORD_BYTES);
  bytes.write(key + nonce, 'latin1');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CHECKED_BYTES)), CHECKED_BYTES);
  return bytes;
}

/** What a file holds. */
export interface DecodedNonces {
  /** The intact ones. */
  readonly records: readonly NonceRecord[];
  /** Whether nothing in the file is torn or damaged. */
  readonly isWhole: boolean;
}

/** The records of a file. */
export function decodeNonceRecords(bytes: Buffer): DecodedNonces {
  const records: NonceRecord[] = [];
  const count = Math.ceil(bytes.length / NONCE_RECORD_BYTES);
  for (let i = 0; i < count; i += 1) {
    const record = bytes.subarray(i * NONCE_RECORD_BYTES, (i + 1) * NONCE_RECORD_BYTES);
    if (!isIntact(record)) continue;
    const key = record.toString('latin1', 0, KEY_BYTES);
    records.push({ key, nonce: record.toString('latin1', KEY_BYTES, CHECKED_BYTES) });
  }
  return { records, isWhole: records.length === count };
}

function isIntact(record: Buffer): boolean {
  if (record.length < NONCE_RECORD_BYTES) return false;
  return crc32(record.subarray(0, CHECKED_BYTES)) === record.readUInt32LE(CHECKED_BYTES);
}
