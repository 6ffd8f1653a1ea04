import type { TextBytes } from '../memory/packed-texts.ts';
import type { LoadJob } from '../scan/scan-job.ts';
import type { ScanPool } from '../scan/scan-pool.ts';

import { check, type SectionPlace } from './snapshot-directory.ts';
import type { SectionNumber, TextsMeta } from './snapshot-format.ts';

/** An open snapshot. */
export interface OpenSnapshot {
  readonly pool: ScanPool;
  readonly fd: number;
  readonly sections: readonly SectionPlace[];
}

/** Gathers sections of a snapshot that one worker is then to read into shared memory. What is wanted is there when it was read. */
export class SectionReader {
  readonly #snapshot: OpenSnapshot;
  readonly #wanted: LoadJob['sections'][number][] = [];

  constructor(snapshot: OpenSnapshot) {
    this.#snapshot = snapshot;
  }

  /** Into memory that is as long. */
  wantInto(number: SectionNumber, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
    const section = this.#snapshot.sections[number];
    check(section?.bytes === byteLength);
    if (section === undefined || byteLength === 0) return;
    const to = new Uint8Array(buffer, byteOffset, byteLength);
    this.#wanted.push({ from: section.from, checksum: section.checksum, to });
  }

  /** In memory of its own. */
  want(number: SectionNumber): SharedArrayBuffer {
    const buffer = new SharedArrayBuffer(this.#snapshot.sections[number]?.bytes ?? 0);
    this.wantInto(number, new Uint8Array(buffer));
    return buffer;
  }

  wantTexts({ ends, bytes }: TextsMeta): TextBytes {
    return { ends: new Uint32Array(this.want(ends)), bytes: new Uint8Array(this.want(bytes)) };
  }

  /** @throws Error if a section is not what was saved. */
  async read(): Promise<void> {
    const { pool, fd } = this.#snapshot;
    await pool.run({ kind: 'load', fd, sections: this.#wanted }, 1);
  }
}
