import type { FileHandle } from 'node:fs/promises';

import { CHECKSUM_BYTES, continueChecksum } from './snapshot-format.ts';

/** Bytes read, and summed up, before other work gets its turn. */
const PIECE_BYTES = 1024 * 1024;

/** Reads a file from its start, and sums it up as it goes. */
export class SnapshotFile {
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

  /** Fills an array, which may be shared memory. */
  async readInto(array: Int8Array | Float32Array | Float64Array | Uint32Array): Promise<void> {
    await this.#fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }

  async read(length: number): Promise<Buffer> {
    check(length <= this.#left);
    const bytes = Buffer.alloc(length);
    await this.#fill(bytes);
    return bytes;
  }

  async readUint32(): Promise<number> {
    return (await this.read(CHECKSUM_BYTES)).readUInt32LE();
  }

  async readJson(): Promise<unknown> {
    const length = await this.readUint32();
    return JSON.parse((await this.read(length)).toString());
  }

  async #fill(bytes: Uint8Array): Promise<void> {
    check(bytes.length <= this.#left);
    for (let done = 0; done < bytes.length;) {
      const length = Math.min(PIECE_BYTES, bytes.length - done);
      const { bytesRead } = await this.#file.read(bytes, done, length);
      check(bytesRead > 0);
      this.checksum = continueChecksum(this.checksum, bytes.subarray(done, done + bytesRead));
      done += bytesRead;
    }
    this.#left -= bytes.length;
  }
}

/** @throws Error if what was read cannot be. */
export function check(isSound: boolean): void {
  if (!isSound) throw new Error('the snapshot is damaged, or of something else');
}
