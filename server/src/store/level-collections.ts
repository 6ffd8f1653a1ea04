import type { Damage } from './damage.ts';
import type { LevelHandle } from './level-handle.ts';
import {
  afterCollectionOf,
  COLLECTION_PREFIX,
  idOfImage,
  idOfRow,
  IMAGE_PREFIX,
  prefixRange,
  STATISTICS_PREFIX,
  statisticsKey,
} from './level-keys.ts';
import { isDiskFailure, isOutage } from './level-outage.ts';
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
  const rows = new Set<string>();
  for await (const [key, value] of readable(level, COLLECTION_PREFIX, damage)) {
    const id = idOfRow(key);
    rows.add(id);
    const record = readJson(key, value) as CollectionRecord | undefined;
    if (record === undefined) {
      damage.push(settingsDamage(id, 'damaged'));
      continue;
    }
    collections.set(id, record);
    const stored = await readStatistics(level, id);
    if (stored === undefined) {
      const detail = `the statistics of collection ${id} are damaged`;
      damage.push({ kind: 'collection', name: `${id}: statistics`, detail, collectionId: id });
    }
    statistics.set(id, stored ?? (await recount(level, id)).statistics);
  }
  for (const id of await idsInUse(level, damage)) {
    if (!rows.has(id)) damage.push(settingsDamage(id, 'missing'));
  }
  return { collections, statistics, damage };
}

/** Collections that statistics or records tell of. */
async function idsInUse(level: LevelHandle, damage: Damage[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const [key] of readable(level, STATISTICS_PREFIX, damage)) ids.add(idOfRow(key));
  try {
    for await (const id of collectionsOfImages(level)) ids.add(id);
  } catch (error) {
    noteUnreadable(level, error, damage);
  }
  return ids;
}

/** The collections that there are records of: one key of each is read. */
export async function* collectionsOfImages(level: LevelHandle): AsyncGenerator<string> {
  const keys = level.keys(prefixRange(IMAGE_PREFIX));
  try {
    for (let key = await keys.next(); key !== undefined; key = await keys.next()) {
      yield idOfImage(key);
      keys.seek(afterCollectionOf(key));
    }
  } finally {
    await keys.close();
  }
}

/** The rows of a kind, as far as LevelDB can read them; damage is told where it cannot. */
async function* readable(
  level: LevelHandle,
  prefix: Buffer,
  damage: Damage[],
): AsyncGenerator<readonly [Buffer, Buffer]> {
  const iterator = level.iterator(prefixRange(prefix));
  try {
    for (let row = await iterator.next(); row !== undefined; row = await iterator.next()) yield row;
  } catch (error) {
    noteUnreadable(level, error, damage);
  } finally {
    await iterator.close();
  }
}

/** Throws what says nothing about the files. */
function noteUnreadable(level: LevelHandle, error: unknown, damage: Damage[]): void {
  refuseFailing(level, error);
  const detail = `rows of the record store cannot be read: ${(error as Error).message}`;
  damage.push({ kind: 'store', name: 'unreadable rows', detail });
}

/** Throws the error of a disk that fails, or of a store that is no longer open: the rows may all be there. */
function refuseFailing(level: LevelHandle, error: unknown): undefined {
  if (level.status !== 'open' || isOutage(error) || isDiskFailure(error)) throw error;
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
  const value = await level.get(key).catch((error: unknown) => refuseFailing(level, error));
  if (value === undefined) return undefined;
  return readJson(key, value) as CollectionStatistics | undefined;
}

function settingsDamage(id: string, state: 'damaged' | 'missing'): Damage {
  const detail = `the settings of collection ${id} are ${state}`;
  return { kind: 'collection', name: `${id}: settings`, detail, collectionId: id };
}
