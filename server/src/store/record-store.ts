import type { Damage } from './damage.ts';
import type { ImageKey } from './image-key.ts';
import type { ImageRecord, NewImageRecord } from './image-record.ts';

/** A collection as it is stored. What its settings mean is not the store's business. */
export interface CollectionRecord {
  /** Of `[0-9a-z]`, never used again. */
  readonly id: string;
  /** `clearing` and `deleting` are finished at the next start if a crash comes between. */
  readonly state: 'ready' | 'clearing' | 'deleting';
  readonly createdMs: number;
  /** When its settings changed, or it was cleared; absent where neither ever did. */
  readonly updatedMs?: number;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** What a collection holds, kept up to date by the batch that changes it. */
export interface CollectionStatistics {
  readonly images: number;
  /** Bytes of records, and of the pictures they keep. */
  readonly storedBytes: number;
  /** Order-independent digest of the records, lower-case hex: equal digests, equal sets. */
  readonly digest: string;
  /** The same of the rows that say which records keep which objects. */
  readonly references: string;
  /** The revision of the newest write. */
  readonly lastRevision: number;
}

export type ImageChange =
  | { readonly kind: 'put'; readonly image: NewImageRecord }
  | { readonly kind: 'remove'; readonly key: ImageKey };

/** What one change did. */
export interface ChangeOutcome {
  /** The number of this write. */
  readonly revision: number;
  /** What was there before. */
  readonly previous?: { readonly objectHash?: string };
}

export interface WriteResult {
  /** In the order of the changes. */
  readonly outcomes: readonly ChangeOutcome[];
  readonly statistics: CollectionStatistics;
}

/** One step of a scan. */
export type ScannedImage =
  | { readonly kind: 'image'; readonly record: ImageRecord }
  | { readonly kind: 'damage'; readonly damage: Damage };

/**
 * Where collections and image records live: the only source of truth.
 *
 * Every implementation passes `test/contract/record-store.contract.ts`; read that for the exact
 * behaviour. A write resolves only when it would survive a crash, is wholly there or wholly absent
 * after one, and writes resolve in the order in which they took effect. After a write failed, every
 * later one throws {@link StoreFailedError} until {@link reopen}, and reads go on with what was
 * acknowledged. A damaged record is never returned: it is named in a {@link Damage}.
 */
export interface RecordStore {
  /** Whether a write failed and {@link reopen} must come before the next. */
  readonly failed: boolean;
  /** What was found damaged when the store was opened. */
  readonly damage: readonly Damage[];

  collections(): Promise<readonly CollectionRecord[]>;
  /** Adds the collection, or replaces the one with the same id; its images stay. */
  putCollection(collection: CollectionRecord): Promise<void>;
  /** Removes the collection's row and statistics. Its images must have been cleared. */
  deleteCollection(id: string): Promise<void>;
  /** Removes all images, in pieces: say so in the collection's state first, for a crash in between. */
  clearImages(id: string): Promise<void>;

  /** Zeros for a collection without images. */
  statistics(id: string): Promise<CollectionStatistics>;
  /** Applies all changes in one synced step. Concurrent calls share a sync. */
  write(id: string, changes: readonly ImageChange[]): Promise<WriteResult>;
  /** Throws {@link DamagedRecordError}; a missing record is not an error. */
  get(id: string, key: ImageKey): Promise<ImageRecord | undefined>;
  /** The records in the order of the keys. */
  getMany(id: string, keys: readonly ImageKey[]): Promise<readonly (ScannedImage | undefined)[]>;
  /**
   * Every image in key order, as of one moment, each checked; at the end, damage if count or digest
   * of the whole set are not the statistics' of that moment.
   *
   * @param options.isLookedUp each is also read by its key, as {@link get} does, which may find damage
   *   that a scan does not meet
   */
  scan(id: string, options?: { readonly isLookedUp: boolean }): AsyncIterable<ScannedImage>;

  /** Whether any record keeps this object. */
  isReferenced(objectHash: string): Promise<boolean>;
  /** Checks what {@link isReferenced} relies on. Nothing may be removed by it while this finds damage. */
  checkReferences(): Promise<readonly Damage[]>;
  /** Checks what belongs to no collection, and the store's own files. */
  checkRest(): Promise<readonly Damage[]>;

  /** Whether {@link purge} has work to do. */
  readonly hasErased: boolean;
  /**
   * Removes from the disk what is left there of images that were removed. Writes go on meanwhile. Resolves to
   * whether that was done: not while a scan keeps what it may still read, nor once `signal` aborts.
   */
  purge(signal?: AbortSignal): Promise<boolean>;

  /** Closes and opens again after a failed write. What was not acknowledged may be there or not. */
  reopen(): Promise<void>;
  /** Ends what is under way and releases everything. Every later call rejects. */
  close(): Promise<void>;
}

/** A record is there, but is not what was written. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError';
  readonly code = 'DamagedRecord';
  readonly damage: Damage;

  constructor(damage: Damage) {
    super(damage.detail);
    this.damage = damage;
  }
}

/** A write or sync failed, now or earlier: nothing more is acknowledged until the store was reopened. */
export class StoreFailedError extends Error {
  override readonly name = 'StoreFailedError';
  readonly code = 'StoreFailed';

  constructor(cause: unknown) {
    super('the record store could not write; it must be reopened first', { cause });
  }
}

/** Another process has the folder open. */
export class StoreLockedError extends Error {
  override readonly name = 'StoreLockedError';
  readonly code = 'StoreLocked';

  constructor(folder: string, cause: unknown) {
    super(`another Likeness uses the folder ${folder}: stop it first, or choose another folder`, {
      cause,
    });
  }
}

/** The folder's own files are damaged, or cannot be read or written. */
export class StoreUnreadableError extends Error {
  override readonly name = 'StoreUnreadableError';
  readonly code = 'StoreUnreadable';
  /** What LevelDB says. */
  readonly reason: string;

  constructor(folder: string, cause: unknown) {
    const told = (cause as { readonly cause?: { readonly message?: string } }).cause?.message;
    const reason = told ?? String(cause);
    super(
      `the records in ${folder} cannot be opened (${reason}): copy the folder before all else`,
      {
        cause,
      },
    );
    this.reason = reason;
  }
}

/** The disk fails to read, or to write what a store needs to open. The files are whole, as far as they were looked at. */
export class DiskFailureError extends Error {
  override readonly name = 'DiskFailureError';
  readonly code = 'DiskFailure';

  constructor(folder: string, cause: unknown) {
    let first = cause;
    while (first instanceof Error && first.cause !== undefined) first = first.cause;
    const { message } = first as Error;
    super(
      `the disk fails in ${folder} (${message}): see dmesg and smartctl. Nothing was changed there`,
      { cause },
    );
  }
}
