import { join } from 'node:path';

import { nodeDisk } from '../../src/disk/disk.ts';
import { LevelRecordStore } from '../../src/store/level-record-store.ts';
import type { CollectionRecord, RecordStore } from '../../src/store/record-store.ts';
import { recordOf } from './image-records.ts';

export const SHOP: CollectionRecord = { id: 'shop', state: 'ready', createdMs: 0, settings: {} };
export const KEY = { productId: 'p', picName: 'a' };

export function openStore(folder: string): Promise<LevelRecordStore> {
  return LevelRecordStore.open({ ...foldersOf(folder), disk: nodeDisk });
}

export function foldersOf(folder: string): {
  readonly folder: string;
  readonly damagedFolder: string;
} {
  return { folder: join(folder, 'records'), damagedFolder: join(folder, 'damaged') };
}

/** A closed store with `count` images. */
export async function fillStore(folder: string, count: number): Promise<void> {
  const store = await openStore(folder);
  await store.putCollection(SHOP);
  for (let index = 0; index < count; index += 1) {
    const image = recordOf('p', String.fromCodePoint(97 + index), { objectHash: 'ab'.repeat(32) });
    await store.write(SHOP.id, [{ kind: 'put', image }]);
  }
  await store.close();
}

/** Everything that is found damaged. */
export async function damageFound(store: RecordStore): Promise<readonly string[]> {
  const found = store.damage.map(({ detail }) => detail);
  for await (const step of store.scan(SHOP.id)) {
    if (step.kind === 'damage') found.push(step.damage.detail);
  }
  for (const { detail } of await store.checkReferences()) found.push(detail);
  return found;
}
