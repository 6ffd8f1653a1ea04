import type { Damage } from './damage.ts';
import type { LevelOperation } from './image-batch.ts';
import type { LevelHandle } from './level-handle.ts';
import {
  COLLECTION_PREFIX,
  imageKeyText,
  imageRange,
  prefixRange,
  readImageKey,
  referenceKey,
  statisticsKey,
} from './level-keys.ts';
import { decodeImageRecord, decodeKeptObject } from './record-format.ts';
import type { CollectionRecord, CollectionStatistics, ScannedImage } from './record-store.ts';
import { unseal } from './seal.ts';
import { StatisticsTally } from './statistics.ts';

/** Rows fetched at once, and at most how many of their bytes. */
const SCAN_ROWS = 256;
const SCAN_BYTES = 4 * 1024 * 1024;
/** Records deleted in one batch when a collection is cleared. */
const CLEARED_ROWS = 1_000;

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
    statistics.set(id, stored ?? (await countImages(level, id)));
  }
  return { collections, statistics, damage };
}

/** Statistics made anew from the records that are whole. */
export async function countImages(level: LevelHandle, id: string): Promise<CollectionStatistics> {
  const tally = new StatisticsTally();
  for await (const [key, value] of level.iterator(imageRange(id))) {
    const body = unseal(key, value);
    if (body === undefined) continue;
    tally.add({ value, body });
    tally.noteRevision(decodeImageRecord(imageKeyText(key), body).revision);
  }
  return tally.read();
}

/** See {@link RecordStore.scan}; `expected` is what the statistics say at the moment of the call, if anything. */
export function scanImages(
  level: LevelHandle,
  id: string,
  expected: CollectionStatistics | undefined,
): AsyncGenerator<ScannedImage> {
  // LevelDB takes the iterator's snapshot here, before the first row is asked for.
  return readImages(imageIterator(level, id), id, expected);
}

function imageIterator(level: LevelHandle, id: string) {
  return level.iterator({ ...imageRange(id), highWaterMarkBytes: SCAN_BYTES });
}

async function* readImages(
  iterator: ReturnType<typeof imageIterator>,
  id: string,
  expected: CollectionStatistics | undefined,
): AsyncGenerator<ScannedImage> {
  const tally = new StatisticsTally();
  let damaged = 0;
  try {
    for (let rows = await iterator.nextv(SCAN_ROWS); rows.length > 0;) {
      for (const [key, value] of rows) {
        const scanned = readImage(id, key, value);
        const body = unseal(key, value);
        if (scanned.kind === 'image' && body !== undefined) tally.add({ value, body });
        else damaged += 1;
        yield scanned;
      }
      rows = await iterator.nextv(SCAN_ROWS);
    }
  } finally {
    await iterator.close();
  }
  if (expected === undefined) return;
  const difference = compareStatistics(expected, tally.read(), damaged);
  if (difference !== undefined) {
    const detail = `collection ${id} is not what was written: ${difference}`;
    yield { kind: 'damage', damage: collectionDamage(id, detail) };
  }
}

/** Deletes the next piece of a collection's records and what they refer to; nothing if none is left. */
export async function findClearance(
  level: LevelHandle,
  id: string,
): Promise<readonly LevelOperation[]> {
  const operations: LevelOperation[] = [];
  const piece = { ...imageRange(id), limit: CLEARED_ROWS };
  for await (const [key, value] of level.iterator(piece)) {
    operations.push({ type: 'del', key });
    const body = unseal(key, value);
    const image = readImageKey(key);
    const kept = body === undefined ? undefined : decodeKeptObject(body);
    if (kept === undefined || image === undefined) continue;
    operations.push({ type: 'del', key: referenceKey(kept.hash, id, image) });
  }
  return operations;
}

/** A record as it was written, or the damage to it. */
export function readImage(id: string, key: Buffer, value: Buffer): ScannedImage {
  const body = unseal(key, value);
  try {
    if (body !== undefined) {
      return { kind: 'image', record: decodeImageRecord(imageKeyText(key), body) };
    }
    return { kind: 'damage', damage: recordDamage(id, key, 'its checksum does not hold') };
  } catch (error) {
    return { kind: 'damage', damage: recordDamage(id, key, (error as Error).message) };
  }
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

/** Damaged rows count as lost from the set; they are named one by one, so that only others are told. */
function compareStatistics(
  expected: CollectionStatistics,
  found: CollectionStatistics,
  damaged: number,
): string | undefined {
  if (found.images === expected.images && found.digest === expected.digest) return undefined;
  if (found.images + damaged === expected.images && damaged > 0) return undefined;
  if (found.images !== expected.images) {
    return `${expected.images} images were written and ${found.images} are there`;
  }
  return `it holds ${found.images} images, but not the ones that were written last`;
}

function recordDamage(id: string, key: Buffer, reason: string): Damage {
  const image = readImageKey(key);
  const name =
    image === undefined
      ? `with key ${key.toString('hex')}`
      : `${JSON.stringify(image.productId)} ${JSON.stringify(image.picName)}`;
  const detail = `the record ${name} of collection ${id} is damaged: ${reason}`;
  return { kind: 'record', detail, collectionId: id, ...(image !== undefined && { key: image }) };
}

function collectionDamage(collectionId: string, detail: string): Damage {
  return { kind: 'collection', detail, collectionId };
}
