import type { StoredState } from './image-batch.ts';
import { countImages } from './level-contents.ts';
import type { LevelHandle } from './level-handle.ts';
import type { CollectionStatistics } from './record-store.ts';
import { unseal } from './seal.ts';
import { NO_STATISTICS, StatisticsTally, type OpenedRecord } from './statistics.ts';

/** Records read at once before a batch. */
const READ_ROWS = 512;

/** The key of a record, and the collection it is in. */
export interface RecordAddress {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Reads what a batch is about to change.
 *
 * What a damaged record added to its collection's digest cannot be known, so the statistics of that
 * collection are made anew from its whole records, and the damaged one counts as absent.
 */
export async function readStoredState(
  level: LevelHandle,
  addresses: readonly RecordAddress[],
  statistics: ReadonlyMap<string, CollectionStatistics>,
): Promise<StoredState> {
  const records = new Map<string, OpenedRecord>();
  const recounted = new Map<string, CollectionStatistics>();
  for (let start = 0; start < addresses.length; start += READ_ROWS) {
    const part = addresses.slice(start, start + READ_ROWS);
    const values = await level.getMany(part.map(({ key }) => key));
    for (const [index, { id, key }] of part.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      const body = unseal(key, value);
      if (body !== undefined) records.set(key.toString('latin1'), { value, body });
      else if (!recounted.has(id)) recounted.set(id, await recount(level, id, statistics));
    }
  }
  return {
    record: (key) => records.get(key.toString('latin1')),
    tally: (id) => new StatisticsTally(recounted.get(id) ?? statistics.get(id)),
  };
}

async function recount(
  level: LevelHandle,
  id: string,
  statistics: ReadonlyMap<string, CollectionStatistics>,
): Promise<CollectionStatistics> {
  const { lastRevision } = statistics.get(id) ?? NO_STATISTICS;
  const counted = await countImages(level, id);
  return { ...counted, lastRevision: Math.max(lastRevision, counted.lastRevision) };
}
