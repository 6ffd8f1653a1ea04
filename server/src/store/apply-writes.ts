import { setImmediate } from 'node:timers/promises';

import type { PendingWrite } from './commit-queue.ts';
import type { ImageBatch, LevelOperation } from './image-batch.ts';
import type { Erasures } from './level-erasures.ts';
import { imageKey } from './level-keys.ts';
import type { ChangeOutcome } from './record-store.ts';
import type { RecordAddress } from './stored-records.ts';

/** Changes prepared in one turn of the event loop: a few milliseconds. */
const CHANGES_PER_TURN = 200;

/** The records that the writes change, in the order of the changes. */
export async function addressesOf(
  writes: readonly PendingWrite[],
): Promise<readonly RecordAddress[]> {
  const addresses: RecordAddress[] = [];
  for (const { id, changes } of writes) {
    for (const change of changes) {
      addresses.push({ id, key: imageKey(id, change.kind === 'put' ? change.image : change.key) });
      if (addresses.length % CHANGES_PER_TURN === 0) await setImmediate();
    }
  }
  return addresses;
}

/** Says of each collection between which keys the writes remove records. `addresses` are those of the writes. */
export function coverErased(
  erasures: Erasures,
  addresses: readonly RecordAddress[],
  writes: readonly PendingWrite[],
): readonly LevelOperation[] {
  const removed = new Map<string, Buffer[]>();
  const changes = writes.flatMap(({ changes }) => changes);
  for (const [index, { id, key }] of addresses.entries()) {
    if (changes[index]?.kind !== 'remove') continue;
    const keys = removed.get(id) ?? [];
    keys.push(key);
    removed.set(id, keys);
  }
  return [...removed].flatMap(([id, keys]) => erasures.cover(id, keys));
}

/** Adds the writes to the batch, in pieces, so that a delete of very many leaves time for others. */
export async function applyWrites(
  batch: ImageBatch,
  writes: readonly PendingWrite[],
): Promise<readonly (readonly ChangeOutcome[])[]> {
  const results: ChangeOutcome[][] = [];
  let applied = 0;
  for (const { id, changes } of writes) {
    const outcomes: ChangeOutcome[] = [];
    for (const change of changes) {
      outcomes.push(batch.apply(id, change));
      applied += 1;
      if (applied % CHANGES_PER_TURN === 0) await setImmediate();
    }
    results.push(outcomes);
  }
  return results;
}
