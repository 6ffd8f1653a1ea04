import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { ObjectStore } from '../../src/store/object-store.ts';

/** A store under test, and how to open the same data again. */
export interface ObjectStoreUnderTest {
  readonly open: () => Promise<ObjectStore>;
  /** Removes the data. */
  readonly dispose: () => Promise<void>;
}

const PICTURE = Buffer.from('a picture');
const OTHER = Buffer.alloc(100_000, 7);

/** What every {@link ObjectStore} does. */
export function describeObjectStore(
  name: string,
  create: () => Promise<ObjectStoreUnderTest>,
): void {
  describe(name, () => {
    let under: ObjectStoreUnderTest;
    let store: ObjectStore;

    beforeEach(async () => {
      under = await create();
      store = await under.open();
    });

    afterEach(() => under.dispose());

    test('gives back what was put, also after it was opened again', async () => {
      for (const bytes of [PICTURE, OTHER, Buffer.alloc(0)]) await store.put(hashOf(bytes), bytes);
      store = await under.open();
      for (const bytes of [PICTURE, OTHER, Buffer.alloc(0)]) {
        expect(Buffer.from((await store.get(hashOf(bytes))) ?? [])).toEqual(bytes);
      }
      expect(await listed(store)).toEqual(
        [PICTURE, OTHER, Buffer.alloc(0)].map((bytes) => hashOf(bytes)).toSorted(),
      );
    });

    test('has nothing under a hash that was not put, or was deleted', async () => {
      const hash = hashOf(PICTURE);
      expect(await store.get(hash)).toBeUndefined();
      expect(await store.delete(hash)).toBe(false);
      expect(await store.has(hash)).toBe(false);
      await store.put(hash, PICTURE);
      expect(await store.has(hash)).toBe(true);
      expect(await store.delete(hash)).toBe(true);
      expect(await store.get(hash)).toBeUndefined();
      expect(await listed(store)).toEqual([]);
    });

    test('takes the same object any number of times, at once too', async () => {
      const hash = hashOf(OTHER);
      await Promise.all(Array.from({ length: 8 }, () => store.put(hash, OTHER)));
      await store.put(hash, OTHER);
      expect(await listed(store)).toEqual([hash]);
      expect(Buffer.from((await store.get(hash)) ?? [])).toEqual(OTHER);
    });

    test.each(['', '../../etc/passwd', 'AB'.repeat(32), 'ab'.repeat(31)])(
      'refuses the name %j, which is no hash',
      async (hash) => {
        await expect(store.get(hash)).rejects.toMatchObject({ name: 'RangeError' });
        await expect(store.put(hash, PICTURE)).rejects.toMatchObject({ name: 'RangeError' });
      },
    );
  });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function listed(store: ObjectStore): Promise<readonly string[]> {
  const hashes: string[] = [];
  for await (const hash of store.list()) hashes.push(hash);
  return hashes.toSorted();
}
