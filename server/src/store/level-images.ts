import type { Damage } from './damage.ts';
import type { LevelOperation } from './image-batch.ts';
import type { ImageKey } from './image-key.ts';
import { inTurns } from './in-turns.ts';
import type { LevelHandle } from './level-handle.ts';
import { isOutage } from './level-outage.ts';
import { imageKey, imageKeyText, imageRange, readImageKey } from './level-keys.ts';
import { openRecord, type OpenedRecord } from './opened-record.ts';
import { decodeImageRecord } from './record-format.ts';
import type { CollectionStatistics, ScannedImage } from './record-store.ts';
import { StatisticsTally } from './statistics.ts';

/** Rows fetched at once, and at most how many of their bytes. */
const SCAN_ROWS = 256;
const SCAN_BYTES = 4 * 1024 * 1024;
/** Records read by their keys in one turn of the event loop: a few milliseconds. */
const READ_ROWS = 128;
/** Records deleted in one batch when a collection is cleared. */
const CLEARED_ROWS = 1_000;

/** Statistics made anew from the records that are whole. */
export async function countImages(level: LevelHandle, id: string): Promise<CollectionStatistics> {
  const tally = new StatisticsTally();
  for await (const [key, value] of level.iterator(imageRange(id))) {
    const { step, opened } = readRow(id, key, value);
    if (opened === undefined || step.kind === 'damage') continue;
    tally.add(opened);
    tally.noteRevision(step.record.revision);
  }
  return tally.read();
}

/**
 * See {@link RecordStore.scan}; `expected` is what the statistics say at the moment of the call, if
 * anything. LevelDB takes the iterator's snapshot here, before the first row is asked for.
 */
export function scanImages(
  level: LevelHandle,
  id: string,
  { expected, isLookedUp }: ScanExpectation,
): AsyncGenerator<ScannedImage> {
  return checkRows(readRows(level, id, isLookedUp), id, expected);
}

export interface ScanExpectation {
  readonly expected: CollectionStatistics | undefined;
  /** Whether each row is also read by its key, which LevelDB does by other parts of its files. */
  readonly isLookedUp: boolean;
}

interface Row {
  readonly step: ScannedImage;
  /** Of a record that is whole. */
  readonly opened?: OpenedRecord;
}

async function* checkRows(
  rows: AsyncIterable<Row>,
  id: string,
  expected: CollectionStatistics | undefined,
): AsyncGenerator<ScannedImage> {
  const tally = new StatisticsTally();
  let damaged = 0;
  for await (const { step, opened } of rows) {
    if (opened === undefined) damaged += 1;
    else tally.add(opened);
    yield step;
  }
  if (expected === undefined) return;
  const difference = compareStatistics(expected, tally.read(), damaged);
  if (difference !== undefined) {
    yield collectionDamage(id, `is not what was written: ${difference}`);
  }
}

function readRows(level: LevelHandle, id: string, isLookedUp: boolean): AsyncIterable<Row> {
  const snapshot = level.snapshot();
  const range = { ...imageRange(id), highWaterMarkBytes: SCAN_BYTES, snapshot };
  const iterator = level.iterator(range);
  const read = async function* (): AsyncGenerator<Row> {
    try {
      for (let rows = await iterator.nextv(SCAN_ROWS); rows.length > 0;) {
        const found = isLookedUp
          ? await level.getMany(
              rows.map(([key]) => key),
              { snapshot },
            )
          : [];
        for (const [index, [key, value]] of rows.entries()) {
          const isLost = isLookedUp && !found[index]?.equals(value);
          yield isLost
            ? { step: damageOf(id, key, 'it is not found by its key') }
            : readRow(id, key, value);
        }
        rows = await iterator.nextv(SCAN_ROWS);
      }
    } catch (error) {
      if (level.status !== 'open' || isOutage(error)) throw error;
      // LevelDB cannot pass over a block that it cannot read: what comes after is not known.
      yield {
        step: collectionDamage(id, `cannot be read to its end: ${(error as Error).message}`),
      };
    } finally {
      await iterator.close();
      await snapshot.close();
    }
  };
  return read();
}

function readRow(id: string, key: Buffer, value: Buffer): Row {
  const opened = openRecord(id, key, value);
  if (opened === undefined) return { step: damageOf(id, key, 'its checksum does not hold') };
  try {
    const record = decodeImageRecord(imageKeyText(key), opened.body);
    return { step: { kind: 'image', record }, opened };
  } catch (error) {
    return { step: damageOf(id, key, (error as Error).message) };
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
    const kept = openRecord(id, key, value)?.kept;
    if (kept !== undefined) operations.push({ type: 'del', key: kept.referenceKey });
  }
  return operations;
}

/** The records in the order of the keys, each as it was written, or the damage to it; undefined where there is none. */
export async function readImages(
  level: LevelHandle,
  id: string,
  keys: readonly ImageKey[],
): Promise<readonly (ScannedImage | undefined)[]> {
  const found: (ScannedImage | undefined)[] = [];
  for await (const piece of inTurns(keys, READ_ROWS)) {
    found.push(...(await readPiece(level, id, piece)));
  }
  return found;
}

async function readPiece(
  level: LevelHandle,
  id: string,
  keys: readonly ImageKey[],
): Promise<readonly (ScannedImage | undefined)[]> {
  const levelKeys = keys.map((key) => imageKey(id, key));
  try {
    const values = await level.getMany(levelKeys);
    return levelKeys.map((key, index) => readImage(id, key, values[index]));
  } catch (error) {
    if (level.status !== 'open') throw error;
    // A block that LevelDB cannot read hides its own records alone.
    return Promise.all(levelKeys.map((key) => readAlone(level, id, key)));
  }
}

function readImage(id: string, key: Buffer, value: Buffer | undefined): ScannedImage | undefined {
  return value === undefined ? undefined : readRow(id, key, value).step;
}

/** The same for one key, where LevelDB may be unable to read the block that it is in. */
async function readAlone(
  level: LevelHandle,
  id: string,
  key: Buffer,
): Promise<ScannedImage | undefined> {
  try {
    return readImage(id, key, await level.get(key));
  } catch (error) {
    if (isOutage(error)) throw error;
    return damageOf(id, key, (error as Error).message);
  }
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

function collectionDamage(id: string, what: string): ScannedImage {
  const detail = `collection ${id} ${what}`;
  const name = `${id}: records`;
  return { kind: 'damage', damage: { kind: 'collection', name, detail, collectionId: id } };
}

function damageOf(id: string, key: Buffer, reason: string): ScannedImage {
  const image = readImageKey(key);
  const text =
    image === undefined
      ? `with key ${key.toString('hex')}`
      : `${JSON.stringify(image.productId)} ${JSON.stringify(image.picName)}`;
  const detail = `the record ${text} of collection ${id} is damaged: ${reason}`;
  const damage: Damage = { kind: 'record', name: `${id}: ${text}`, detail, collectionId: id };
  return { kind: 'damage', damage: image === undefined ? damage : { ...damage, key: image } };
}
