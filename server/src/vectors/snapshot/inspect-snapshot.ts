import { open } from 'node:fs/promises';

import {
  CHECKSUM_BYTES,
  continueChecksum,
  isKnownVersion,
  MAGIC,
  type SnapshotHeader,
} from './snapshot-format.ts';

/** Bytes read at once. */
const PIECE_BYTES = 1024 * 1024;
/** A header is a few hundred bytes, and as many for each large category. */
const MAX_HEADER_BYTES = 64 * 1024;

/** The tag that a snapshot was saved with; `damaged` when the file is not what was saved, undefined when there is none. */
export async function inspectSnapshot(
  path: string,
): Promise<{ readonly tag: string } | 'damaged' | undefined> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = await file.stat();
    let checksum = 0;
    let head = Buffer.alloc(0);
    let last = Buffer.alloc(0);
    for (let offset = 0; offset < size;) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES);
      if (bytesRead === 0) return 'damaged';
      offset += bytesRead;
      const piece = Buffer.concat([last, buffer.subarray(0, bytesRead)]);
      const end = Math.max(0, piece.length - CHECKSUM_BYTES);
      checksum = continueChecksum(checksum, piece.subarray(0, end));
      last = piece.subarray(end);
      if (head.length === 0) head = piece.subarray(0, MAX_HEADER_BYTES);
    }
    const isWhole = last.length === CHECKSUM_BYTES && last.readUInt32LE() === checksum;
    return isWhole ? { tag: readTag(head) } : 'damaged';
  } finally {
    await file.close();
  }
}

/** Of a file whose checksum holds. A newer format has no tag that anyone asks for. */
function readTag(head: Buffer): string {
  const version = MAGIC.length;
  if (!isKnownVersion(head.readUInt32LE(version))) return '';
  const start = version + 2 * 4;
  const length = head.readUInt32LE(version + 4);
  const header = JSON.parse(head.toString('utf8', start, start + length)) as SnapshotHeader;
  return header.tag;
}
