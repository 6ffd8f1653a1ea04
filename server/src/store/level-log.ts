import { maskedCrc32c } from './crc32c.ts';

/*
 * LevelDB's log (doc/log_format.md of LevelDB): blocks of 32 KiB, each a sequence of records, the
 * last of which may leave up to 6 zero bytes as a trailer:
 *
 *     record = checksum (u32 LE, masked CRC-32C of type and data), length (u16 LE), type (u8), data
 *     type   = 1 full, 2 first, 3 middle, 4 last part of what was written at once
 *     masked = rotate right by 15, plus 0xa282ead8
 *
 * LevelDB drops what does not check and goes on without a word (measured: 40 of 40 flips). At the
 * end of the file that is right, since a torn write was never acknowledged; before the end it is loss.
 */
const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/**
 * Where a log is damaged before its last write: the offset of the first bad record, or undefined.
 *
 * A bad record is taken for a torn write when no other write begins after it.
 */
export function findLogDamage(log: Uint8Array): number | undefined {
  let firstBad: number | undefined;
  for (let start = 0; start < log.length; start += BLOCK_BYTES) {
    const block = log.subarray(start, start + BLOCK_BYTES);
    const { bad, writeAfterBad } = checkBlock(block, firstBad !== undefined);
    if (bad !== undefined) firstBad ??= start + bad;
    if (writeAfterBad) return firstBad;
  }
  return undefined;
}

interface BlockCheck {
  /** Offset of the first record that does not check. */
  readonly bad: number | undefined;
  /** Whether a write begins after a bad record of this block, or of one before. */
  readonly writeAfterBad: boolean;
}

/**
 * After a bad record its length cannot be trusted, so every later offset of its block may begin one.
 * The next block begins with a record again; where that is bad too, the one after it is tried.
 */
function checkBlock(block: Uint8Array, afterBad: boolean): BlockCheck {
  let offset = 0;
  let bad: number | undefined;
  while (offset + HEADER_BYTES <= block.length) {
    const record = recordAt(block, offset);
    if (record === undefined) {
      if (afterBad) return { bad: offset, writeAfterBad: false };
      bad ??= offset;
      offset += 1;
      continue;
    }
    if (record.begins && (afterBad || bad !== undefined)) return { bad, writeAfterBad: true };
    offset += record.bytes;
  }
  return { bad: bad ?? findBadTrailer(block, offset), writeAfterBad: false };
}

/** The rest of a block, too short for a record, must be zeros. */
function findBadTrailer(block: Uint8Array, offset: number): number | undefined {
  return block.subarray(offset).some((byte) => byte !== 0) ? offset : undefined;
}

/** The whole record at `offset`: its length with its header, and whether a write begins with it. */
function recordAt(
  block: Uint8Array,
  offset: number,
): { readonly bytes: number; readonly begins: boolean } | undefined {
  const view = new DataView(block.buffer, block.byteOffset + offset, block.length - offset);
  const type = view.getUint8(6);
  const bytes = HEADER_BYTES + view.getUint16(4, true);
  if (type < FULL || type > LAST || bytes > view.byteLength) return undefined;
  const checksum = maskedCrc32c(block.subarray(offset + 6, offset + bytes));
  if (checksum !== view.getUint32(0, true)) return undefined;
  return { bytes, begins: type === FULL || type === FIRST };
}

/** The records of a log that check, parts put together. What comes after a bad one is looked for in the next block. */
export function* logRecords(log: Uint8Array): Generator<Buffer> {
  let parts: Uint8Array[] = [];
  for (let start = 0; start < log.length; start += BLOCK_BYTES) {
    const block = log.subarray(start, start + BLOCK_BYTES);
    for (let offset = 0; offset + HEADER_BYTES <= block.length;) {
      const record = recordAt(block, offset);
      if (record === undefined) {
        parts = [];
        break;
      }
      const type = block[offset + 6];
      const data = block.subarray(offset + HEADER_BYTES, offset + record.bytes);
      parts = record.begins ? [data] : parts.length > 0 ? [...parts, data] : [];
      if ((type === FULL || type === LAST) && parts.length > 0) {
        yield Buffer.concat(parts);
        parts = [];
      }
      offset += record.bytes;
    }
  }
}
