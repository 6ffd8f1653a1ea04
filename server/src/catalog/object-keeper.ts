import { createHash } from 'node:crypto';

import type { ObjectStore } from '../store/object-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { ThumbnailKeeper } from './thumbnail-keeper.ts';

export interface ObjectKeeperOptions {
  readonly objects: ObjectStore;
  readonly records: RecordStore;
  /** They go with their pictures. */
  readonly thumbnails: Pick<ThumbnailKeeper, 'remove' | 'hashes'>;
  /** Whether damage was found: what is referred to is not known for sure, and nothing is removed. */
  readonly isDoubtful: () => boolean;
}

/**
 * Keeps pictures' bytes as long as a record refers to them.
 *
 * An object is stored before the record that refers to it and removed after the last such record:
 * by {@link sweep}, at most one maintenance interval later, or by {@link sweepAll} at the next start.
 */
export class ObjectKeeper {
  readonly #objects: ObjectStore;
  readonly #records: RecordStore;
  readonly #thumbnails: ObjectKeeperOptions['thumbnails'];
  readonly #isDoubtful: () => boolean;
  /** Orders a put and a removal of the same object. */
  readonly #locks = new KeyedLock();
  /** How many writes under way are about to refer to an object. */
  readonly #pins = new Map<string, number>();
  #candidates = new Set<string>();

  constructor({ objects, records, thumbnails, isDoubtful }: ObjectKeeperOptions) {
    this.#objects = objects;
    this.#records = records;
    this.#thumbnails = thumbnails;
    this.#isDoubtful = isDoubtful;
  }

  /** Stores the picture, then runs `task`, which may write a record that refers to it. */
  async keep<Result>(
    picture: Uint8Array,
    task: (hash: string) => Promise<Result>,
  ): Promise<Result> {
    const hash = createHash('sha256').update(picture).digest('hex');
    this.#pins.set(hash, (this.#pins.get(hash) ?? 0) + 1);
    try {
      await this.#locks.run([hash], () => this.#objects.put(hash, picture));
      return await task(hash);
    } catch (error) {
      this.release(hash);
      throw error;
    } finally {
      this.#unpin(hash);
    }
  }

  /** Says that a record no longer refers to the object; others may. */
  release(hash: string): void {
    this.#candidates.add(hash);
  }

  /** Removes what was released and is referred to no more. Resolves to how many objects went. */
  async sweep(): Promise<number> {
    if (this.#isDoubtful()) return 0;
    const candidates = this.#candidates;
    this.#candidates = new Set();
    let removed = 0;
    for (const hash of candidates) if (await this.#removeUnreferenced(hash)) removed += 1;
    return removed;
  }

  /** The same over every object there is, for those that a crash left. */
  async sweepAll(): Promise<number> {
    if (this.#isDoubtful()) return 0;
    let removed = 0;
    for await (const hash of this.#objects.list()) {
      if (await this.#removeUnreferenced(hash)) removed += 1;
    }
    // A thumbnail that was made while its picture went is left by a crash alone.
    for await (const hash of this.#thumbnails.hashes()) await this.#removeUnreferenced(hash);
    return removed;
  }

  #removeUnreferenced(hash: string): Promise<boolean> {
    return this.#locks.run([hash], async () => {
      // A write that stored the object before us holds a pin; one that comes now waits for the lock,
      // then stores it again. While the store is to be reopened, or is
      // damaged, what refers to what is not known.
      if (this.#pins.has(hash) || this.#records.failed || this.#isDoubtful()) {
        this.#candidates.add(hash);
        return false;
      }
      if (await this.#records.isReferenced(hash)) return false;
      // Before the object: were it gone, nothing would tell of them after a crash.
      await this.#thumbnails.remove(hash);
      return this.#objects.delete(hash);
    });
  }

  #unpin(hash: string): void {
    const pins = (this.#pins.get(hash) ?? 1) - 1;
    if (pins === 0) this.#pins.delete(hash);
    else this.#pins.set(hash, pins);
  }
}
