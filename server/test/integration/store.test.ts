import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { openDataFolder } from '../../src/store/data-folder.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { FileObjectStore } from '../../src/store/file-object-store.ts';
import { openLevel } from '../../src/store/level-handle.ts';
import { imageKey } from '../../src/store/level-keys.ts';
import { LevelRecordStore } from '../../src/store/level-record-store.ts';
import type { RecordStore } from '../../src/store/record-store.ts';
import { describeObjectStore } from '../contract/object-store.contract.ts';
import { describeRecordStore } from '../contract/record-store.contract.ts';
import { recordOf } from '../support/image-records.ts';
import { createName, withFolder } from '../support/stored-catalog.ts';
import { FailingLevel } from '../support/failing-level.ts';
import {
  damageFound,
  fillStore,
  foldersOf,
  KEY,
  openStore,
  SHOP,
} from '../support/filled-store.ts';

describeRecordStore('LevelRecordStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  return {
    open: () => openStore(folder),
    dispose: () => rm(folder, { recursive: true }),
  };
});

describeObjectStore('FileObjectStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  return {
    open: () => FileObjectStore.open({ folder, disk: nodeDisk, createName }),
    dispose: () => rm(folder, { recursive: true }),
  };
});

describe('the data folder', () => {
  test('of a newer format, or without one it can read, is refused', () =>
    withFolder(async (folder) => {
      await openDataFolder(folder, nodeDisk);
      await openDataFolder(folder, nodeDisk);
      await writeFile(join(folder, 'FORMAT'), '{"format":2}\n');
      await expect(openDataFolder(folder, nodeDisk)).rejects.toThrow(
        'has format 2, and this version reads up to 1: use a newer Likeness',
      );
      await writeFile(join(folder, 'FORMAT'), 'x');
      await expect(openDataFolder(folder, nodeDisk)).rejects.toThrow('not readable');
      await rm(join(folder, 'FORMAT'));
      await expect(openDataFolder(folder, nodeDisk)).rejects.toThrow('is missing');
    }));

  test('is for its owner alone, and no folder that holds something else', () =>
    withFolder(async (folder) => {
      await openDataFolder(join(folder, 'new'), nodeDisk);
      for (const part of ['', 'records', 'objects']) {
        const { mode } = await stat(join(folder, 'new', part));
        expect(mode & 0o777).toBe(0o700);
      }
      await writeFile(join(folder, 'thesis.doc'), 'x');
      await expect(openDataFolder(folder, nodeDisk)).rejects.toThrow('is no data folder');
    }));

  test('that another process has open says so', () =>
    withFolder(async (folder) => {
      const store = await openStore(folder);
      await expect(openStore(folder)).rejects.toMatchObject({
        code: 'StoreLocked',
        message: expect.stringContaining('another Likeness uses the folder'),
      });
      await store.close();
    }));
});

