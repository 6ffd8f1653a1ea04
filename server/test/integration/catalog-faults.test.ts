import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type { CollectionInfo } from '../../src/catalog/catalog.ts';
import type { LikenessCatalog } from '../../src/catalog/likeness-catalog.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { openLevel } from '../../src/store/level-handle.ts';
import { imageKey } from '../../src/store/level-keys.ts';
import { StoreUnreadableError } from '../../src/store/record-store.ts';
import { FailingLevel } from '../support/failing-level.ts';
import {
  imageOf,
  openStoredCatalog,
  settingsOf,
  withFolder,
  type StoredCatalog,
} from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const RED = { vector: [1, 0, 0, 0] };
const FIRST_PAGE = { start: 0, num: 100, minScore: 0, distinct: false };
const KEY = { productId: 'p', picName: 'a' };
/** Longer than the catalog rests between two tries to reopen its store. */
const REST_MS = 2_000;

async function namesFound(
  catalog: LikenessCatalog,
  info: CollectionInfo,
): Promise<readonly string[]> {
  const { hits } = await catalog.search(info, {
    query: { kind: 'picture', picture: tellPicture(RED), crop: true },
    ...FIRST_PAGE,
  });
  return hits.map(({ picName }) => picName);
}

/** A closed catalog with pictures `a`, `b` and `c`. */
async function fillFolder(folder: string): Promise<CollectionInfo> {
  const stored = await openStoredCatalog(folder);
  const info = await stored.catalog.createCollection(settingsOf());
  for (const name of ['a', 'b', 'c']) {
    await stored.catalog.addImage(info, imageOf('p', name, { ...RED, note: name }));
  }
  await stored.close();
  return info;
}

async function objectsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'objects'), { recursive: true });
  return names.filter((name) => /[0-9a-f]{64}$/u.test(name));
}

async function refuseLink(): Promise<never> {
  throw Object.assign(new Error('no links'), { code: 'EPERM' });
}

/** A catalog whose next batch can be made to fail, and a clock to move. */
async function withFailing(
  task: (shop: {
    readonly failing: FailingLevel;
    readonly stored: StoredCatalog;
    readonly info: CollectionInfo;
    readonly rest: () => void;
  }) => Promise<void>,
  disk = nodeDisk,
): Promise<void> {
  await withFolder(async (folder) => {
    const failing = new FailingLevel();
    let nowMs = 1_700_000_000_000;
    const stored = await openStoredCatalog(folder, {
      openLevel: (path) => failing.open(path),
      now: () => nowMs,
      disk,
    });
    const info = await stored.catalog.createCollection(settingsOf());
    await stored.catalog.addImage(info, imageOf('p', 'a', RED));
    await task({ failing, stored, info, rest: () => (nowMs += REST_MS) });
    await stored.close();
    expect([stored.damage, stored.errors]).toEqual([[], []]);
    const again = await openStoredCatalog(folder);
    expect(await namesFound(again.catalog, info)).toEqual(['a', 'c']);
    expect([again.damage, again.errors]).toEqual([[], []]);
    await again.close();
  });
}

