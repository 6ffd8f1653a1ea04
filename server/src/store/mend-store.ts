import { basename } from 'node:path';

import type { Disk } from '../disk/disk.ts';
import { statisticsOperation, type LevelOperation } from './image-batch.ts';
import { collectionsOfImages, loadCollections } from './level-collections.ts';
import type { LevelFolders, LevelHandle } from './level-handle.ts';
import {
  collectionKey,
  COLLECTION_PREFIX,
  ERASURE_PREFIX,
  idOfImage,
  IMAGE_PREFIX,
  prefixRange,
  readReference,
  REFERENCE_PREFIX,
  STATISTICS_PREFIX,
  VALUE_PREFIX,
  type KeyRange,
} from './level-keys.ts';
import { openRecord } from './opened-record.ts';
import type { CollectionRecord, CollectionStatistics } from './record-store.ts';
import { unusedName } from './repaired-store.ts';
import { seal, unseal } from './seal.ts';
import { recount } from './stored-records.ts';

/** Rows handled, and operations written, at once. */
const ROWS = 500;

const EVERYTHING: KeyRange = { gte: Buffer.of(0), lt: Buffer.of(0xff) };
const SEALED = [COLLECTION_PREFIX, STATISTICS_PREFIX, ERASURE_PREFIX, VALUE_PREFIX, IMAGE_PREFIX];

export interface MendOptions extends LevelFolders {
  readonly disk: Disk;
  /** What a collection becomes whose settings are lost. */
  readonly recoverCollection: (id: string) => CollectionRecord;
}

/** What was done to a store. */
export interface MendReport {
  /** Rows whose seal did not hold, and where they were set aside. */
  readonly rowsSetAside: number;
  readonly setAsideTo?: string;
  /** Collections whose settings had to be made up. */
  readonly recovered: readonly string[];
  /** Rows that say which record keeps which object, removed or written anew. */
  readonly referencesMended: number;
}

/**
 * Makes a store consistent: rows that are not what was written are set aside, what is derived from others
 * is made anew.
 *
 * Rows that are gone without a trace stay gone: afterwards nothing tells of them any more.
 */
export async function mendStore(level: LevelHandle, options: MendOptions): Promise<MendReport> {
  const { count, file } = await setAsideBadRows(level, options);
  const recovered = await recoverCollections(level, options);
  const referencesMended = (await dropReferences(level)) + (await addReferences(level));
  const { statistics } = await loadCollections(level);
  for (const [id, before] of statistics) {
    const counted = await countAnew(level, id, before);
    await level.batch([statisticsOperation(id, counted)], { sync: true });
  }
  return {
    rowsSetAside: count,
    ...(file !== undefined && { setAsideTo: file }),
    recovered,
    referencesMended,
  };
}

/** Numbers of writes go on where they were, as far as that is known. */
async function countAnew(
  level: LevelHandle,
  id: string,
  { lastRevision }: CollectionStatistics,
): Promise<CollectionStatistics> {
  const { statistics } = await recount(level, id);
  return { ...statistics, lastRevision: Math.max(lastRevision, statistics.lastRevision) };
}

async function setAsideBadRows(
  level: LevelHandle,
  { disk, damagedFolder, folder }: MendOptions,
): Promise<{ readonly count: number; readonly file: string | undefined }> {
  const lines: string[] = [];
  await rewrite(level, EVERYTHING, async (key, value) => {
    if (isKnown(key, value)) return [];
    lines.push(JSON.stringify({ key: key.toString('hex'), value: value.toString('base64') }));
    return [{ type: 'del', key }];
  });
  if (lines.length === 0) return { count: 0, file: undefined };
  await disk.makeFolder(damagedFolder);
  const file = await unusedName(damagedFolder, `${basename(folder)}-rows`, disk);
  await disk.writeSynced(file, Buffer.from(`${lines.join('\n')}\n`));
  await disk.syncFolder(damagedFolder);
  return { count: lines.length, file };
}

/** Whether the row is of a kind that there is, and what was written under its key. */
function isKnown(key: Buffer, value: Buffer): boolean {
  const prefix = key.subarray(0, 1);
  if (prefix.equals(REFERENCE_PREFIX)) return true;
  if (!SEALED.some((each) => each.equals(prefix))) return false;
  return unseal(key, value) !== undefined;
}

async function recoverCollections(
  level: LevelHandle,
  { recoverCollection }: MendOptions,
): Promise<readonly string[]> {
  const { collections } = await loadCollections(level);
  const lost = new Set<string>();
  for await (const id of collectionsOfImages(level)) if (!collections.has(id)) lost.add(id);
  for (const id of lost) {
    const key = collectionKey(id);
    const body = Buffer.from(JSON.stringify(recoverCollection(id)));
    await level.put(key, seal(key, body));
  }
  const orphans: LevelOperation[] = [];
  for await (const key of level.keys(prefixRange(STATISTICS_PREFIX))) {
    const id = key.toString('latin1', 1);
    if (!collections.has(id) && !lost.has(id)) orphans.push({ type: 'del', key });
  }
  await level.batch(orphans, { sync: true });
  return [...lost];
}

/** Removes rows that say that a record keeps an object which it does not keep. */
function dropReferences(level: LevelHandle): Promise<number> {
  return rewrite(level, prefixRange(REFERENCE_PREFIX), async (key) => {
    const { id, recordKey } = readReference(key);
    const value = await level.get(recordKey);
    const kept = value === undefined ? undefined : openRecord(id, recordKey, value)?.kept;
    return kept?.referenceKey.equals(key) === true ? [] : [{ type: 'del', key }];
  });
}

function addReferences(level: LevelHandle): Promise<number> {
  return rewrite(level, prefixRange(IMAGE_PREFIX), async (key, value) => {
    const kept = openRecord(idOfImage(key), key, value)?.kept;
    if (kept === undefined || (await level.get(kept.referenceKey)) !== undefined) return [];
    return [{ type: 'put', key: kept.referenceKey, value: Buffer.alloc(0) }];
  });
}

/** Writes what `mend` asks for of each row of the range. Resolves to how many operations there were. */
async function rewrite(
  level: LevelHandle,
  range: KeyRange,
  mend: (key: Buffer, value: Buffer) => Promise<readonly LevelOperation[]>,
): Promise<number> {
  let count = 0;
  let pending: LevelOperation[] = [];
  const flush = async (): Promise<void> => {
    await level.batch(pending, { sync: true });
    count += pending.length;
    pending = [];
  };
  for await (const [key, value] of level.iterator(range)) {
    pending.push(...(await mend(key, value)));
    if (pending.length >= ROWS) await flush();
  }
  await flush();
  return count;
}