describe('a damaged record', () => {
  test('is named, not served, and leaves the others alone', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      await flipValue(folder, (key) => key.equals(imageKey(SHOP.id, KEY)));
      const store = await openStore(folder);
      expect(await damageFound(store)).toEqual([
        'the record "p" "a" of collection shop is damaged: its checksum does not hold',
      ]);
      await expect(store.get(SHOP.id, KEY)).rejects.toMatchObject({ code: 'DamagedRecord' });
      const [damaged, whole] = await store.getMany(SHOP.id, [KEY, { ...KEY, picName: 'b' }]);
      expect(damaged).toMatchObject({ kind: 'damage', damage: { key: KEY } });
      expect(whole).toMatchObject({ kind: 'image' });
      await store.close();
    }));

  test.each(['put', 'remove'] as const)('is mended by a %s of its key', (kind) =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      await flipValue(folder, (key) => key.equals(imageKey(SHOP.id, KEY)));
      const store = await openStore(folder);
      const change = kind === 'put' ? { kind, image: recordOf('p', 'a') } : { kind, key: KEY };
      await store.write(SHOP.id, [change]);
      expect(await damageFound(store)).toEqual([]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: kind === 'put' ? 3 : 2 });
      await store.close();
    }),
  );

  test('that vanished, came back, or lost its reference is told by its collection', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      const level = await openLevel(join(folder, 'records'));
      const key = imageKey(SHOP.id, KEY);
      const value = (await level.get(key)) ?? Buffer.alloc(0);
      await level.del(key);
      await level.close();
      const store = await openStore(folder);
      expect(await damageFound(store)).toEqual([
        'collection shop is not what was written: 3 images were written and 2 are there',
      ]);
      await store.write(SHOP.id, [{ kind: 'put', image: recordOf('p', 'z') }]);
      await store.close();
      const again = await openLevel(join(folder, 'records'));
      await again.put(key, value);
      await again.del(imageKey(SHOP.id, { ...KEY, picName: 'z' }));
      for await (const reference of again.keys({ gte: Buffer.from('o'), limit: 1 })) {
        await again.del(reference);
      }
      await again.close();
      const last = await openStore(folder);
      expect(await damageFound(last)).toEqual([
        'collection shop is not what was written: 4 images were written and 3 are there',
        'the list of pictures that collection shop keeps is damaged',
      ]);
      await last.close();
    }));

  test('of settings or statistics is named', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 2);
      await flipValue(folder, (key) => key.toString() === 'sshop');
      const store = await openStore(folder);
      expect(await damageFound(store)).toEqual(['the statistics of collection shop are damaged']);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 2, lastRevision: 2 });
      await store.close();
      await flipValue(folder, (key) => key.toString() === 'cshop');
      const later = await openStore(folder);
      expect(later.damage[0]?.detail).toBe('the settings of collection shop are damaged');
      expect(await later.collections()).toEqual([]);
      await later.close();
    }));
});

describe('what was erased', () => {
  const MARKER = 'a text that nobody may find again';

  async function holdsMarker(folder: string): Promise<boolean> {
    const names = await nodeDisk.list(join(folder, 'records'));
    const files = await Promise.all(names.map((name) => readFile(join(folder, 'records', name))));
    return files.some((bytes) => bytes.includes(MARKER));
  }

  const marked = (): ReturnType<typeof recordOf> => recordOf('p', 'a', { customContent: MARKER });

  test.each([
    ['in the log', false, false],
    ['in a table', true, false],
    ['in a table, and deleted in another', true, true],
  ])('is gone from the folder after a purge: %s', (_, isWrittenOut, isReopened) =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      let store = await openStore(folder);
      const reopen = async (): Promise<void> => {
        await store.close();
        store = await openStore(folder);
      };
      await store.write(SHOP.id, [{ kind: 'put', image: marked() }]);
      if (isWrittenOut) await reopen();
      await store.write(SHOP.id, [{ kind: 'remove', key: KEY }]);
      if (isReopened) await reopen();
      expect(await holdsMarker(folder)).toBe(true);
      expect(store.hasErased).toBe(true);
      await store.purge();
      expect(store.hasErased).toBe(false);
      expect(await holdsMarker(folder)).toBe(false);
      expect(await damageFound(store)).toEqual([]);
      await reopen();
      expect(store.hasErased).toBe(false);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 2 });
      await store.close();
    }),
  );

  test('of a whole collection is gone too, also by a later process', () =>
    withFolder(async (folder) => {
      const first = await openStore(folder);
      await first.putCollection(SHOP);
      await first.write(SHOP.id, [{ kind: 'put', image: marked() }]);
      await first.clearImages(SHOP.id);
      await first.deleteCollection(SHOP.id);
      await first.close();
      const second = await openStore(folder);
      expect(second.hasErased).toBe(true);
      await second.purge();
      expect(await holdsMarker(folder)).toBe(false);
      await second.close();
    }));
});

