import type { Damage } from './damage.ts';
import type { LevelHandle } from './level-handle.ts';
import { prefixRange, readReference, referenceRange, REFERENCE_PREFIX } from './level-keys.ts';
import type { CollectionStatistics } from './record-store.ts';
import { SetDigest } from './set-digest.ts';
import { NO_STATISTICS, referenceDigest } from './statistics.ts';

/** Rows fetched at once. */
const ROWS = 1_000;

/** The rows of one collection that say which objects its records keep. */
export interface CountedReferences {
  /** Of all but the leftovers, as in {@link CollectionStatistics.references}. */
  readonly digest: string;
  /** The rows of the records that were left out. */
  readonly leftovers: readonly Buffer[];
}

/** Whether any record keeps the object of this hash (hex). */
export async function hasReferrer(level: LevelHandle, hash: string): Promise<boolean> {
  const keys = await level.keys({ ...referenceRange(hash), limit: 1 }).all();
  return keys.length > 0;
}

/** Counts what is there, apart from the rows of some records. */
export async function countReferences(
  level: LevelHandle,
  id: string,
  leftOut: ReadonlySet<string>,
): Promise<CountedReferences> {
  const digest = new SetDigest();
  const leftovers: Buffer[] = [];
  for await (const key of readReferences(level)) {
    const referrer = readReference(key);
    if (referrer.id !== id) continue;
    if (leftOut.has(referrer.recordKey.toString('latin1'))) leftovers.push(key);
    else digest.add(referenceDigest(key));
  }
  return { digest: digest.toHex(), leftovers };
}

/**
 * Compares the rows that say which records keep which objects with what the statistics say of them.
 *
 * `statistics` are those of the moment of the call, at which LevelDB takes the iterator's snapshot.
 */
export function checkReferences(
  level: LevelHandle,
  statistics: ReadonlyMap<string, CollectionStatistics>,
): Promise<readonly Damage[]> {
  return compareReferences(level, new Map(statistics));
}

function readReferences(level: LevelHandle): AsyncIterable<Buffer> {
  const iterator = level.keys(prefixRange(REFERENCE_PREFIX));
  const read = async function* (): AsyncGenerator<Buffer> {
    try {
      for (let keys = await iterator.nextv(ROWS); keys.length > 0;) {
        yield* keys;
        keys = await iterator.nextv(ROWS);
      }
    } finally {
      await iterator.close();
    }
  };
  return read();
}

async function compareReferences(
  level: LevelHandle,
  statistics: ReadonlyMap<string, CollectionStatistics>,
): Promise<readonly Damage[]> {
  const digests = new Map<string, SetDigest>();
  try {
    for await (const key of readReferences(level)) {
      const { id } = readReference(key);
      const digest = digests.get(id) ?? new SetDigest();
      digest.add(referenceDigest(key));
      digests.set(id, digest);
    }
  } catch (error) {
    if (level.status !== 'open') throw error;
    const reason = (error as Error).message;
    const detail = `the list of kept pictures cannot be read: ${reason}`;
    return [{ kind: 'collection', name: 'list of kept pictures', detail }];
  }
  return [...statistics]
    .filter(([id, expected]) => {
      const found = digests.get(id)?.toHex() ?? NO_STATISTICS.references;
      return found !== expected.references;
    })
    .map(([collectionId]) => {
      const detail = `the list of pictures that collection ${collectionId} keeps is damaged`;
      const name = `${collectionId}: list of kept pictures`;
      return { kind: 'collection', name, detail, collectionId };
    });
}
