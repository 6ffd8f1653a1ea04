import type { PendingWrite } from './commit-queue.ts';
import { SpannedKeys } from './erased-span.ts';
import type { ImageBatch, LevelOperation } from './image-batch.ts';
import { inTurns } from './in-turns.ts';
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
    for await (const piece of inTurns(changes, CHANGES_PER_TURN)) {
      for (const change of piece) {
        const key = imageKey(id, change.kind === 'put' ? change.image : change.key);
        addresses.push({ id, key });
      }
    }
  }
  return addresses;
}

/** Says of each collection between which keys the writes remove records. `addresses` are those of the writes. */
export async function coverErased(
  erasures: Erasures,
  addresses: readonly RecordAddress[],
  writes: readonly PendingWrite[],
): Promise<readonly LevelOperation[]> {
  const removed = new Map<string, SpannedKeys>();
  let number = 0;
  for (const { id, changes } of writes) {
    for await (const piece of inTurns(changes, CHANGES_PER_TURN)) {
      for (const { kind } of piece) {
        const address = addresses[number];
        number += 1;
        if (kind !== 'remove' || address === undefined) continue;
        const keys = removed.get(id) ?? new SpannedKeys();
        keys.add(address.key);
        removed.set(id, keys);
      }
    }
  }
  return [...removed].flatMap(([id, keys]) => erasures.cover(id, keys));
}

/** Adds the writes to the batch, in pieces, so that a delete of very many leaves time for others. */
export async function applyWrites(
  batch: ImageBatch,
  writes: readonly PendingWrite[],
): Promise<readonly (readonly ChangeOutcome[])[]> {
  const results: ChangeOutcome[][] = [];
  for (const { id, changes } of writes) {
    const outcomes: ChangeOutcome[] = [];
    for await (const piece of inTurns(changes, CHANGES_PER_TURN)) {
      for (const change of piece) outcomes.push(batch.apply(id, change));
    }
    results.push(outcomes);
  }
  return results;
}