describe('a store that cannot write', () => {
  test.each([
    ['', nodeDisk],
    [', also where files cannot be linked', { ...nodeDisk, link: refuseLink }],
  ])('refuses, goes on searching, and heals by itself at a later write%s', (_, ownDisk) =>
    withFailing(async ({ failing, stored: { catalog }, info, rest }) => {
      failing.failNext('lost');
      const unavailable = { code: 'ServiceUnavailable', status: 503 };
      const adding = catalog.addImage(info, imageOf('p', 'b', RED));
      await expect(adding).rejects.toMatchObject(unavailable);
      expect(await namesFound(catalog, info)).toEqual(['a']);
      expect(catalog.collection('instance', 'shop').images).toBe(1);
      rest();
      await catalog.addImage(info, imageOf('p', 'c', RED));
      expect(await namesFound(catalog, info)).toEqual(['a', 'c']);
    }, ownDisk),
  );

  test('says so too when it fails again as soon as it was reopened', () =>
    withFailing(async ({ failing, stored: { catalog }, info, rest }) => {
      const unavailable = { code: 'ServiceUnavailable', status: 503 };
      const add = (name: string): Promise<unknown> =>
        catalog.addImage(info, imageOf('p', name, RED));
      failing.failNext('lost');
      await expect(add('b')).rejects.toMatchObject(unavailable);
      await add('c');
      failing.failNext('lost');
      await expect(add('d')).rejects.toMatchObject(unavailable);
      // Not even tried: it was reopened less than a rest ago.
      await expect(add('e')).rejects.toMatchObject(unavailable);
      rest();
      await catalog.updateImage(info, { ...KEY, attributes: { int_attr: 1 } });
    }));

  test.each<readonly [string, (path: string) => boolean]>([
    ['nothing opens', () => true],
    ['its own folder does not open', (path) => path.endsWith('records')],
  ])('says so too as long as %s, goes on searching, and heals once it can', (_, isFailing) =>
    withFolder(async (folder) => {
      const failing = new FailingLevel();
      let nowMs = 1_700_000_000_000;
      let cannotOpen = false;
      const stored = await openStoredCatalog(folder, {
        openLevel: async (path) => {
          const reason = new Error('IO error: 000005.dbtmp: Input/output error');
          if (cannotOpen && isFailing(path)) throw new StoreUnreadableError(path, reason);
          return failing.open(path);
        },
        now: () => nowMs,
      });
      const unavailable = { code: 'ServiceUnavailable', status: 503 };
      const { catalog } = stored;
      const info = await catalog.createCollection(settingsOf());
      await catalog.addImage(info, imageOf('p', 'a', RED));
      failing.failNext('lost');
      cannotOpen = true;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await expect(catalog.addImage(info, imageOf('p', 'b', RED))).rejects.toMatchObject(
          unavailable,
        );
        expect(await namesFound(catalog, info)).toEqual(['a']);
        nowMs += REST_MS;
      }
      cannotOpen = false;
      await catalog.addImage(info, imageOf('p', 'c', RED));
      expect(await namesFound(catalog, info)).toEqual(['a', 'c']);
      await stored.close();
      expect([stored.damage, stored.errors]).toEqual([[], []]);
      expect(await readdir(join(folder, 'records.reading'))).toEqual([]);
    }),
  );

  test('shows what was written though it said no, once it was reopened', () =>
    withFailing(async ({ failing, stored: { catalog }, info, rest }) => {
      failing.failNext('kept');
      await expect(catalog.addImage(info, imageOf('p', 'c', RED))).rejects.toThrow();
      expect(await namesFound(catalog, info)).toEqual(['a']);
      rest();
      await catalog.updateImage(info, { ...KEY, attributes: { int_attr: 1 } });
      expect(await namesFound(catalog, info)).toEqual(['a', 'c']);
    }));

  test('keeps collections as they were acknowledged, whatever was written all the same', () =>
    withFailing(async ({ failing, stored: { catalog }, info, rest }) => {
      failing.failNext('kept');
      await expect(catalog.createCollection(settingsOf({ name: 'ghost' }))).rejects.toThrow();
      rest();
      await catalog.addImage(info, imageOf('p', 'c', RED));
      failing.failNext('kept');
      await expect(catalog.clearCollection('instance', 'shop')).rejects.toThrow();
      expect(catalog.collection('instance', 'shop').status).toBe('ready');
      expect(await namesFound(catalog, info)).toEqual(['a', 'c']);
      rest();
      await catalog.updateImage(info, { ...KEY, attributes: { int_attr: 1 } });
      expect(catalog.listCollections('instance')).toHaveLength(1);
    }));

  test('with no room for pictures says so and changes nothing', () =>
    withFolder(async (folder) => {
      let isFull = false;
      const disk: Disk = {
        ...nodeDisk,
        writeSynced: async (path, data) => {
          if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
          await nodeDisk.writeSynced(path, data);
        },
      };
      const stored = await openStoredCatalog(folder, { disk });
      const info = await stored.catalog.createCollection(settingsOf());
      isFull = true;
      const adding = stored.catalog.addImage(info, imageOf('p', 'a', RED));
      await expect(adding).rejects.toMatchObject({ code: 'InsufficientStorage', status: 507 });
      expect(await namesFound(stored.catalog, info)).toEqual([]);
      isFull = false;
      await stored.catalog.addImage(info, imageOf('p', 'a', RED));
      expect(await namesFound(stored.catalog, info)).toEqual(['a']);
      await stored.close();
    }));
});

