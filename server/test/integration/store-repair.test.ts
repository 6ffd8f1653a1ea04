import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { openLevel, type LevelHandle } from '../../src/store/level-handle.ts';
import { LevelRecordStore } from '../../src/store/level-record-store.ts';
import { StoreUnreadableError, type RecordStore } from '../../src/store/record-store.ts';
import {
  damageFound,
  fillStore,
  foldersOf,
  KEY,
  openStore,
  SHOP,
} from '../support/filled-store.ts';
import { recordOf } from '../support/image-records.ts';
import { withFolder } from '../support/stored-catalog.ts';

/** Enough text for LevelDB to compress. */
function imageOf(index: number, round: number): ReturnType<typeof recordOf> {
  return recordOf('p', String(index), { customContent: `${round} ${'text '.repeat(200)}${index}` });
}

async function rowsOf(store: RecordStore): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const step of store.scan(SHOP.id, { isLookedUp: true })) found.push(step);
  return found;
}

/** What LevelDB says of files that it cannot make sense of. */
const CORRUPTION = new Error('Corruption: not open');
/** What it says of a disk that fails. */
const DISK_FAILURE = new Error('IO error: MANIFEST-000004: Input/output error');

async function failToOpen(folder: string): Promise<never> {
  throw new StoreUnreadableError(folder, new Error('not open', { cause: DISK_FAILURE }));
}

/** Opens, and then reads no row. */
async function failToRead(folder: string): Promise<LevelHandle> {
  return new Proxy(await openLevel(folder), {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'iterator') return typeof value === 'function' ? value.bind(target) : value;
      return (...range: Parameters<LevelHandle['iterator']>) =>
        Object.assign(target.iterator(...range), { next: () => Promise.reject(DISK_FAILURE) });
    },
  });
}

