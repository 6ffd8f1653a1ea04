import { ApiError } from '@likeness/shared/errors';

import { inTurns } from '../store/in-turns.ts';
import type { CollectionRecord, CollectionStatistics } from '../store/record-store.ts';
import type { IndexRow, VectorIndex } from '../vectors/vector-index.ts';
import type { CollectionInfo, CollectionSettings } from './catalog.ts';
import { KeyedLock } from './keyed-lock.ts';

/** Rows removed from the index in one turn of the event loop: a millisecond or two. */
const SLICE_ROWS = 200;

/** What is in memory of one collection. */
export class CollectionState {
  readonly id: string;
  readonly createdMs: number;
  /** Held by key while a picture's record and its row in the index change. */
  readonly locks = new KeyedLock();
  /** Held while the settings change or the collection is emptied. */
  readonly settingsLock = new KeyedLock();
  settings: CollectionSettings;
  /** When the settings changed, or the collection was cleared; when it was created at first. */
  updatedMs: number;
  /** As of the last acknowledged write. */
  statistics: CollectionStatistics;
  index: VectorIndex;
  /** Keys of the pictures whose vectors another pack made: they are in the records and not in the index. */
  unembedded: Set<string>;
  status: CollectionInfo['status'];
  /** Removals of many rows that are under way. */
  readonly #removals = new Set<Promise<void>>();
  /** Pictures that writes under way may add. */
  reserved = 0;

  constructor(options: {
    readonly record: CollectionRecord;
    readonly statistics: CollectionStatistics;
    readonly index: VectorIndex;
    readonly unembedded?: Set<string>;
    readonly status: CollectionInfo['status'];
  }) {
    this.id = options.record.id;
    this.createdMs = options.record.createdMs;
    this.updatedMs = options.record.updatedMs ?? options.record.createdMs;
    this.settings = readSettings(options.record);
    this.statistics = options.statistics;
    this.index = options.index;
    this.unembedded = options.unembedded ?? new Set();
    this.status = options.status;
  }

  info(): CollectionInfo {
    const { id, createdMs, updatedMs, status, settings, statistics } = this;
    const { images, storedBytes } = statistics;
    const unembedded = this.unembedded.size;
    return { ...settings, id, createdMs, updatedMs, status, images, storedBytes, unembedded };
  }

  /** Adds the row, or replaces the one with the same key. */
  putRow(row: IndexRow): void {
    this.index.put(row);
    this.unembedded.delete(row.key);
  }

  removeRow(key: string): void {
    this.index.remove(key);
    this.unembedded.delete(key);
  }

  /** Removes many rows in slices, so that other work gets its turn. The first slice goes at once. */
  async removeRows(keys: readonly string[]): Promise<void> {
    const work = this.#removeSlices(keys);
    if (keys.length > SLICE_ROWS) this.#removals.add(work);
    await work.finally(() => this.#removals.delete(work));
  }

  /**
   * Resolves when every row that was being removed at the call is gone. Until then the index names rows whose
   * records are gone.
   */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  async #removeSlices(keys: readonly string[]): Promise<void> {
    for await (const piece of inTurns(keys, SLICE_ROWS)) {
      for (const key of piece) this.removeRow(key);
    }
  }

  clearRows(): void {
    this.index.clear();
    this.unembedded.clear();
  }

  /** Throws `InstanceStatusError` while the collection can neither be searched nor changed. */
  requireReady(): void {
    if (this.status !== 'ready') throw new ApiError('InstanceStatusError');
  }
}

/** The collection as it is stored. */
export function recordOf(
  state: Pick<CollectionState, 'id' | 'createdMs' | 'updatedMs' | 'settings'>,
  stored: CollectionRecord['state'],
): CollectionRecord {
  const { id, createdMs, updatedMs, settings } = state;
  return { id, createdMs, updatedMs, state: stored, settings: { ...settings } };
}

/** Settings that came after a collection was stored. */
const LATER_SETTINGS: Pick<CollectionSettings, 'addQps' | 'deleteQps' | 'description'> = {
  addQps: 0,
  deleteQps: 0,
  description: '',
};

/** Only what {@link recordOf} wrote is read here: the store checked it. */
function readSettings(record: CollectionRecord): CollectionSettings {
  return { ...LATER_SETTINGS, ...(record.settings as unknown as CollectionSettings) };
}