describe('a disk with little room', () => {
  test('refuses what would store more below the reserve, and lets removals and searches through', () =>
    withFolder(async (folder) => {
      let freeBytes = 1_000;
      let nowMs = 1_700_000_000_000;
      const disk: Disk = { ...nodeDisk, freeBytes: async () => freeBytes };
      const now = (): number => (nowMs += REST_MS);
      const stored = await openStoredCatalog(folder, { disk, now, reserveBytes: 1_000 });
      const { catalog } = stored;
      const info = await catalog.createCollection(settingsOf());
      await catalog.addImage(info, imageOf('p', 'a', RED));
      await catalog.addImage(info, imageOf('p', 'b', RED));
      freeBytes = 999;
      const noRoom = { code: 'InsufficientStorage', status: 507 };
      const adding = catalog.addImage(info, imageOf('p', 'c', RED));
      await expect(adding).rejects.toMatchObject(noRoom);
      const updating = catalog.updateImage(info, { ...KEY, attributes: { int_attr: 1 } });
      await expect(updating).rejects.toMatchObject(noRoom);
      await expect(catalog.createCollection(settingsOf({ name: 'other' }))).rejects.toMatchObject(
        noRoom,
      );
      expect(await namesFound(catalog, info)).toEqual(['a', 'b']);
      expect(await catalog.removeImages(info, { kind: 'picture', ...KEY })).toEqual([KEY]);
      freeBytes = 1_000;
      await catalog.addImage(info, imageOf('p', 'c', RED));
      expect(await namesFound(catalog, info)).toEqual(['b', 'c']);
      await catalog.clearCollection('instance', 'shop');
      await stored.close();
      expect([stored.damage, stored.errors]).toEqual([[], []]);
    }));

  test.each(['EMFILE', 'EROFS', 'EACCES'])(
    'or that answers %s refuses until it answers again',
    (code) =>
      withFolder(async (folder) => {
        let isFailing = false;
        const disk: Disk = {
          ...nodeDisk,
          writeSynced: async (path, data, mode) => {
            if (isFailing) throw Object.assign(new Error(code), { code, errno: -1 });
            await nodeDisk.writeSynced(path, data, mode);
          },
        };
        const stored = await openStoredCatalog(folder, { disk });
        const { catalog } = stored;
        const info = await catalog.createCollection(settingsOf());
        await catalog.addImage(info, imageOf('p', 'a', RED));
        isFailing = true;
        await expect(
          catalog.addImage(info, imageOf('p', 'b', { ...RED, note: 'b' })),
        ).rejects.toMatchObject({ code: 'ServiceUnavailable', status: 503 });
        expect(await namesFound(catalog, info)).toEqual(['a']);
        isFailing = false;
        await catalog.addImage(info, imageOf('p', 'b', { ...RED, note: 'b' }));
        expect(await namesFound(catalog, info)).toEqual(['a', 'b']);
        await stored.close();
        expect([stored.damage, stored.errors]).toEqual([[], []]);
      }),
  );

  test('no handle for a file takes no record for damaged', () =>
    withFolder(async (folder) => {
      let isFailing = false;
      const stored = await openStoredCatalog(folder, {
        openLevel: async (path) =>
          new Proxy(await openLevel(path), {
            get: (target, name) => {
              const value: unknown = Reflect.get(target, name, target);
              if (isFailing && (name === 'get' || name === 'getMany')) {
                return async () => {
                  throw new Error('IO error: 000005.ldb: Too many open files');
                };
              }
              return typeof value === 'function' ? value.bind(target) : value;
            },
          }),
      });
      const { catalog } = stored;
      const info = await catalog.createCollection(settingsOf());
      await catalog.addImage(info, imageOf('p', 'a', RED));
      isFailing = true;
      await expect(namesFound(catalog, info)).rejects.toMatchObject({ code: 'ServiceUnavailable' });
      isFailing = false;
      expect(await namesFound(catalog, info)).toEqual(['a']);
      expect(stored.damage).toEqual([]);
      await stored.close();
    }));
});

