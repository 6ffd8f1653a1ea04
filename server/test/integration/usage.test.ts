import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';

import { nodeDisk } from '../../src/disk/disk.ts';
import type { CollectionFigures } from '../../src/metrics/server-state.ts';
import { openLevel } from '../../src/store/level-handle.ts';
import { prefixRange, valueKey } from '../../src/store/level-keys.ts';
import { LevelRecordStore } from '../../src/store/level-record-store.ts';
import type { ValueChange, ValueStore } from '../../src/store/value-store.ts';
import { FLUSH_MS, UsageBook, type UsageCall } from '../../src/usage/usage-book.ts';
import {
  StoredUsageReader,
  type UsageQuery,
  type UsageReport,
} from '../../src/usage/usage-report.ts';
import { MemoryValues } from '../support/memory-values.ts';
import {
  SHOP,
  withObserved,
  type Figures,
  type ObservedServer,
} from '../support/observed-server.ts';
import { withFolder } from '../support/stored-catalog.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Ten in the morning, by UTC. */
const START_MS = Date.UTC(2026, 10, 21, 10, 15);
const WRITER = fileURLToPath(new URL('../support/usage-writer.mjs', import.meta.url));
const RED = { vector: [1, 0, 0, 0] };
const CALL: UsageCall = { collection: 'instance:shop', action: 'AddImage', code: 'OK', ms: 5 };

/** A book with a clock that can be set. */
function openBook(values: ValueStore, collections: readonly CollectionFigures[] = []) {
  const clock = { nowMs: START_MS };
  const errors: unknown[] = [];
  const book = new UsageBook({
    values,
    now: () => clock.nowMs,
    readCollections: () => collections,
    onError: (error) => errors.push(error),
    flushMs: 0,
  });
  const report = (query: Partial<UsageQuery> = {}): Promise<UsageReport> =>
    new StoredUsageReader(values, book).report({
      granularity: 'hour',
      fromMs: START_MS,
      toMs: clock.nowMs + 1,
      columns: ['collection', 'action', 'code'],
      isVisible: () => true,
      ...query,
    });
  return { book, clock, errors, report };
}

function noteTimes(book: UsageBook, times: number, changes: Partial<UsageCall> = {}): void {
  for (let i = 0; i < times; i += 1) book.note({ ...CALL, ...changes });
}

