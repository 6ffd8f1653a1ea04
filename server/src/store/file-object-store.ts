import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { type Disk, replaceFile } from '../disk/disk.ts';
import { DamagedObjectError, type ObjectStore } from './object-store.ts';

/** Where files are written before they get their name; swept at every start. */
const TEMPORARY = 'temporary';
const HASH = /^[0-9a-f]{64}$/u;
const FOLDER = /^[0-9a-f]{2}$/u;

export interface FileObjectStoreOptions {
  readonly folder: string;
  readonly disk: Disk;
  /** A name that no other write under way has. */
  readonly createName: () => string;
}

/** An {@link ObjectStore} of files: `ab/<sha256>`, each written elsewhere, synced, then renamed. */
export class FileObjectStore implements ObjectStore {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #createName: () => string;

  private constructor({ folder, disk, createName }: FileObjectStoreOptions) {
    this.#folder = folder;
    this.#disk = disk;
    this.#createName = createName;
  }

  /** Makes the folder if it is new, and removes what a crash left half written. */
  static async open(options: FileObjectStoreOptions): Promise<FileObjectStore> {
    const temporary = join(options.folder, TEMPORARY);
    await options.disk.makeFolder(temporary);
    for (const name of await options.disk.list(temporary)) {
      await options.disk.remove(join(temporary, name));
    }
    return new FileObjectStore(options);
  }

  async put(hash: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(hash);
    const folder = join(this.#folder, hash.slice(0, 2));
    const present = await this.#disk.read(path);
    // Another put may have renamed the file and not yet made that last.
    if (present !== undefined && hashOf(present) === hash) return this.#disk.syncFolder(folder);
    await this.#disk.makeFolder(folder);
    const temporary = join(this.#folder, TEMPORARY, this.#createName());
    try {
      await replaceFile(this.#disk, { path, temporary }, bytes);
    } catch (error) {
      // Where the name could not be made to last, a later put must not find it and think it did.
      await this.#disk.remove(path).catch(() => false);
      throw error;
    }
  }

  async has(hash: string): Promise<boolean> {
    return (await this.#disk.size(this.#path(hash))) !== undefined;
  }

  async get(hash: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#disk.read(this.#path(hash));
    if (bytes !== undefined && hashOf(bytes) !== hash) throw new DamagedObjectError(hash);
    return bytes;
  }

  /** Takes the object out of the store, as it is. Resolves to whether there was one. */
  async moveTo(hash: string, path: string): Promise<boolean> {
    if (!(await this.has(hash))) return false;
    await this.#disk.rename(this.#path(hash), path);
    return true;
  }

  async delete(hash: string): Promise<boolean> {
    const removed = await this.#disk.remove(this.#path(hash));
    if (removed) await this.#disk.syncFolder(join(this.#folder, hash.slice(0, 2)));
    return removed;
  }

  async *list(): AsyncGenerator<string> {
    for (const folder of await this.#disk.list(this.#folder)) {
      if (!FOLDER.test(folder)) continue;
      for (const name of await this.#disk.list(join(this.#folder, folder))) {
        if (HASH.test(name)) yield name;
      }
    }
  }

  #path(hash: string): string {
    if (!HASH.test(hash)) throw new RangeError('"hash" expected 64 lower-case hex digits');
    return join(this.#folder, hash.slice(0, 2), hash);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
