import type { FileHandle } from 'node:fs/promises';

import {
  continueChecksum,
  FORMAT_VERSION,
  HEAD_BYTES,
  MAGIC,
  TAIL_BYTES,
  type SnapshotDirectory,
} from './snapshot-format.ts';

/** Where a section is in its file, and its CRC-32. */
export interface SectionPlace {
  readonly from: number;
  readonly bytes: number;
  readonly checksum: number;
}

/** A file that is not what was saved. */
export class DamagedSnapshotError extends Error {
  constructor() {
    super('the snapshot is damaged, or of something else');
  }
}

/**
 * What a snapshot says of itself; undefined where it is of another version.
 *
 * @throws DamagedSnapshotError if it is not what was saved; its sections are yet to be checked.
 */
export async function readDirectory(file: FileHandle): Promise<SnapshotDirectory | undefined> {
  const { size } = await file.stat();
  check(size >= HEAD_BYTES + TAIL_BYTES);
  const head = await readBytes(file, 0, HEAD_BYTES);
  check(head.toString('latin1', 0, MAGIC.length) === MAGIC);
  if (head.readUInt32LE(MAGIC.length) !== FORMAT_VERSION) return undefined;
  const tail = await readBytes(file, size - TAIL_BYTES, TAIL_BYTES);
  const length = tail.readUInt32LE();
  const from = size - TAIL_BYTES - length;
  check(from >= HEAD_BYTES);
  const bytes = await readBytes(file, from, length);
  check(continueChecksum(0, bytes) === tail.readUInt32LE(4));
  const directory = JSON.parse(bytes.toString()) as SnapshotDirectory;
  const last = placesOf(directory).at(-1);
  check(from === (last === undefined ? HEAD_BYTES : last.from + last.bytes));
  return directory;
}

/** By the number of a section, where it is. */
export function placesOf({ sections }: SnapshotDirectory): readonly SectionPlace[] {
  let end = HEAD_BYTES;
  return sections.map(([bytes, checksum]) => {
    end += bytes;
    return { from: end - bytes, bytes, checksum };
  });
}

/** @throws DamagedSnapshotError if what was read cannot be. */
export function check(isSound: boolean): void {
  if (!isSound) throw new DamagedSnapshotError();
}

async function readBytes(file: FileHandle, from: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
  check(bytesRead === length);
  return buffer;
}