describe('usage', () => {
  test('is counted by hour and by day, exactly, whether it is written yet or not', async () => {
    const { book, clock, report } = openBook(new MemoryValues());
    noteTimes(book, 3);
    noteTimes(book, 1, { code: 'InvalidRegion', ms: 1 });
    await book.flush();
    noteTimes(book, 2, { ms: 500 });
    clock.nowMs += HOUR_MS;
    noteTimes(book, 1, { action: 'Detail' });
    const told = (await report()).calls.map(({ startMs, action, code, calls }) => [
      new Date(startMs).toISOString().slice(11, 13),
      action,
      code,
      calls,
    ]);
    expect(told).toEqual([
      ['10', 'AddImage', 'InvalidRegion', 1],
      ['10', 'AddImage', 'OK', 5],
      ['11', 'Detail', 'OK', 1],
    ]);
    const byDay = await report({ granularity: 'day', columns: ['collection'] });
    expect(byDay.calls).toEqual([
      {
        startMs: Date.UTC(2026, 10, 21),
        collection: 'instance:shop',
        calls: 7,
        p50Ms: expect.any(Number),
        p95Ms: expect.any(Number),
      },
    ]);
    const [day] = byDay.calls;
    expect(Math.abs((day?.p50Ms ?? 0) / 5 - 1)).toBeLessThan(0.05);
    expect(Math.abs((day?.p95Ms ?? 0) / 500 - 1)).toBeLessThan(0.05);
  });

  test('goes on where the last run ended, in the same hour', async () => {
    const values = new MemoryValues();
    const first = openBook(values);
    noteTimes(first.book, 4);
    await first.book.close();
    const second = openBook(values);
    noteTimes(second.book, 2);
    expect((await second.report()).calls).toMatchObject([{ calls: 6 }]);
    await second.book.close();
    noteTimes(second.book, 1);
    await second.book.flush();
    expect((await openBook(values).report()).calls).toMatchObject([{ calls: 7 }]);
  });

  test('is neither lost nor counted twice when a write fails, though it may have arrived', async () => {
    const values = new MemoryValues();
    let failures = 1;
    const failing: ValueStore = {
      readValues: (range) => values.readValues(range),
      writeValues: async (changes) => {
        await values.writeValues(changes);
        failures -= 1;
        if (failures >= 0) throw new Error('no sync');
      },
    };
    const { book, errors, report } = openBook(failing);
    noteTimes(book, 5);
    await book.flush();
    noteTimes(book, 1);
    await book.flush();
    expect(errors).toHaveLength(1);
    expect((await report()).calls).toMatchObject([{ calls: 6 }]);
    expect((await openBook(values).report()).calls).toMatchObject([{ calls: 6 }]);
  });

  test('is written in bounded steps, and only what changed', async () => {
    const values = new MemoryValues();
    const steps: number[] = [];
    const watched: ValueStore = {
      readValues: (range) => values.readValues(range),
      writeValues: async (changes: readonly ValueChange[]) => {
        steps.push(changes.length);
        await values.writeValues(changes);
      },
    };
    const { book } = openBook(watched);
    for (let i = 0; i < 300; i += 1) noteTimes(book, 1, { collection: `instance:s${i}` });
    await book.flush();
    expect(steps).toEqual([256, 256, 88]);
    noteTimes(book, 1, { collection: 'instance:s7' });
    await book.flush();
    expect(steps.slice(3)).toEqual([2]);
  });

  test('is kept for eight days by hour and for two years by day', async () => {
    const values = new MemoryValues();
    const { book, clock } = openBook(values);
    noteTimes(book, 1);
    await book.flush();
    const kept = (letter: string): number =>
      [...values.texts.keys()].filter((name) => name.startsWith(`usage/${letter}/`)).length;
    clock.nowMs += 8 * DAY_MS;
    await book.flush();
    expect([kept('h'), kept('d')]).toEqual([1, 1]);
    clock.nowMs += HOUR_MS;
    await book.flush();
    expect([kept('h'), kept('d')]).toEqual([0, 1]);
    clock.nowMs += 731 * DAY_MS;
    await book.flush();
    expect([kept('h'), kept('d')]).toEqual([0, 0]);
  });

  test('tells what collections held, of each day and of hours with changes', async () => {
    const shop = {
      facade: 'instance',
      name: 'shop',
      images: 1,
      storedBytes: 100,
      unembedded: 0,
    } as const;
    const collections: CollectionFigures[] = [shop];
    const { book, clock, report } = openBook(new MemoryValues(), collections);
    await book.flush();
    clock.nowMs += HOUR_MS;
    await book.flush();
    collections[0] = { ...shop, images: 2, storedBytes: 200 };
    clock.nowMs += HOUR_MS;
    await book.flush();
    clock.nowMs += DAY_MS;
    await book.flush();
    const images = async (granularity: 'hour' | 'day'): Promise<readonly number[]> =>
      (await report({ granularity })).storage.map((row) => row.images);
    expect([await images('hour'), await images('day')]).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  test('of a process that is killed is there as of the last time it was written', async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, 'damaged'));
      const writer = spawn(process.execPath, [WRITER, folder, String(START_MS)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(writer.stdout, 'data');
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const values = await LevelRecordStore.open({
        folder: join(folder, 'records'),
        damagedFolder: join(folder, 'damaged'),
        disk: nodeDisk,
      });
      expect((await openBook(values).report()).calls).toMatchObject([{ calls: 100 }]);
      await values.close();
    });
    expect(FLUSH_MS).toBeLessThan(60_000);
  });
});