describe('at a start', () => {
  test.each([
    ['missing', 0, () => undefined],
    ['cut off', 1, (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ['of a flipped bit', 1, (bytes: Buffer) => flipBit(bytes)],
  ])('a snapshot that is %s is made anew from the records', (_, named, spoil) =>
    withFolder(async (folder) => {
      const info = await fillFolder(folder);
      const path = join(folder, 'derived', 'indexes', `${info.id}.index`);
      const spoilt = spoil(await readFile(path));
      if (spoilt === undefined) await rm(path);
      else await writeFile(path, spoilt);
      const stored = await openStoredCatalog(folder);
      expect(await namesFound(stored.catalog, info)).toEqual(['a', 'b', 'c']);
      expect(stored.damage).toHaveLength(named);
      expect(stored.damage.every(({ isMended }) => isMended)).toBe(true);
      await stored.close();
    }),
  );

  test('a snapshot of an older state is not used', () =>
    withFolder(async (folder) => {
      const info = await fillFolder(folder);
      const path = join(folder, 'derived', 'indexes', `${info.id}.index`);
      const old = await readFile(path);
      const first = await openStoredCatalog(folder);
      await first.catalog.removeImages(info, { kind: 'picture', ...KEY });
      await first.close();
      await writeFile(path, old);
      const second = await openStoredCatalog(folder);
      expect(await namesFound(second.catalog, info)).toEqual(['b', 'c']);
      expect(second.catalog.collection('instance', 'shop').images).toBe(2);
      await second.close();
    }));

  test.each(['clearing', 'deleting'] as const)(
    'a %s that a crash interrupted is completed',
    (state) =>
      withFolder(async (folder) => {
        const { id, createdMs } = await fillFolder(folder);
        const first = await openStoredCatalog(folder);
        const settings = { ...settingsOf() };
        await first.records.putCollection({ id, createdMs, state, settings });
        await first.close();
        const second = await openStoredCatalog(folder);
        const left = second.catalog.listCollections('instance');
        expect(left).toMatchObject(state === 'clearing' ? [{ status: 'ready', images: 0 }] : []);
        await second.catalog.maintain();
        expect(await objectsIn(folder)).toEqual([]);
        await second.close();
        expect([second.damage, second.errors]).toEqual([[], []]);
      }),
  );

  test('objects that no record refers to are removed, also half-written ones', () =>
    withFolder(async (folder) => {
      await fillFolder(folder);
      await mkdir(join(folder, 'objects', '00'), { recursive: true });
      await writeFile(join(folder, 'objects', '00', '00'.repeat(32)), 'x');
      await writeFile(join(folder, 'objects', 'temporary', 'half'), 'x');
      const stored = await openStoredCatalog(folder);
      await stored.catalog.maintain();
      expect(await objectsIn(folder)).toHaveLength(3);
      expect(await readdir(join(folder, 'objects', 'temporary'))).toEqual([]);
      await stored.close();
    }));

  test('a damaged record is named, found by no search, and makes nothing be swept', () =>
    withFolder(async (folder) => {
      const info = await fillFolder(folder);
      const level = await openLevel(join(folder, 'records'));
      const key = imageKey(info.id, KEY);
      await level.put(key, flipBit((await level.get(key)) ?? Buffer.alloc(1)));
      await level.close();
      const stored = await openStoredCatalog(folder);
      const { catalog } = stored;
      await catalog.maintain();
      expect(stored.damage).toMatchObject([{ kind: 'record', key: KEY }]);
      expect(await namesFound(catalog, info)).toEqual(['b', 'c']);
      const named = { code: 'DamagedRecord', status: 409 };
      await expect(catalog.getImage(info, KEY)).rejects.toMatchObject(named);
      const updating = catalog.updateImage(info, { ...KEY, attributes: {} });
      await expect(updating).rejects.toMatchObject(named);
      const likeIt = catalog.search(info, { query: { kind: 'stored', ...KEY }, ...FIRST_PAGE });
      await expect(likeIt).rejects.toMatchObject(named);
      await catalog.removeImages(info, { kind: 'product', productId: 'p' });
      await catalog.maintain();
      expect(await objectsIn(folder)).toHaveLength(3);
      await catalog.addImage(info, imageOf('p', 'a', RED));
      expect(await namesFound(catalog, info)).toEqual(['a']);
      await stored.close();
      expect(stored.errors).toEqual([]);
    }));
});

function flipBit(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle);
  return copy;
}
