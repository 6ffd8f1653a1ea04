import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createVectorEngine } from '../../src/vectors/create-vector-engine.ts';
import { inspectSnapshot } from '../../src/vectors/snapshot/inspect-snapshot.ts';
import type { IndexOptions, IndexRow, VectorIndex } from '../../src/vectors/vector-index.ts';
import { createClusteredEngine } from '../support/clustered-engine.ts';
import { MemoryVectorIndex } from '../support/memory-vector-index.ts';
import { RandomRows } from '../support/random-rows.ts';

const SEED = 20_260_404;
const OPTIONS: IndexOptions = {
  dims: 40,
  calibration: [
    [-1, 0],
    [1, 1],
  ],
};

const engine = createVectorEngine({ workers: 2 });
const cellEngine = createClusteredEngine(300);
afterAll(async () => {
  await engine.close();
  await cellEngine.close();
});

describe('a snapshot', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'likeness-vectors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is read back as it was when the save began, though rows were written meanwhile', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const [index, memory] = [engine.createIndex(OPTIONS), new MemoryVectorIndex(OPTIONS)];
    for (let i = 0; i < 3_000; i += 1) {
      const [row, key] = [rows.row(), rows.key()];
      for (const each of [index, memory]) {
        each.put(row);
        if (i % 5 === 0) each.remove(key);
      }
    }
    const path = join(folder, 'index');
    const saved = index.save(path, 'tag 1');
    for (let i = 0; i < 500; i += 1) index.put(rows.row());
    index.clear();
    await saved;
    expect(await readdir(folder)).toEqual(['index']);

    const loaded = await engine.loadIndex(path, 'tag 1', OPTIONS);
    expect(loaded?.size).toBe(memory.size);
    for (let i = 0; i < 40; i += 1) {
      const query = rows.query();
      const { hits, found } = await memory.search(query);
      expect(await loaded?.search(query)).toMatchObject({ hits, found });
    }
    const everything = { start: 0, num: 9_999 };
    expect(await loaded?.list(everything)).toEqual(await memory.list(everything));
    expect(loaded?.keysOfGroup('g3')).toEqual(memory.keysOfGroup('g3'));
    loaded?.close();
    index.close();
  });

  test('is whole and read back when it holds no row', async () => {
    const path = join(folder, 'empty');
    const index = engine.createIndex(OPTIONS);
    await index.save(path, 'none');
    index.close();
    expect(await inspectSnapshot(path)).toEqual({ tag: 'none' });
    const loaded = await engine.loadIndex(path, 'none', OPTIONS);
    expect(loaded?.size).toBe(0);
    loaded?.close();
  });

  test('goes on as the one that was saved, whatever is written, replaced and removed after', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const index = engine.createIndex(OPTIONS);
    for (let i = 0; i < 1_200; i += 1) index.put({ ...rows.row(), key: `k${i}` });
    const path = join(folder, 'whole');
    await index.save(path, 'tag');
    const loaded = await engine.loadIndex(path, 'tag', OPTIONS);
    for (let i = 0; i < 600; i += 1) {
      const [row, key] = [rows.row(), `k${rows.random.below(1_500)}`];
      for (const each of [index, loaded]) {
        if (i % 3 === 0) each?.remove(key);
        else if (i % 3 === 1) each?.put({ ...row, key });
        else each?.setAttributes(key, row.attributes, row.revision);
      }
    }
    for (let i = 0; i < 30; i += 1) {
      const query = rows.query();
      const { hits, found } = await index.search(query);
      expect(await loaded?.search(query)).toMatchObject({ hits, found });
    }
    const everything = { start: 0, num: 9_999 };
    expect(await loaded?.list(everything)).toEqual(await index.list(everything));
    expect(loaded?.keysOfGroup('g3')).toEqual(index.keysOfGroup('g3'));
    loaded?.close();
    index.close();
  });

  test('has nothing of rows that were written while it was saved, whenever they came', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const filter = { kind: 'compare', field: 'a', operator: '=', value: 1 } as const;
    const path = join(folder, 'beside');
    for (let turns = 0; turns < 40; turns += 1) {
      const index = engine.createIndex(OPTIONS);
      const put = (to: VectorIndex, i: number, attributes: IndexRow['attributes']): void =>
        to.put({ ...rows.row(), key: `k${i}`, category: 0, attributes });
      for (let i = 0; i < 40; i += 1) put(index, i, { a: 1 });
      const saved = index.save(path, 'tag');
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      put(index, 40, { a: 1 });
      await saved;
      index.close();
      const loaded = await engine.loadIndex(path, 'tag', OPTIONS);
      if (loaded === undefined) throw new Error('no index');
      put(loaded, 41, {});
      const { found } = await loaded.list({ filter, start: 0, num: 0 });
      loaded.close();
      expect({ turns, found }).toEqual({ turns, found: 40 });
    }
  });

  test('lies in cells when it is read, as it did when it was saved', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const index = cellEngine.createIndex(OPTIONS);
    for (let i = 0; i < 1_500; i += 1) index.put({ ...rows.row(), key: `k${i}`, category: i % 2 });
    await index.cells.settle();
    for (let i = 0; i < 1_500; i += 7) index.remove(`k${i}`);
    for (let i = 2_000; i < 2_050; i += 1) index.put({ ...rows.row(), key: `k${i}` });
    const path = join(folder, 'cells');
    await index.save(path, 'tag');
    const loaded = await cellEngine.loadIndex(path, 'tag', OPTIONS);
    const modes = new Set<string>();
    for (let i = 0; i < 20; i += 1) {
      const query = { ...rows.query(), minScore: 0, distinct: false };
      const { hits, found, mode } = await index.search(query);
      expect(await loaded?.search(query)).toMatchObject({ hits, found });
      modes.add(mode);
    }
    expect(modes).toContain('approximate');
    const row = { ...rows.row(), key: 'new' };
    loaded?.put(row);
    const query = { vector: row.vector, start: 0, num: 1, minScore: 0, distinct: false };
    expect((await loaded?.search({ ...query, pinnedKey: 'new' }))?.hits[0]?.key).toBe('new');
    loaded?.close();
    index.close();
  });

  test('is not read when it is missing, of another tag or dims, cut short, or changed in one bit', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const index = engine.createIndex(OPTIONS);
    for (let i = 0; i < 60; i += 1) index.put({ ...rows.row(), key: `k${i}` });
    const path = join(folder, 'damaged');
    await index.save(path, 'tag');
    index.close();
    const load = async (tag = 'tag', dims = OPTIONS.dims): Promise<VectorIndex | undefined> =>
      engine.loadIndex(path, tag, { ...OPTIONS, dims });
    expect((await load())?.size).toBe(60);
    const before = engine.allocatedBytes;
    expect(await load('other')).toBeUndefined();
    expect(await load('tag', 41)).toBeUndefined();
    expect(await engine.loadIndex(join(folder, 'none'), 'tag', OPTIONS)).toBeUndefined();
    const sound = await readFile(path);
    for (let at = 0; at < sound.length; at += Math.ceil(sound.length / 200)) {
      const flipped = Buffer.from(sound);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      expect({ at, loaded: await load() }).toEqual({ at, loaded: undefined });
    }
    await writeFile(path, sound);
    await truncate(path, sound.length - 1);
    expect(await load()).toBeUndefined();
    expect(engine.allocatedBytes).toBe(before);
  });
});
