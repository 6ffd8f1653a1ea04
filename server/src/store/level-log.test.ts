import { describe, expect, test } from '@jest/globals';

import { crc32c } from './crc32c.ts';
import { findLogDamage } from './level-log.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;

/** A log as LevelDB writes it, and where each write begins. */
function writeLog(lengths: readonly number[]): { readonly log: Buffer; readonly starts: number[] } {
  const parts: Buffer[] = [];
  const starts: number[] = [];
  let size = 0;
  const append = (bytes: Buffer): void => {
    parts.push(bytes);
    size += bytes.length;
  };
  for (const [index, length] of lengths.entries()) {
    let left = Buffer.alloc(length, index + 100);
    let isFirst = true;
    do {
      const room = BLOCK_BYTES - (size % BLOCK_BYTES);
      if (room < HEADER_BYTES) append(Buffer.alloc(room));
      if (isFirst) starts.push(size);
      const space = BLOCK_BYTES - (size % BLOCK_BYTES) - HEADER_BYTES;
      const data = left.subarray(0, space);
      left = left.subarray(space);
      append(formatRecord(data, isFirst, left.length === 0));
      isFirst = false;
    } while (left.length > 0);
  }
  return { log: Buffer.concat(parts), starts };
}

function formatRecord(data: Buffer, isFirst: boolean, isLast: boolean): Buffer {
  const type = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3;
  const checked = Buffer.concat([Buffer.from([type]), data]);
  const checksum = crc32c(checked);
  const header = Buffer.alloc(6);
  header.writeUInt32LE((((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0);
  header.writeUInt16LE(data.length, 4);
  return Buffer.concat([header, checked]);
}

test('CRC-32C has its published check value', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

describe('findLogDamage', () => {
  const { log, starts } = writeLog([100, 0, 40_000, BLOCK_BYTES - 20, 5, 70_000, 9, 30]);
  const last = starts.at(-1) ?? 0;

  test('finds none in a whole log, nor in an empty one', () => {
    expect(findLogDamage(log)).toBeUndefined();
    expect(findLogDamage(new Uint8Array())).toBeUndefined();
  });

  test('takes a log that ends anywhere for a torn write', () => {
    for (let end = log.length - 100; end < log.length; end += 1) {
      expect([end, findLogDamage(log.subarray(0, end))]).toEqual([end, undefined]);
    }
  });

  test('takes zeros at the end, as a file system may leave, for a torn write', () => {
    expect(findLogDamage(Buffer.concat([log, Buffer.alloc(5_000)]))).toBeUndefined();
  });

  test('names the write that a flipped bit is in, unless it is the last', () => {
    for (let offset = 0; offset < log.length; offset += 3_001) {
      const damaged = Buffer.from(log);
      damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << (offset % 8)), offset);
      const found = findLogDamage(damaged);
      const isTold = offset < last && !isTrailer(log, offset);
      expect([offset, found !== undefined]).toEqual([offset, isTold]);
      if (found !== undefined) expect(found).toBeLessThanOrEqual(offset);
    }
  });

  test('finds a block of zeros between two writes', () => {
    const damaged = Buffer.from(log);
    damaged.fill(0, BLOCK_BYTES, 2 * BLOCK_BYTES);
    expect(findLogDamage(damaged)).toBe(BLOCK_BYTES);
  });
});

/** The last bytes of a block, which hold no record because no header fits. */
function isTrailer(log: Buffer, offset: number): boolean {
  const end = offset - (offset % BLOCK_BYTES) + BLOCK_BYTES;
  return end - offset < HEADER_BYTES && log.subarray(offset, end).every((byte) => byte === 0);
}
