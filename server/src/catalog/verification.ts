import type { Damage } from '../store/damage.ts';
import { DamagedObjectError, type ObjectStore } from '../store/object-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { ImageRecord } from '../store/image-record.ts';
import { inspectSnapshot } from '../vectors/snapshot/inspect-snapshot.ts';
import { snapshotDamage, staleSnapshot } from './snapshot-damage.ts';
import { snapshotPath } from './snapshot-path.ts';

export interface VerifiedStores {
  readonly records: RecordStore;
  readonly objects: ObjectStore;
}

export interface VerificationOptions extends VerifiedStores {
  /** Where snapshots lie. */
  readonly snapshotFolder: string;
  /** Looks at what lies beside the stores. */
  readonly examineOthers?: (() => Promise<readonly Damage[]>) | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Reads everything that is stored, and names what is not what was written.
 *
 * A snapshot of an earlier state is told too, as mended: it is passed over at the next start, or replaced by then.
 */
export async function* verifyEverything(options: VerificationOptions): AsyncGenerator<Damage> {
  const { records, snapshotFolder, signal } = options;
  yield* records.damage;
  for (const { id } of await records.collections()) {
    const reading = { readsObjects: true, ...(signal !== undefined && { signal }) };
    yield* examineCollection(options, id, reading);
    const { digest } = await records.statistics(id);
    const damage = await examineSnapshot(snapshotPath(snapshotFolder, id), id, digest);
    if (damage !== undefined) yield damage;
  }
  yield* await records.checkReferences();
  yield* await records.checkRest();
  yield* (await options.examineOthers?.()) ?? [];
}

/** Damage to one collection's records, and to the pictures that they keep: read, or only looked for. */
export async function* examineCollection(
  { records, objects }: VerifiedStores,
  id: string,
  { readsObjects, signal }: { readonly readsObjects: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<Damage> {
  for await (const step of records.scan(id, { isLookedUp: true })) {
    if (signal?.aborted === true) return;
    if (step.kind === 'damage') {
      yield step.damage;
      continue;
    }
    const { record } = step;
    const state = await examineObject(objects, record.objectHash, readsObjects);
    // Of a record that was replaced or removed meanwhile the picture may be gone.
    if (state !== undefined && (await isCurrent(records, id, record))) {
      yield objectDamage(id, record, state);
    }
  }
}

async function isCurrent(records: RecordStore, id: string, record: ImageRecord): Promise<boolean> {
  const [step] = await records.getMany(id, [record]);
  return step?.kind === 'image' && step.record.revision === record.revision;
}

type ObjectState = 'missing' | 'damaged';

async function examineObject(
  objects: ObjectStore,
  hash: string | undefined,
  isRead: boolean,
): Promise<ObjectState | undefined> {
  if (hash === undefined) return undefined;
  if (!isRead) return (await objects.has(hash)) ? undefined : 'missing';
  try {
    return (await objects.get(hash)) === undefined ? 'missing' : undefined;
  } catch (error) {
    if (error instanceof DamagedObjectError) return 'damaged';
    throw error;
  }
}

function objectDamage(id: string, record: ImageRecord, state: ObjectState): Damage {
  const { productId, picName, objectHash } = record;
  const name = `${JSON.stringify(productId)} ${JSON.stringify(picName)}`;
  return {
    kind: 'object',
    name: objectHash ?? '',
    detail: `the picture ${name} of collection ${id} is ${state}: object ${objectHash}`,
    collectionId: id,
    key: { productId, picName },
    ...(objectHash !== undefined && { objectHash }),
  };
}

async function examineSnapshot(
  path: string,
  id: string,
  digest: string,
): Promise<Damage | undefined> {
  const found = await inspectSnapshot(path);
  if (found === 'damaged') return snapshotDamage(id);
  if (found === undefined || found.tag.split(' ')[1] === digest) return undefined;
  return staleSnapshot(id);
}
