import { join } from 'node:path';

import { ApiError } from '@likeness/shared/errors';

import type { Disk } from '../disk/disk.ts';
import { SWEEP_INTERVAL_MS, UNUSED_LIFE_MS, USED_LIFE_MS } from './limits.ts';
import type { UploadName } from './upload-address.ts';
import {
  formatFileName,
  formatPartName,
  parseFileName,
  type UploadState,
} from './upload-file-name.ts';
import { UploadRoom } from './upload-room.ts';
import { openUploadWriter, type UploadWriter } from './upload-writer.ts';
import type { UploadPermit } from './upload-tickets.ts';

export interface UploadStoreOptions {
  readonly folder: string;
  readonly disk: Disk;
  /** What all uploads together take at most. */
  readonly maxBytes: number;
  /** Stands before every write: it keeps a reserve of the disk free. */
  readonly guardWrite: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of a failure that no caller waits for. */
  readonly onError: (error: unknown) => void;
}

export interface UploadsLoad {
  readonly objects: number;
  /** Those that arrive are counted as large as they may become. */
  readonly bytes: number;
  /** For want of room, since the start. */
  readonly refused: number;
}

interface StoredUpload extends UploadName, UploadState {
  readonly file: string;
  readonly bytes: number;
}

interface Entry {
  /** Undefined while it arrives, and once it went. */
  stored: StoredUpload | undefined;
  /** What is done to its file, one thing after another. */
  changes: Promise<void>;
}

/**
 * Pictures that clients upload before they name them: files of a folder, each with its hour.
 *
 * What is used goes ten minutes after the first request that used it succeeded, or earlier where others need its
 * room; what is not used goes after an hour. A crash leaves nothing behind: the next start knows every file by its name.
 */
