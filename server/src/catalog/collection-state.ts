import { ApiError } from '@likeness/shared/errors';

import type { CollectionRecord, CollectionStatistics } from '../store/record-store.ts';
import type { IndexRow, VectorIndex } from '../vectors/vector-index.ts';
import type { CollectionInfo, CollectionSettings } from './catalog.ts';
import { KeyedLock } from './keyed-lock.ts';

/** What is in memory of one collection. */
export class CollectionState {
  readonly id: string;
  readonly createdMs: number;
  /** Held by key while a picture's record and its row in the index change. */
  readonly locks = new KeyedLock();
  /** Held while the settings change or the collection is emptied. */
  readonly settingsLock = new KeyedLock();
  settings: CollectionSettings;
  /** As of the last acknowledged write. */
  statistics: CollectionStatistics;
  index: VectorIndex;
  /** Keys of the pictures whose vectors another pack made: they are in the records and not in the index. */
  unembedded: Set<string>;
  status: CollectionInfo['status'];
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
    this.settings = readSettings(options.record);
    this.statistics = options.statistics;
    this.index = options.index;
    this.unembedded = options.unembedded ?? new Set();
    this.status = options.status;
  }

  info(): CollectionInfo {
    const { id, createdMs, status, settings, statistics } = this;
    const { images, storedBytes } = statistics;
    const unembedded = this.unembedded.size;
    return { ...settings, id, createdMs, status, images, storedBytes, unembedded };
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
  state: Pick<CollectionState, 'id' | 'createdMs' | 'settings'>,
  stored: CollectionRecord['state'],
): CollectionRecord {
  const { id, createdMs, settings } = state;
  return { id, createdMs, state: stored, settings: { ...settings } };
}

/** Settings that came after a collection was stored. */
const LATER_SETTINGS: Pick<CollectionSettings, 'addQps' | 'deleteQps'> = {
  addQps: 0,
  deleteQps: 0,
};

/** Only what {@link recordOf} wrote is read here: the store checked it. */
function readSettings(record: CollectionRecord): CollectionSettings {
  return { ...LATER_SETTINGS, ...(record.settings as unknown as CollectionSettings) };
}
