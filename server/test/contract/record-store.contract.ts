import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { ImageKey } from '../../src/store/image-key.ts';
import type { ImageRecord } from '../../src/store/image-record.ts';
import type { CollectionRecord, RecordStore } from '../../src/store/record-store.ts';
import { recordOf } from '../support/image-records.ts';

/** A store under test, and how to close it and open the same data again. */
export interface RecordStoreUnderTest {
  readonly open: () => Promise<RecordStore>;
  /** Removes the data. */
  readonly dispose: () => Promise<void>;
}

const SHOP: CollectionRecord = {
  id: 'shop1',
  state: 'ready',
  createdMs: 1_700_000_000_000,
  settings: { name: 'shop', capacity: 10, keepPictures: true },
};
const HASH = 'ab'.repeat(32);
const OTHER_HASH = 'ff'.repeat(32);

/** What every {@link RecordStore} does. */
export function describeRecordStore(
  name: string,
  create: () => Promise<RecordStoreUnderTest>,
): void {
  describe(name, () => {
    let under: RecordStoreUnderTest;
    let store: RecordStore;

    beforeEach(async () => {
      under = await create();
      store = await under.open();
      await store.putCollection(SHOP);
    });

    afterEach(async () => {
      await store.close();
      await under.dispose();
    });

    const reopen = async (): Promise<void> => {
      await store.close();
      store = await under.open();
    };
    const put = (...images: readonly ImageRecord[]): ReturnType<RecordStore['write']> =>
      store.write(
        SHOP.id,
        images.map((image) => ({ kind: 'put', image })),
      );
    const remove = (...keys: readonly ImageKey[]): ReturnType<RecordStore['write']> =>
      store.write(
        SHOP.id,
        keys.map((key) => ({ kind: 'remove', key })),
      );

    test('keeps every field of a record to the last bit', async () => {
      const images = [
        recordOf('p', 'a', { objectHash: HASH, vector: Float32Array.of(0.1, -0, 1e-30, 3) }),
        recordOf('', '', { categoryGiven: true, framing: 'box', vector: new Float32Array() }),
        recordOf('\u0000', '😀\u0001', {
          customContent: '\u{1F600}"\\\n',
          attributes: { int_attr: -1, str_attr: '', tags: ['x', 1, true] },
        }),
      ];
      const { outcomes } = await put(...images);
      await reopen();
      for (const [index, image] of images.entries()) {
        const revision = outcomes[index]?.revision;
        expect(await store.get(SHOP.id, image)).toEqual({ ...image, revision });
      }
    });

    test('numbers writes, tells what they replaced, and applies the changes of one write in order', async () => {
      const first = await put(recordOf('p', 'a', { objectHash: HASH }));
      expect(first.outcomes).toEqual([{ revision: 1 }]);
      const key = { productId: 'p', picName: 'a' };
      const second = await store.write(SHOP.id, [
        { kind: 'put', image: recordOf('p', 'a') },
        { kind: 'remove', key },
        { kind: 'remove', key },
      ]);
      expect(second.outcomes).toEqual([
        { revision: 2, previous: { objectHash: HASH } },
        { revision: 3, previous: {} },
        { revision: 4 },
      ]);
      expect(await store.get(SHOP.id, key)).toBeUndefined();
      await reopen();
      expect((await put(recordOf('p', 'a'))).outcomes).toEqual([{ revision: 5 }]);
    });

    test('answers many keys in their order, undefined for those that are not there', async () => {
      await put(recordOf('p', 'a'), recordOf('p', 'b'));
      const keys = ['b', 'z', 'a'].map((picName) => ({ productId: 'p', picName }));
      expect(await store.getMany(SHOP.id, keys)).toMatchObject([
        { kind: 'image', record: { picName: 'b' } },
        undefined,
        { kind: 'image', record: { picName: 'a' } },
      ]);
      expect(await store.getMany('elsewhere', keys)).toEqual([undefined, undefined, undefined]);
    });

    test('scans a collection by the UTF-8 bytes of productId, then picName, and nothing else', async () => {
      const ids = ['', '\u0000', '\u0000!', '\u0001', 'a', 'a\u0000b', 'a!', '\uFFFD', '\u{10000}'];
      const last = '\u{10FFFF}';
      await store.putCollection({ ...SHOP, id: 'shop10' });
      await store.write('shop10', [{ kind: 'put', image: recordOf('x', 'x') }]);
      await put(...ids.toReversed().map((id) => recordOf(id, last)));
      await put(...ids.toReversed().map((id) => recordOf('a', id)));
      const found: string[] = [];
      for await (const step of store.scan(SHOP.id)) {
        if (step.kind === 'damage') throw new Error(step.damage.detail);
        const { productId, picName } = step.record;
        found.push(`${productId}|${picName}`);
      }
      expect(found).toEqual(
        ids.flatMap((id) =>
          id === 'a' ? [...ids.map((name) => `a|${name}`), `a|${last}`] : [`${id}|${last}`],
        ),
      );
    });

    test('counts images and bytes, and gives equal sets equal digests whatever their history', async () => {
      const image = recordOf('p', 'a', { objectHash: HASH, pictureBytes: 1_000 });
      const { statistics } = await put(image);
      expect(statistics).toMatchObject({ images: 1, lastRevision: 1 });
      expect(statistics.storedBytes).toBeGreaterThan(1_000);
      await put(recordOf('p', 'b'));
      const { statistics: later } = await remove({ productId: 'p', picName: 'b' });
      expect(later).toEqual({ ...statistics, lastRevision: 3 });
      await remove(image);
      await reopen();
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 0, storedBytes: 0 });
      expect((await put(recordOf('p', 'a'))).statistics.digest).not.toBe(statistics.digest);
    });

    test('resolves concurrent writes in the order in which they took effect', async () => {
      const ended: number[] = [];
      const writes = Array.from({ length: 50 }, async (_, index) => {
        const { outcomes } = await put(recordOf('p', 'a', { addedMs: index }));
        ended.push(outcomes[0]?.revision ?? 0);
      });
      await Promise.all(writes);
      expect(ended).toEqual(ended.toSorted((a, b) => a - b));
      const last = await store.get(SHOP.id, { productId: 'p', picName: 'a' });
      expect(last).toMatchObject({ revision: 50, addedMs: 49 });
    });

    test('does not let a write that cannot be made spoil those beside it', async () => {
      const region = { x1: -1, y1: 0, x2: 1, y2: 1 };
      const writes = [put(recordOf('p', 'a')), put(recordOf('p', 'b', { region }))];
      const outcomes = await Promise.allSettled([...writes, put(recordOf('p', 'c'))]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 2 });
      expect(store.failed).toBe(false);
    });

    test('knows which objects are referred to, by how many records however often replaced', async () => {
      await put(recordOf('p', 'a', { objectHash: HASH }), recordOf('p', 'b', { objectHash: HASH }));
      await put(recordOf('p', 'a', { objectHash: OTHER_HASH }));
      expect(await store.isReferenced(HASH)).toBe(true);
      await remove({ productId: 'p', picName: 'b' });
      expect(await store.isReferenced(HASH)).toBe(false);
      expect(await store.isReferenced(OTHER_HASH)).toBe(true);
      expect(await store.checkReferences()).toEqual([]);
      await store.clearImages(SHOP.id);
      expect(await store.isReferenced(OTHER_HASH)).toBe(false);
      expect(await store.checkReferences()).toEqual([]);
    });

    test('keeps collections, replaces their settings and forgets deleted ones', async () => {
      await put(recordOf('p', 'a'));
      const changed: CollectionRecord = { ...SHOP, state: 'clearing', settings: { capacity: 2 } };
      await store.putCollection(changed);
      await store.putCollection({ ...SHOP, id: 'shop2' });
      await store.deleteCollection('shop2');
      await reopen();
      expect(await store.collections()).toEqual([changed]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 1 });
    });

    test('shows the same after what was removed is gone from the disk too', async () => {
      await put(recordOf('p', 'a'), recordOf('p', 'b'));
      await remove({ productId: 'p', picName: 'a' });
      expect(store.hasErased).toBe(true);
      expect(await store.purge(AbortSignal.abort())).toBe(false);
      expect(await store.purge()).toBe(true);
      expect(store.hasErased).toBe(false);
      await reopen();
      expect(store.hasErased).toBe(false);
      expect(await store.get(SHOP.id, { productId: 'p', picName: 'a' })).toBeUndefined();
      expect(await store.get(SHOP.id, { productId: 'p', picName: 'b' })).toBeDefined();
      expect(await store.checkRest()).toEqual([]);
    });

    test('clears any number of images and no other collection, and numbers on', async () => {
      const other = 'shop1x';
      await store.putCollection({ ...SHOP, id: other });
      await store.write(other, [{ kind: 'put', image: recordOf('p', 'a') }]);
      const images = Array.from({ length: 2_100 }, (_, index) => recordOf('p', String(index)));
      await put(...images);
      await store.clearImages(SHOP.id);
      await reopen();
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 0, lastRevision: 2_100 });
      expect(await store.get(SHOP.id, { productId: 'p', picName: '7' })).toBeUndefined();
      expect(await store.get(other, { productId: 'p', picName: 'a' })).toBeDefined();
      for await (const step of store.scan(SHOP.id)) expect(step).toBeUndefined();
    });
  });
}