export class UploadStore {
  readonly #options: UploadStoreOptions;
  readonly #entries = new Map<string, Entry>();
  /** Ids of {@link #entries} that were used, the one that goes first first. */
  readonly #used = new Set<string>();
  /** Ids that made room for others, and until when their tickets may hold. */
  readonly #spent = new Map<string, number>();
  readonly #room: UploadRoom;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  private constructor(options: UploadStoreOptions) {
    this.#options = options;
    this.#room = new UploadRoom(options.maxBytes);
  }

  /** Makes the folder if it is new, and removes what did not arrive whole or has had its time. */
  static async open(options: UploadStoreOptions): Promise<UploadStore> {
    const store = new UploadStore(options);
    await store.#takeUpAll();
    await store.sweep();
    store.#timer = setInterval(() => {
      store.#sweeping = store.sweep();
    }, SWEEP_INTERVAL_MS).unref();
    return store;
  }

  get load(): UploadsLoad {
    return { objects: this.#entries.size, ...this.#room.load };
  }

  /**
   * A place for what a ticket allows; every writer is ended by `commit` or `abort`.
   *
   * @throws {ApiError} `FileAlreadyExists` where it was uploaded, or is about to be; `ServiceUnavailable` without
   *   room among uploads, `InsufficientStorage` without room on the disk
   */
  async begin({ name, maxBytes }: UploadPermit): Promise<UploadWriter> {
    const { disk, guardWrite, onError } = this.#options;
    if (this.#entries.has(name.id) || this.#spent.has(name.id)) {
      throw new ApiError('FileAlreadyExists');
    }
    const entry: Entry = { stored: undefined, changes: Promise.resolve() };
    this.#entries.set(name.id, entry);
    try {
      await this.#makeRoom(maxBytes);
      this.#room.take(name.owner, maxBytes);
    } catch (error) {
      this.#entries.delete(name.id);
      throw error;
    }
    return openUploadWriter({
      path: this.#path(formatPartName(name)),
      maxBytes,
      disk,
      guardWrite,
      onError,
      onCommit: async (bytes) => {
        await this.#accept(entry, name, bytes);
        this.#room.free(name.owner, maxBytes - bytes, false);
      },
      onAbort: () => {
        this.#entries.delete(name.id);
        this.#room.free(name.owner, maxBytes, false);
      },
    });
  }

  /** Bytes of an upload that is there; undefined for any other. */
  sizeOf(name: UploadName): number | undefined {
    return this.#find(name)?.stored?.bytes;
  }

  /** The upload, or undefined if it is not there, or its time is over. */
  async read(name: UploadName): Promise<Uint8Array | undefined> {
    for (;;) {
      const entry = this.#find(name);
      await entry?.changes;
      const before = entry?.stored;
      if (entry === undefined || before === undefined) return undefined;
      const bytes = await this.#options.disk.read(this.#path(before.file));
      await entry.changes;
      // Its name may have changed while it was looked for.
      if (bytes !== undefined || entry.stored === before) return bytes;
    }
  }

  /** A request that used it succeeded. Never rejects. */
  async noteUsed(name: UploadName): Promise<void> {
    const entry = this.#find(name);
    if (entry === undefined) return;
    await this.#change(entry, () => this.#renameUsed(entry));
  }

  /** Removes what has had its time. Never rejects. */
  async sweep(): Promise<void> {
    const nowMs = this.#options.now();
    for (const [id, expiresMs] of this.#spent) if (nowMs >= expiresMs) this.#spent.delete(id);
    for (const entry of this.#entries.values()) {
      if (entry.stored !== undefined && isOver(entry.stored, nowMs)) await this.#remove(entry);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  #path(file: string): string {
    return join(this.#options.folder, file);
  }

  #find({ owner, id }: UploadName): Entry | undefined {
    const entry = this.#entries.get(id);
    const isThere = entry?.stored?.owner === owner && !isOver(entry.stored, this.#options.now());
    return isThere ? entry : undefined;
  }

  async #takeUpAll(): Promise<void> {
    const { folder, disk } = this.#options;
    await disk.makeFolder(folder);
    const found: StoredUpload[] = [];
    for (const file of await disk.list(folder)) {
      const named = parseFileName(file);
      const bytes = named === undefined ? undefined : await disk.size(this.#path(file));
      if (named === undefined || bytes === undefined) await disk.remove(this.#path(file));
      else found.push({ ...named, file, bytes });
    }
    for (const stored of found.toSorted((a, b) => a.expiresMs - b.expiresMs)) {
      this.#entries.set(stored.id, { stored, changes: Promise.resolve() });
      this.#room.add(stored.owner, stored.bytes);
      if (stored.isUsed) this.#countUsed(stored);
    }
  }

  async #accept(entry: Entry, name: UploadName, bytes: number): Promise<void> {
    const state = { expiresMs: this.#options.now() + UNUSED_LIFE_MS, isUsed: false };
    const file = formatFileName(name, state);
    await this.#options.disk.rename(this.#path(formatPartName(name)), this.#path(file));
    entry.stored = { ...name, ...state, file, bytes };
  }

  async #renameUsed(entry: Entry): Promise<void> {
    const { stored } = entry;
    if (stored === undefined || stored.isUsed) return;
    const { disk, now } = this.#options;
    const expiresMs = Math.min(stored.expiresMs, now() + USED_LIFE_MS);
    const used = { ...stored, expiresMs, isUsed: true };
    const file = formatFileName(used, used);
    await disk.rename(this.#path(stored.file), this.#path(file));
    entry.stored = { ...used, file };
    this.#countUsed(stored);
  }

  #countUsed({ id, owner, bytes }: StoredUpload): void {
    this.#used.add(id);
    this.#room.noteUsed(owner, bytes);
  }

  /** What was used is kept for clients that ask again, and makes way for others. */
  async #makeRoom(bytes: number): Promise<void> {
    for (const id of this.#used) {
      if (this.#room.missingFor(bytes) === 0) return;
      const entry = this.#entries.get(id);
      if (entry?.stored === undefined) continue;
      this.#spent.set(id, entry.stored.expiresMs);
      await this.#remove(entry);
    }
  }

  /** Never rejects: what could not be removed is tried again by the next sweep. */
  #remove(entry: Entry): Promise<void> {
    return this.#change(entry, async () => {
      const { stored } = entry;
      if (stored === undefined) return;
      await this.#options.disk.remove(this.#path(stored.file));
      entry.stored = undefined;
      this.#entries.delete(stored.id);
      this.#used.delete(stored.id);
      this.#room.free(stored.owner, stored.bytes, stored.isUsed);
    });
  }

  #change(entry: Entry, task: () => Promise<void>): Promise<void> {
    entry.changes = entry.changes.then(task).catch(this.#options.onError);
    return entry.changes;
  }
}

/** A clock that was set back must not keep pictures for longer than they may stay. */
function isOver({ expiresMs }: UploadState, nowMs: number): boolean {
  return nowMs >= expiresMs || expiresMs - nowMs > UNUSED_LIFE_MS;
}