describe('a store whose own files are damaged', () => {
  const spoil: readonly (readonly [string, (folder: string, manifest: string) => Promise<void>])[] =
    [
      ['CURRENT names nothing', (folder) => writeFile(join(folder, 'CURRENT'), 'MANIFEST-9')],
      ['CURRENT is missing', (folder) => rm(join(folder, 'CURRENT'))],
      ['the manifest is missing', (folder, manifest) => rm(join(folder, manifest))],
      [
        'the manifest has a flipped bit',
        async (folder, manifest) => {
          const bytes = await readFile(join(folder, manifest));
          bytes.writeUInt8(bytes.readUInt8(9) ^ 4, 9);
          await writeFile(join(folder, manifest), bytes);
        },
      ],
    ];

  test.each(spoil)('is replaced by a repaired copy when %s', (_, damage) =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      // Opened once more, so that the records are in a table and not in the log.
      await (await openStore(folder)).close();
      const names = await nodeDisk.list(join(folder, 'records'));
      const manifest = names.find((name) => name.startsWith('MANIFEST')) ?? '';
      await damage(join(folder, 'records'), manifest);
      const store = await openStore(folder);
      const [found, ...others] = store.damage;
      expect(found).toMatchObject({ kind: 'store', name: 'records', isMended: true });
      expect(others).toEqual([]);
      expect(found?.detail).toContain('holds everything that was written');
      expect(await nodeDisk.list(found?.copiedTo ?? '')).not.toEqual([]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 3 });
      expect(await store.get(SHOP.id, KEY)).toBeDefined();
      await store.close();
      const again = await openStore(folder);
      expect(await damageFound(again)).toEqual([]);
      await again.close();
    }),
  );

  test('is not repaired where the disk takes no writes: it says so, and nothing is set aside', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      const failure: NodeJS.ErrnoException = Object.assign(new Error('EIO: i/o error, write'), {
        code: 'EIO',
      });
      const disk: Disk = {
        ...nodeDisk,
        writeSynced: async (path, data, mode) => {
          if (path.endsWith('probe')) throw failure;
          await nodeDisk.writeSynced(path, data, mode);
        },
      };
      const opening = LevelRecordStore.open({ ...foldersOf(folder), disk, openLevel: failToOpen });
      await expect(opening).rejects.toMatchObject({ code: 'DiskFailure', cause: failure });
      const whole = await openStore(folder);
      expect(whole.damage).toEqual([]);
      expect(await whole.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await whole.close();
    }));

  test('stays where it is when a repaired copy of it does not open either', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      let copies = 0;
      const openCopyOnce = async (path: string): Promise<LevelHandle> => {
        if (!path.endsWith('.repairing')) throw new StoreUnreadableError(path, CORRUPTION);
        copies += 1;
        return copies === 1 ? openLevel(path) : failToOpen(path);
      };
      const options = { ...foldersOf(folder), disk: nodeDisk, openLevel: openCopyOnce };
      for (const starts of [1, 2]) {
        copies = 0;
        await expect(LevelRecordStore.open(options)).rejects.toMatchObject({
          code: 'StoreUnreadable',
        });
        expect([starts, await nodeDisk.list(foldersOf(folder).damagedFolder)]).toEqual([
          starts,
          [],
        ]);
      }
      const whole = await openStore(folder);
      expect(whole.damage).toEqual([]);
      expect(await whole.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await whole.close();
    }));

  test.each([
    ['open', failToOpen],
    ['be read', failToRead],
  ])('is not set aside where the disk lets a copy of it open, and not it %s', (_, fail) =>
    withFolder(async (folder) => {
      await fillTable(folder);
      const openCopy = (path: string): Promise<LevelHandle> =>
        path === foldersOf(folder).folder ? fail(path) : openLevel(path);
      const options = { ...foldersOf(folder), disk: nodeDisk, openLevel: openCopy };
      await expect(LevelRecordStore.open(options)).rejects.toMatchObject({
        code: 'DiskFailure',
        message: expect.stringContaining('MANIFEST-000004: Input/output error'),
      });
      const whole = await openStore(folder);
      expect([whole.damage, await nodeDisk.list(foldersOf(folder).damagedFolder)]).toEqual([
        [],
        [],
      ]);
      expect(await whole.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await whole.close();
    }),
  );

  test('is opened once more, and not repaired, when one write failed', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      let failures = 1;
      const once = async (path: string): Promise<LevelHandle> => {
        failures -= 1;
        return failures < 0 ? openLevel(path) : failToOpen(path);
      };
      const store = await LevelRecordStore.open({
        ...foldersOf(folder),
        disk: nodeDisk,
        openLevel: once,
      });
      expect([failures, store.damage]).toEqual([-1, []]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await store.close();
    }));

  test('is repaired when a table of it is damaged, and nobody has it open', () =>
    withFolder(async (folder) => {
      const table = await fillTable(folder);
      await flipBit(table);
      const user = await holdOpen(join(folder, 'records'));
      await expect(openStore(folder)).rejects.toMatchObject({ code: 'StoreLocked' });
      await user.end();
      const store = await openStore(folder);
      expect(store.damage[0]).toMatchObject({ kind: 'store', name: 'records' });
      expect(store.damage[0]?.detail).toContain('of the record store is damaged');
      expect(await store.checkRest()).toEqual([]);
      await store.close();
      expect(await nodeDisk.list(folder)).not.toContain('records.unclosed');
    }));

  test('is repaired when a table of it is missing', () =>
    withFolder(async (folder) => {
      const table = await fillTable(folder);
      await rm(table);
      const store = await openStore(folder);
      expect(store.damage[0]).toMatchObject({ kind: 'store', name: 'records' });
      expect(store.damage[0]?.detail).toContain(
        `${basename(table)} of the record store is missing`,
      );
      await store.close();
    }));

  test.each<readonly [string, (table: string) => Promise<void>]>([
    ['missing', rm],
    ['damaged', flipBit],
  ])('tells, while it is open, of a table that is %s', (state, spoilTable) =>
    withFolder(async (folder) => {
      await fillTable(folder);
      const store = await openStore(folder);
      // Opening it may have put another in the first one's place.
      const table = await tableIn(folder);
      await spoilTable(table);
      const [found, ...others] = await store.checkRest();
      expect(found).toMatchObject({ kind: 'store', name: basename(table) });
      expect(found?.detail).toContain(`is ${state}`);
      expect(others).toEqual([]);
      await store.close();
    }),
  );

  test.each([0, 100])('is whole beside a table of %d bytes that a crash left unfinished', (left) =>
    withFolder(async (folder) => {
      const table = await fillTable(folder);
      const bytes = await readFile(table);
      const unfinished = join(folder, 'records', '000999.ldb');
      await writeFile(unfinished, bytes.subarray(0, left));
      const store = await openStore(folder);
      expect(store.damage).toEqual([]);
      await writeFile(unfinished, bytes.subarray(0, left));
      expect(await store.checkRest()).toEqual([]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await store.close();
      expect(await nodeDisk.list(folder)).not.toContain('damaged');
    }),
  );

  test('is whole when the last edit of its manifest was not wholly written', () =>
    withFolder(async (folder) => {
      await fillTable(folder);
      const records = join(folder, 'records');
      const manifest = (await readFile(join(records, 'CURRENT'), 'latin1')).trim();
      // The head of a record of 64 bytes, and no more.
      await appendFile(join(records, manifest), Buffer.from([1, 2, 3, 4, 64, 0, 1, 7]));
      const store = await openStore(folder);
      expect([store.damage, await store.checkRest()]).toEqual([[], []]);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await store.close();
    }));

  test('gives back every row of compressed tables and of the log, as it was written last', () =>
    withFolder(async (folder) => {
      for (const round of [1, 2, 3]) {
        const store = await openStore(folder);
        await store.putCollection(SHOP);
        const puts = Array.from({ length: 200 }, (_, index) => ({
          kind: 'put' as const,
          image: imageOf(index * round, round),
        }));
        await store.write(SHOP.id, [
          ...puts,
          { kind: 'remove', key: { productId: 'p', picName: String(round * 6) } },
        ]);
        await store.close();
      }
      await cp(join(folder, 'records'), join(folder, 'whole', 'records'), { recursive: true });
      await rm(join(folder, 'records', 'CURRENT'));
      const whole = await openStore(join(folder, 'whole'));
      const repaired = await openStore(folder);
      expect(await rowsOf(repaired)).toEqual(await rowsOf(whole));
      expect(repaired.damage).toMatchObject([{ kind: 'store', isMended: true }]);
      await Promise.all([whole.close(), repaired.close()]);
    }));

  test('brings back nothing that was deleted, of a table that a crash left behind', () =>
    withFolder(async (folder) => {
      const table = await fillTable(folder);
      const old = await readFile(table);
      const before = await openStore(folder);
      await before.write(SHOP.id, [{ kind: 'remove', key: KEY }]);
      await before.purge();
      await before.close();
      await writeFile(table, old);
      const openCopyFirst = async (path: string): Promise<LevelHandle> => {
        const isRepaired = (await nodeDisk.list(foldersOf(folder).damagedFolder)).length > 0;
        if (isRepaired || path.endsWith('.repairing')) return openLevel(path);
        throw new StoreUnreadableError(path, CORRUPTION);
      };
      const options = { ...foldersOf(folder), disk: nodeDisk, openLevel: openCopyFirst };
      const store = await LevelRecordStore.open(options);
      expect(store.damage).toMatchObject([{ kind: 'store', isMended: true }]);
      expect(await store.get(SHOP.id, KEY)).toBeUndefined();
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 2 });
      await store.close();
    }));

  test('removes what a crash left of the links that were read by meanwhile', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 1);
      const beside = join(folder, 'records.reading');
      await cp(join(folder, 'records'), beside, { recursive: true });
      await (await openStore(folder)).close();
      expect(await nodeDisk.list(beside)).toEqual([]);
    }));

  test('takes the repaired copy that a crash left without its name', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 3);
      await rename(join(folder, 'records'), join(folder, 'records.repaired'));
      const store = await openStore(folder);
      expect(await store.statistics(SHOP.id)).toMatchObject({ images: 3 });
      await store.close();
    }));

  test('is not touched when it cannot be opened for want of something else', () =>
    withFolder(async (folder) => {
      await fillStore(folder, 1);
      const cause = new Error('IO error: records/LOCK: Too many open files');
      const opening = LevelRecordStore.open({
        ...foldersOf(folder),
        disk: nodeDisk,
        openLevel: async (path) => {
          throw new StoreUnreadableError(path, new Error('not open', { cause }));
        },
      });
      await expect(opening).rejects.toMatchObject({ code: 'StoreUnreadable' });
      expect(await nodeDisk.list(folder)).not.toContain('damaged');
    }));
});

/** A closed store whose images are in a table, not in the log. Resolves to the table. */
async function fillTable(folder: string): Promise<string> {
  await fillStore(folder, 3);
  await (await openStore(folder)).close();
  return tableIn(folder);
}

async function tableIn(folder: string): Promise<string> {
  const names = await nodeDisk.list(join(folder, 'records'));
  return join(folder, 'records', names.toSorted().find((name) => name.endsWith('.ldb')) ?? '');
}

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
  await writeFile(path, bytes);
}

/** Another process that has the store open. */
async function holdOpen(folder: string): Promise<{ end(): Promise<void> }> {
  const script = `
    import { Level } from 'level';
    const level = new Level(${JSON.stringify(folder)});
    await level.open();
    console.log('open');
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
