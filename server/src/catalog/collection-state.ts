import { ApiError } from '@likeness/shared/errors';

import type { CollectionRecord, CollectionStatistics } from '../store/record-store.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
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
  status: CollectionInfo['status'];
  /** Pictures that writes under way may add. */
  reserved = 0;

  constructor(options: {
    readonly record: CollectionRecord;
    readonly statistics: CollectionStatistics;
    readonly index: VectorIndex;
    readonly status: CollectionInfo['status'];
  }) {
    this.id = options.record.id;
    this.createdMs = options.record.createdMs;
    this.settings = readSettings(options.record);
    this.statistics = options.statistics;
    this.index = options.index;
    this.status = options.status;
  }

  info(): CollectionInfo {
    const { id, createdMs, status, settings, statistics } = this;
    const { images, storedBytes } = statistics;
    return { ...settings, id, createdMs, status, images, storedBytes };
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

/** Only what {@link recordOf} wrote is read here: the store checked it. */
function readSettings(record: CollectionRecord): CollectionSettings {
  return record.settings as unknown as CollectionSettings;
}
