import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import type { AttributeValue } from '@likeness/shared/filter';

import type { RowId } from '../memory/row-block.ts';
import type { StoredVector } from '../memory/chunk.ts';
import type { ScanIndex } from '../scan-index.ts';

import {
  CHECKSUM_BYTES,
  continueChecksum,
  FORMAT_VERSION,
  MAGIC,
  type BlockMeta,
  type SnapshotHeader,
} from './snapshot-format.ts';

/** Rows added before other work gets its turn. */
const SLICE_ROWS = 1024;

/**
 * Fills an empty index from a file and answers it; closes it and answers undefined if the file is
 * missing, damaged, of a newer format, or of another tag or other dims.
 */
export async function readSnapshot(
  index: ScanIndex,
  path: string,
  tag: string,
): Promise<ScanIndex | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    if (file === undefined) throw new Error('no snapshot');
    const { size } = await file.stat();
    await fill(index, new SnapshotFile(file, size), tag);
    return index;
  } catch {
    // Derived data: whatever is wrong with it, it is built again from the records.
    index.close();
    return undefined;
  } finally {
    await file?.close();
  }
}

async function fill(index: ScanIndex, file: SnapshotFile, tag: string): Promise<void> {
  const { options, stride, order } = index.rows;
  check((await file.read(MAGIC.length)).toString('latin1') === MAGIC);
  check((await file.readUint32()) === FORMAT_VERSION);
  const header = (await file.readJson()) as SnapshotHeader;
  check(header.tag === tag && header.dims === options.dims);
  const ids: RowId[] = [];
  for (let block = 0; block < header.blocks; block += 1)
    await addBlock(index, await readBlock(file, stride), ids);
  const numbers = new Uint32Array((await file.readAligned(header.rows * 4)).buffer);
  const { checksum } = file;
  check((await file.readUint32()) === checksum && ids.length === header.rows && file.isAtEnd);
  order.lay(numbers.map((number) => ids[number] ?? 0));
}

interface Block {
  readonly meta: BlockMeta;
  readonly attributes: readonly Record<string, AttributeValue>[];
  readonly vector: (row: number) => StoredVector;
}

async function readBlock(file: SnapshotFile, stride: number): Promise<Block> {
  const meta = (await file.readJson()) as BlockMeta;
  const rows = meta.keys.length;
  const coarse = new Int8Array((await file.readAligned(rows * stride)).buffer);
  const residual = new Int8Array((await file.readAligned(rows * stride)).buffer);
  const norms = new Float32Array((await file.readAligned(rows * 4)).buffer);
  const slacks = new Float32Array((await file.readAligned(rows * 4)).buffer);
  const attributes = meta.keys.map((): Record<string, AttributeValue> => ({}));
  for (const { name, rows: places, values } of meta.fields)
    for (const [i, place] of places.entries()) {
      const value = values[i];
      const ofRow = attributes[place];
      if (value !== undefined && value !== null && ofRow !== undefined)
        Object.defineProperty(ofRow, name, { value, enumerable: true });
    }
  const vector = (row: number): StoredVector => ({
    coarse: coarse.subarray(row * stride, (row + 1) * stride),
    residual: residual.subarray(row * stride, (row + 1) * stride),
    inverseNorm: norms[row] ?? 0,
    slack: slacks[row] ?? 0,
  });
  return { meta, attributes, vector };
}

async function addBlock(
  index: ScanIndex,
  { meta, attributes, vector }: Block,
  ids: RowId[],
): Promise<void> {
  const { table } = index.rows;
  for (const [row, key] of meta.keys.entries()) {
    const plan = {
      key,
      group: meta.groups[row] ?? '',
      category: meta.category,
      attributes: attributes[row] ?? {},
      revision: meta.revisions[row] ?? 0,
    };
    ids.push(table.add(plan, (chunk, place) => chunk.restoreVector(place, vector(row))));
    if (row % SLICE_ROWS === SLICE_ROWS - 1) await setImmediate();
  }
}

/** Reads a file from its start, and sums it up as it goes. */
class SnapshotFile {
  readonly #file: FileHandle;
  #left: number;
  checksum = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#left = size;
  }

  get isAtEnd(): boolean {
    return this.#left === 0;
  }

  async read(length: number): Promise<Buffer> {
    const bytes = await this.readAligned(length);
    return Buffer.from(bytes.buffer);
  }

  /** Bytes that begin a buffer of their own, so that numbers can be read in place. */
  async readAligned(length: number): Promise<Uint8Array<ArrayBuffer>> {
    check(length <= this.#left);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.#file.read(bytes, done, length - done);
      check(bytesRead > 0);
      done += bytesRead;
    }
    this.#left -= length;
    this.checksum = continueChecksum(this.checksum, bytes);
    return bytes;
  }

  async readUint32(): Promise<number> {
    return (await this.read(CHECKSUM_BYTES)).readUInt32LE();
  }

  async readJson(): Promise<unknown> {
    const length = await this.readUint32();
    return JSON.parse((await this.read(length)).toString());
  }
}

function check(isSound: boolean): void {
  if (!isSound) throw new Error('the snapshot is damaged, or of something else');
}