describe('GetUsage', () => {
  const options = { now: (): number => START_MS };

  test('tells exactly what was called, also after a restart, and to each key its own', async () => {
    await withFolder(async (folder) => {
      await withObserved(folder, options, async (server) => {
        await server.administer('CreateInstance', SHOP);
        for (const name of ['a', 'b']) await server.addPicture(name, RED);
        await server.call({ action: 'Detail', form: { InstanceName: 'none' } });
        await server.scrape((each) => hasLabel(each, 'InvalidInstance'));
      });
      await withObserved(folder, options, async (server) => {
        await server.addPicture('c', RED);
        await server.scrape((each) => hasLabel(each, 'AddImage'));
        const figures = { P50Ms: expect.any(Number), P95Ms: expect.any(Number) };
        const shape = { UtcStart: String(START_MS - 15 * 60_000), ...figures };
        expect(await tellCalls(server, { GroupBy: 'InstanceName,Action,Code' })).toEqual([
          { ...shape, InstanceName: '', Action: 'Detail', Code: 'InvalidInstance', Calls: 1 },
          { ...shape, InstanceName: 'shop', Action: 'AddImage', Code: 'OK', Calls: 3 },
          { ...shape, InstanceName: 'shop', Action: 'CreateInstance', Code: 'OK', Calls: 1 },
        ]);
        expect(await tellCalls(server, { InstanceName: 'shop', GroupBy: 'Code' })).toMatchObject([
          { Code: 'OK', Calls: 4 },
        ]);
        const { json } = await server.administer('CreateAccessKey', {
          Role: 'admin',
          Scopes: 'instance:other*',
        });
        const { AccessKeyId, AccessKeySecret } = json['AccessKey'] as {
          readonly AccessKeyId: string;
          readonly AccessKeySecret: string;
        };
        const key = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret };
        expect(await tellCalls(server, {}, key)).toEqual([]);
      });
    });
  });

  test('counts the pictures that were fetched under the instance that they are of', async () => {
    await withFolder(async (folder) => {
      await withObserved(folder, options, async (server) => {
        await server.administer('CreateInstance', SHOP);
        await server.addPicture('a', RED);
        const kept = { InstanceName: 'shop', ProductId: 'p1', PicName: 'a' };
        const { json } = await server.administer('GetThumbnail', kept);
        const { Url } = json['Thumbnail'] as { readonly Url: string };
        expect((await server.get(Url)).status).toBe(200);
        await server.get(`${Url}x`);
        await server.scrape((each) => hasLabel(each, 'SignatureDoesNotMatch'));
        const told = await tellCalls(server, { GroupBy: 'InstanceName,Action,Code' });
        const fetches = (told as Record<string, unknown>[]).filter(
          ({ Action }) => Action === 'GET /pictures',
        );
        expect(fetches.map(({ InstanceName, Code, Calls }) => [InstanceName, Code, Calls])).toEqual(
          [
            ['', 'SignatureDoesNotMatch', 1],
            ['shop', 'OK', 1],
          ],
        );
      });
    });
  });

  test('leaves out a row that is damaged, and says so', async () => {
    await withFolder(async (folder) => {
      await withObserved(folder, options, async (server) => {
        await server.administer('CreateInstance', SHOP);
        await server.scrape((each) => hasLabel(each, 'CreateInstance'));
      });
      await flipFirstRow(join(folder, 'records'));
      await withObserved(folder, options, async (server) => {
        expect(await tellCalls(server, { GroupBy: 'Action' })).toEqual([]);
        const status = await (await server.get('/readyz')).json();
        expect(status).toMatchObject({ Damage: { value: 1 } });
      });
    });
  });

  test('refuses what it cannot tell', async () => {
    await withFolder(async (folder) => {
      await withObserved(folder, options, async (server) => {
        const cases = [
          [{ Granularity: 'week' }, 'BadRequest'],
          [{ GroupBy: 'Colour' }, 'BadRequest'],
          [{ UtcFrom: 'yesterday' }, 'BadRequest'],
          [{ InstanceName: 'none' }, 'InvalidInstance'],
        ] as const;
        for (const [form, code] of cases) {
          expect((await server.administer('GetUsage', form)).json['Code']).toBe(code);
        }
      });
    });
  });
});

function hasLabel(figures: Figures, text: string): boolean {
  return [...figures.keys()].some((name) => name.includes(`="${text}"`));
}

/** Flips a bit in the first row of calls by the hour. */
async function flipFirstRow(folder: string): Promise<void> {
  const level = await openLevel(folder);
  const [row] = await level.iterator(prefixRange(valueKey('usage/h/'))).all();
  if (row === undefined) throw new Error('no usage was written');
  const [key, value] = row;
  value[0] = (value[0] ?? 0) ^ 1;
  await level.put(key, value);
  await level.close();
}

async function tellCalls(
  server: ObservedServer,
  form: Readonly<Record<string, string>>,
  key?: Parameters<ObservedServer['administer']>[2],
): Promise<unknown> {
  return (await server.administer('GetUsage', form, key)).json['Usage'];
}
