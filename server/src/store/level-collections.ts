import type { Damage } from './damage.ts';
import type { LevelHandle } from './level-handle.ts';
import { COLLECTION_PREFIX, prefixRange, statisticsKey } from './level-keys.ts';
import type { CollectionRecord, CollectionStatistics } from './record-store.ts';
import { unseal } from './seal.ts';
import { recount } from './stored-records.ts';

/** The collections and their statistics, as they are read when the store is opened. */
export interface LoadedCollections {
  readonly collections: Map<string, CollectionRecord>;
  readonly statistics: Map<string, CollectionStatistics>;
  readonly damage: readonly Damage[];
}

/** Reads every collection's row and statistics. Unreadable statistics are made anew from the rows. */
export async function loadCollections(level: LevelHandle): Promise<LoadedCollections> {
  const collections = new Map<string, CollectionRecord>();
  const statistics = new Map<string, CollectionStatistics>();
  const damage: Damage[] = [];
  for await (const [key, value] of level.iterator(prefixRange(COLLECTION_PREFIX))) {
    const id = key.toString('latin1', COLLECTION_PREFIX.length);
    const record = readJson(key, value) as CollectionRecord | undefined;
    if (record === undefined) {
      damage.push(collectionDamage(id, `the settings of collection ${id} are damaged`));
      continue;
    }
    collections.set(id, record);
    const stored = await readStatistics(level, id);
    if (stored === undefined) {
      damage.push(collectionDamage(id, `the statistics of collection ${id} are damaged`));
    }
    statistics.set(id, stored ?? (await recount(level, id)).statistics);
  }
  return { collections, statistics, damage };
}

function readJson(key: Buffer, value: Buffer): unknown {
  const body = unseal(key, value);
  return body === undefined ? undefined : JSON.parse(Buffer.from(body).toString());
}

async function readStatistics(
  level: LevelHandle,
  id: string,
): Promise<CollectionStatistics | undefined> {
  const key = statisticsKey(id);
  const value = await level.get(key);
  if (value === undefined) return undefined;
  return readJson(key, value) as CollectionStatistics | undefined;
}

function collectionDamage(collectionId: string, detail: string): Damage {
  return { kind: 'collection', detail, collectionId };
}
