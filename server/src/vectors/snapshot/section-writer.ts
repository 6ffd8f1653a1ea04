import type { FileHandle } from 'node:fs/promises';

import {
  continueChecksum,
  FORMAT_VERSION,
  MAGIC,
  type SectionNumber,
  type SectionSum,
  type SnapshotDirectory,
} from './snapshot-format.ts';

/** Bytes written, and summed up, before other work gets its turn. */
const PIECE_BYTES = 1024 * 1024;

/** Writes a snapshot: the head, sections one after the other, and their directory behind them. */
export class SectionWriter {
  readonly #file: FileHandle;
  readonly #sums: SectionSum[] = [];

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async begin(): Promise<void> {
    await this.#write(Buffer.concat([Buffer.from(MAGIC), uint32(FORMAT_VERSION)]));
  }

  async add({ buffer, byteOffset, byteLength }: ArrayBufferView): Promise<SectionNumber> {
    const checksum = await this.#write(new Uint8Array(buffer, byteOffset, byteLength));
    return this.#sums.push([byteLength, checksum]) - 1;
  }

  async addJson(value: unknown): Promise<SectionNumber> {
    return this.add(Buffer.from(JSON.stringify(value)));
  }

  async end(content: Omit<SnapshotDirectory, 'sections'>): Promise<void> {
    const directory: SnapshotDirectory = { ...content, sections: this.#sums };
    const bytes = Buffer.from(JSON.stringify(directory));
    const checksum = await this.#write(bytes);
    await this.#write(Buffer.concat([uint32(bytes.length), uint32(checksum)]));
  }

  /** Answers the checksum of the bytes. */
  async #write(bytes: Uint8Array): Promise<number> {
    let checksum = 0;
    for (let done = 0; done < bytes.length;) {
      const piece = bytes.subarray(done, done + PIECE_BYTES);
      const { bytesWritten } = await this.#file.write(piece);
      checksum = continueChecksum(checksum, piece.subarray(0, bytesWritten));
      done += bytesWritten;
    }
    return checksum;
  }
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
