import { readSync } from 'node:fs';

import type { LoadJob } from '../scan/scan-job.ts';

import { check } from './snapshot-directory.ts';
import { continueChecksum } from './snapshot-format.ts';

/** Bytes read, and summed up while they are in the processor's cache. */
const PIECE_BYTES = 256 * 1024;

/**
 * Reads sections of a file into shared memory, in a worker.
 *
 * @throws Error if one is not what was saved.
 */
export function loadSections({ fd, sections }: LoadJob): void {
  for (const { from, to, checksum } of sections) {
    let sum = 0;
    for (let done = 0; done < to.length;) {
      const piece = to.subarray(done, done + PIECE_BYTES);
      const read = readSync(fd, piece, 0, piece.length, from + done);
      check(read > 0);
      sum = continueChecksum(sum, piece.subarray(0, read));
      done += read;
    }
    check(sum === checksum);
  }
}
