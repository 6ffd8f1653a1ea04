import { maskedCrc32c } from './crc32c.ts';
import { LevelBytes } from './level-bytes.ts';
import { logRecords } from './level-log.ts';
import { decodeSnappy } from './snappy.ts';

/*
 * What LevelDB's files hold, read without LevelDB (doc/table_format.md and doc/log_format.md of LevelDB).
 *
 *     table   = blocks, then a footer of 48 bytes: handle of the meta index, handle of the index, magic
 *     handle  = offset, length (varints); behind a block: type (u8), masked CRC-32C of block and type
 *     block   = entries, then where some of them begin (u32 each), then how many of those (u32)
 *     entry   = bytes shared with the key before, bytes of its own, bytes of the value (varints), key, value
 *     key     = the user's, then sequence << 8 | type (u64 LE); type 1 is a value, 0 a deletion
 *
 * A log's record is a batch: sequence of its first change (u64), how many (u32), then each: type, key, value.
 */
const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
const TRAILER_BYTES = 5;
const RAW = 0;
const SNAPPY = 1;
const DELETION = 0;
const VALUE = 1;

/** One change to one key. */
export interface LevelEntry {
  readonly key: Buffer;
  /** Changes are numbered as they come: the highest of a key counts. */
  readonly sequence: number;
  /** Undefined for a deletion. */
  readonly value: Buffer | undefined;
}

/** Whether every block of the table is what was written. */
export function isWholeTable(table: Buffer): boolean {
  try {
    const footer = readFooter(table);
    if (footer === undefined) return false;
    const blocks = [readBlock(table, footer.meta), readBlock(table, footer.index)];
    return blocks.every(
      (block) =>
        block !== undefined &&
        [...entriesOfBlock(block)].every(
          ({ value }) => readBlock(table, readHandle(new LevelBytes(value))) !== undefined,
        ),
    );
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** All entries of a table whose blocks check. */
export function* entriesOfTable(table: Buffer): Generator<LevelEntry> {
  const footer = readFooter(table);
  const index = footer === undefined ? undefined : readBlock(table, footer.index);
  for (const { value: handle } of index === undefined ? [] : entriesOfBlock(index)) {
    const block = readBlock(table, readHandle(new LevelBytes(handle)));
    if (block === undefined) continue;
    for (const { key, value } of entriesOfBlock(block)) yield splitKey(key, value);
  }
}

/** All entries of a log whose records check. */
export function* entriesOfLog(log: Uint8Array): Generator<LevelEntry> {
  for (const record of logRecords(log)) {
    const batch = new LevelBytes(record);
    const first = batch.uint64();
    const count = batch.uint32();
    for (let index = 0; index < count; index += 1) {
      const type = batch.byte();
      const key = batch.slice();
      yield { key, sequence: first + index, value: type === VALUE ? batch.slice() : undefined };
    }
  }
}

interface Handle {
  readonly offset: number;
  readonly length: number;
}

function readFooter(table: Buffer): { readonly meta: Handle; readonly index: Handle } | undefined {
  const footer = table.subarray(-FOOTER_BYTES);
  if (footer.length < FOOTER_BYTES || !footer.subarray(-MAGIC.length).equals(MAGIC))
    return undefined;
  const handles = new LevelBytes(footer);
  return { meta: readHandle(handles), index: readHandle(handles) };
}

function readHandle(bytes: LevelBytes): Handle {
  return { offset: bytes.varint(), length: bytes.varint() };
}

/** The block, or undefined when it is not what was written. */
function readBlock(table: Buffer, { offset, length }: Handle): Buffer | undefined {
  const stored = table.subarray(offset, offset + length + TRAILER_BYTES);
  if (stored.length !== length + TRAILER_BYTES) return undefined;
  if (maskedCrc32c(stored.subarray(0, length + 1)) !== stored.readUInt32LE(length + 1))
    return undefined;
  const type = stored.readUInt8(length);
  if (type === RAW) return stored.subarray(0, length);
  return type === SNAPPY ? decodeSnappy(stored.subarray(0, length)) : undefined;
}

function* entriesOfBlock(
  block: Buffer,
): Generator<{ readonly key: Buffer; readonly value: Buffer }> {
  const restarts = block.readUInt32LE(block.length - 4);
  const bytes = new LevelBytes(block.subarray(0, block.length - 4 * (restarts + 1)));
  let key: Buffer = Buffer.alloc(0);
  while (!bytes.isAtEnd) {
    const shared = bytes.varint();
    const own = bytes.varint();
    const length = bytes.varint();
    key = Buffer.concat([key.subarray(0, shared), bytes.take(own)]);
    yield { key, value: bytes.take(length) };
  }
}

function splitKey(internal: Buffer, value: Buffer): LevelEntry {
  const end = internal.length - 8;
  const isDeletion = internal.readUInt8(end) === DELETION;
  const sequence = Number(internal.readBigUInt64LE(end) >> 8n);
  return { key: internal.subarray(0, end), sequence, value: isDeletion ? undefined : value };
}
