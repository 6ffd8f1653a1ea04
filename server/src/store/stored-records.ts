import type { StoredState } from './image-batch.ts';
import type { LevelHandle } from './level-handle.ts';
import { countImages } from './level-images.ts';
import { countReferences } from './level-references.ts';
import { countRecord, type CountedRecord } from './opened-record.ts';
import type { CollectionStatistics } from './record-store.ts';
import { NO_STATISTICS, StatisticsTally } from './statistics.ts';

/** Records read at once before a batch. */
const READ_ROWS = 512;

/** The key of a record, and the collection it is in. */
export interface RecordAddress {
  readonly id: string;
  readonly key: Buffer;
}

/** Statistics made anew, and what else must go with the damaged records. */
export interface Recount {
  readonly statistics: CollectionStatistics;
  readonly leftovers: readonly Buffer[];
}

/**
 * Reads what a batch is about to change.
 *
 * What a damaged record added to its collection's digests cannot be known, so the statistics of that
 * collection are made anew from what is whole, and the damaged record counts as absent.
 */
export async function readStoredState(
  level: LevelHandle,
  addresses: readonly RecordAddress[],
  statistics: ReadonlyMap<string, CollectionStatistics>,
): Promise<StoredState> {
  const records = new Map<string, CountedRecord>();
  const damaged = new Map<string, Set<string>>();
  for (let start = 0; start < addresses.length; start += READ_ROWS) {
    const part = addresses.slice(start, start + READ_ROWS);
    const values = await level.getMany(part.map(({ key }) => key));
    for (const [index, { id, key }] of part.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      const record = countRecord(id, key, value);
      if (record === undefined) addTo(damaged, id, key);
      else records.set(key.toString('latin1'), record);
    }
  }
  const recounts = new Map<string, Recount>();
  for (const [id, keys] of damaged) recounts.set(id, await recount(level, id, keys));
  return {
    record: (key) => records.get(key.toString('latin1')),
    tally: (id) => {
      const before = statistics.get(id);
      const tally = new StatisticsTally(recounts.get(id)?.statistics ?? before);
      tally.noteRevision((before ?? NO_STATISTICS).lastRevision);
      return tally;
    },
    leftovers: [...recounts.values()].flatMap(({ leftovers }) => leftovers),
  };
}

/** Counts the records that are whole and all references but those of the records that are left out. */
export async function recount(
  level: LevelHandle,
  id: string,
  leftOut: ReadonlySet<string> = new Set(),
): Promise<Recount> {
  const counted = await countImages(level, id);
  const { digest, leftovers } = await countReferences(level, id, leftOut);
  return { statistics: { ...counted, references: digest }, leftovers };
}

function addTo(sets: Map<string, Set<string>>, id: string, key: Buffer): void {
  const keys = sets.get(id) ?? new Set();
  keys.add(key.toString('latin1'));
  sets.set(id, keys);
}
