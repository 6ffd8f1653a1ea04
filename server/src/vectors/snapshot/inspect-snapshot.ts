import { open, type FileHandle } from 'node:fs/promises';

import {
  DamagedSnapshotError,
  placesOf,
  readDirectory,
  type SectionPlace,
} from './snapshot-directory.ts';
import { continueChecksum } from './snapshot-format.ts';

/** Bytes read at once. */
const PIECE_BYTES = 1024 * 1024;

/**
 * The tag that a snapshot was saved with; `damaged` when the file is not what was saved, undefined when
 * there is none. A file of another version has no tag that anyone asks for.
 */
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
    const directory = await readDirectory(file);
    if (directory === undefined) return { tag: '' };
    for (const place of placesOf(directory))
      if ((await sumUp(file, place)) !== place.checksum) return 'damaged';
    return { tag: directory.tag };
  } catch (error) {
    if (error instanceof DamagedSnapshotError) return 'damaged';
    throw error;
  } finally {
    await file.close();
  }
}

async function sumUp(file: FileHandle, { from, bytes }: SectionPlace): Promise<number> {
  const piece = Buffer.alloc(Math.min(bytes, PIECE_BYTES));
  let checksum = 0;
  for (let done = 0; done < bytes;) {
    const length = Math.min(PIECE_BYTES, bytes - done);
    const { bytesRead } = await file.read(piece, 0, length, from + done);
    if (bytesRead === 0) throw new DamagedSnapshotError();
    checksum = continueChecksum(checksum, piece.subarray(0, bytesRead));
    done += bytesRead;
  }
  return checksum;
}