describe('a damaged log', () => {
  test('is named and copied aside when a record before the last is bad', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 5);
      const path = await findLog(folder);
      const log = await readFile(path);
      log.writeUInt8((log[20] ?? 0) ^ 16, 20);
      await writeFile(path, log);
      const store = await openStore(folder);
      const [damage] = store.damage;
      expect(damage).toMatchObject({ kind: 'log', detail: expect.stringContaining('at byte 0') });
      expect(await readFile(damage?.copiedTo ?? '')).toEqual(log);
      await store.close();
    }));

  test('cut off in its last record is a torn write: nothing is told and nothing else is lost', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 5);
      const path = await findLog(folder);
      const log = await readFile(path);
      await writeFile(path, log.subarray(0, log.length - 3));
      const store = await openStore(folder);
      expect(await damageFound(store)).toEqual([]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 4 });
      await store.close();
    }));
});

/** Has no room for what is written before a reopening. */
const FULL_DISK: Disk = {
  ...nodeDisk,
  writeSynced: async (path, data, mode) => {
    if (path.endsWith('probe')) throw new Error('ENOSPC');
    await nodeDisk.writeSynced(path, data, mode);
  },
};

describe('after a failed write', () => {
  test.each(['lost', 'kept'] as const)(
    'nothing is acknowledged until the store was reopened, reads go on, what failed is %s',
    (fate) =>
      withFolder(async (folder) => {
        const failing = new FailingLevel();
        const store = await LevelRecordStore.open({
          ...foldersOf(folder),
          disk: nodeDisk,
          openLevel: (path) => failing.open(path),
        });
        await store.putCollection(SHOP);
        await store.write(SHOP.id, [{ kind: 'put', image: recordOf('p', 'a') }]);
        failing.failNext(fate);
        const put = (picName: string): ReturnType<RecordStore['write']> =>
          store.write(SHOP.id, [{ kind: 'put', image: recordOf('p', picName) }]);
        await expect(put('b')).rejects.toMatchObject({ code: 'StoreFailed' });
        await expect(put('c')).rejects.toMatchObject({ code: 'StoreFailed' });
        expect(store.failed).toBe(true);
        expect(await store.get(SHOP.id, KEY)).toBeDefined();
        expect(await store.statistics(SHOP.id)).toMatchObject({ images: 1 });
        await store.reopen();
        expect(await store.statistics(SHOP.id)).toMatchObject({ images: fate === 'kept' ? 2 : 1 });
        await put('c');
        expect(await damageFound(store)).toEqual([]);
        await store.close();
      }),
  );

  test('reads go on beside a reopening that fails', () =>
    withFolder(async (folder) => {
      const failing = new FailingLevel();
      const store = await LevelRecordStore.open({
        ...foldersOf(folder),
        disk: FULL_DISK,
        openLevel: (path) => failing.open(path),
      });
      await store.putCollection(SHOP);
      const put = { kind: 'put', image: recordOf('p', 'a') } as const;
      await store.write(SHOP.id, [put]);
      failing.failNext('lost');
      await expect(store.write(SHOP.id, [put])).rejects.toMatchObject({ code: 'StoreFailed' });
      const reopening = store.reopen();
      const beside = [store.get(SHOP.id, KEY), store.isReferenced('ab'.repeat(32))];
      await expect(reopening).rejects.toThrow('ENOSPC');
      expect(await Promise.all(beside)).toEqual([expect.objectContaining(KEY), false]);
      await store.close();
    }));
});

/** Flips a bit in the middle of the value whose key is meant. */
async function flipValue(folder: string, isMeant: (key: Buffer) => boolean): Promise<void> {
  const level = await openLevel(join(folder, 'records'));
  for await (const [key, value] of level.iterator()) {
    if (!isMeant(key)) continue;
    const middle = value.length >> 1;
    value.writeUInt8(value.readUInt8(middle) ^ 1, middle);
    await level.put(key, value);
  }
  await level.close();
}

async function findLog(folder: string): Promise<string> {
  const names = await nodeDisk.list(join(folder, 'records'));
  return join(folder, 'records', names.find((name) => name.endsWith('.log')) ?? '');
}
