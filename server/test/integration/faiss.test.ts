import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';

import { writeFloats } from '../../src/processes/frames.ts';
import { builtScript } from '../../src/built-script.ts';
import { FaissEngine } from '../../src/vectors/faiss/faiss-engine.ts';
import type { FaissIndex } from '../../src/vectors/faiss/faiss-index.ts';
import { findFaiss } from '../../src/vectors/faiss/faiss-package.ts';
import { FaissProcess, type FaissLost } from '../../src/vectors/faiss/faiss-process.ts';
import type { IndexRow, VectorIndex, VectorQuery } from '../../src/vectors/vector-index.ts';
import { describeVectorIndex } from '../contract/vector-index.contract.ts';
import { differences, writeSome } from '../support/compare-indexes.ts';
import { describeWithFaiss, FAISS_FROM, FAISS_MODULES } from '../support/compiled-faiss.ts';
import { launchServerOn } from '../support/launched-server.ts';
import { MemoryVectorIndex } from '../support/memory-vector-index.ts';
import { Random, RandomRows } from '../support/random-rows.ts';
import { drawTexture } from '../support/textured-picture.ts';
import { until } from '../support/until.ts';

const FAISS_SOURCES = new URL('../../src/vectors/faiss/faiss-engine.ts', import.meta.url).href;

const SEED = 20_260_102;
const WORLDS = process.env['LIKENESS_PROVE'] === undefined ? 4 : 40;
const LIMIT_MS = 300_000;
const LINEAR = [
  [-1, 0],
  [1, 1],
] as const;

const opened: FaissEngine[] = [];
afterAll(() => Promise.all(opened.map((engine) => engine.close())));

async function openEngine(
  description: string,
  dims: number,
  lost: FaissLost[] = [],
): Promise<FaissEngine> {
  const engine = await FaissEngine.open({
    description,
    effort: undefined,
    dims,
    from: FAISS_FROM,
    workers: 1,
    onLost: (event) => lost.push(event),
    onBackgroundError: (error) => console.log(error),
  });
  opened.push(engine);
  return engine;
}

async function filled(index: FaissIndex): Promise<FaissIndex> {
  await until(() => index.isFilled || index.size === 0);
  return index;
}

/** Searches when faiss has all rows. */
function patient(index: FaissIndex): VectorIndex {
  return {
    get size() {
      return index.size;
    },
    put: (row) => index.put(row),
    setAttributes: (...change) => index.setAttributes(...change),
    remove: (key) => index.remove(key),
    search: async (...asked) => (await filled(index)).search(...asked),
    searchWords: (...asked) => index.searchWords(...asked),
    list: (scope) => index.list(scope),
    keysOfGroup: (group) => index.keysOfGroup(group),
    clear: () => index.clear(),
    save: (...where) => index.save(...where),
    close: () => index.close(),
  };
}

/** The command lines of a process's children. */
async function childrenOf(pid: number): Promise<string> {
  const pids = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const lines = pids
    .trim()
    .split(' ')
    .map((each) => readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).join('\n');
}

function top(vector: Float32Array, rest: Partial<VectorQuery> = {}): VectorQuery {
  return { vector, start: 0, num: 10, minScore: 0, distinct: false, ...rest };
}

/** Vectors of unit length in all directions, no two alike. */
function directions(dims: number): () => Float32Array {
  const random = new Random(SEED);
  return () => {
    const vector = Float32Array.from({ length: dims }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((each) => each / length);
  };
}

function rowOf(number: number, vector: Float32Array): IndexRow {
  const key = `k${number}`;
  const attributes = { tenth: number % 10 };
  return {
    key,
    group: `g${number % 700}`,
    category: number % 2,
    vector,
    attributes,
    revision: number,
  };
}

describeWithFaiss('faiss', () => {
  describe.each(['Flat', 'HNSW16'])('%s', (description) => {
    let engine: FaissEngine;
    beforeAll(async () => {
      engine = await openEngine(description, 4);
    }, LIMIT_MS);

    describeVectorIndex(`FaissIndex of ${description}`, (options) =>
      patient(engine.createIndex(options)),
    );
  });

  test(
    `of all rows answers as brute force does, in ${WORLDS} worlds from seed ${SEED}`,
    async () => {
      const dims = 33;
      const engine = await openEngine('Flat', dims);
      let answered = 0;
      for (let world = 0; world < WORLDS; world += 1) {
        const rows = new RandomRows(SEED + world, dims);
        const options = { dims, calibration: LINEAR };
        const [index, memory] = [engine.createIndex(options), new MemoryVectorIndex(options)];
        for (const count of [20, 100, 1600]) {
          writeSome(rows, [index, memory], count);
          await filled(index);
          // What faiss may not know yet counts too.
          writeSome(rows, [index, memory], 15);
          for (let i = 0; i < 12; i += 1) {
            const query = rows.query();
            const [answer, expected] = [await index.search(query), await memory.search(query)];
            expect(differences(answer, expected)).toEqual([]);
          }
        }
        answered += index.answered;
        index.close();
      }
      expect(answered).toBeGreaterThan(5 * WORLDS);
    },
    LIMIT_MS,
  );

  describe('by a graph', () => {
    const dims = 16;
    const direction = directions(dims);
    let index: FaissIndex;
    const memory = new MemoryVectorIndex({ dims, calibration: LINEAR });
    beforeAll(async () => {
      const engine = await openEngine('HNSW32', dims);
      index = engine.createIndex({ dims, calibration: LINEAR });
      for (let i = 0; i < 2_000; i += 1) {
        const row = rowOf(i, direction());
        for (const each of [index, memory]) each.put(row);
      }
      await filled(index);
    }, LIMIT_MS);

    test('finds nearly all of the nearest, and says that it may have missed some', async () => {
      let [good, all] = [0, 0];
      for (let i = 0; i < 10; i += 1) {
        const query = top(direction());
        const [answer, expected] = [await index.search(query), await memory.search(query)];
        const truth = new Set(expected.hits.map(({ key }) => key));
        good += answer.hits.filter(({ key }) => truth.has(key)).length;
        all += truth.size;
        expect(answer).toMatchObject({ mode: 'approximate', found: 2_000 });
        expect(answer.rowsScanned).toBeLessThan(200);
      }
      expect(good / all).toBeGreaterThan(0.95);
    });

    test('cuts the first pages from one ranking', async () => {
      const vector = direction();
      const { answered } = index;
      const { hits } = await index.search(top(vector, { num: 100 }));
      const paged: string[] = [];
      for (let start = 0; start < 100; start += 20) {
        const page = await index.search(top(vector, { start, num: 20 }));
        paged.push(...page.hits.map(({ key }) => key));
      }
      expect(paged).toEqual(hits.map(({ key }) => key));
      expect(new Set(paged).size).toBe(100);
      expect(index.answered).toBe(answered + 6);
    });

    test('answers what it cannot do itself as brute force does', async () => {
      const filter = { kind: 'compare', field: 'tenth', operator: '=', value: 3 } as const;
      for (const rest of [
        { filter },
        { minScore: 0.6 },
        { distinct: true },
        { start: 480, num: 100 },
      ]) {
        const query = top(direction(), rest);
        const [answer, expected] = [await index.search(query), await memory.search(query)];
        expect(answer.found).toBe(expected.found);
        expect(answer.hits).toHaveLength(expected.hits.length);
        if (answer.mode === 'exact') expect(differences(answer, expected)).toEqual([]);
      }
    });

    test('is made anew when most rows are gone, and never finds one of them', async () => {
      for (let i = 0; i < 1_500; i += 1) for (const each of [index, memory]) each.remove(`k${i}`);
      const query = top(direction(), { num: 500 });
      expect(differences(await index.search(query), await memory.search(query))).toEqual([]);
      await until(() => index.deadRows === 0);
      expect(index.deadRows).toBe(0);
      expect(differences(await index.search(query), await memory.search(query))).toEqual([]);
    });
  });

  test(
    'learns lists when there are rows enough, and looks into some of them',
    async () => {
      const dims = 8;
      const engine = await openEngine('IVF64,Flat', dims);
      const index = engine.createIndex({ dims, calibration: LINEAR });
      const direction = directions(dims);
      for (let i = 0; i < 10_000; i += 1) index.put(rowOf(i, direction()));
      const vector = direction();
      const before = await index.search(top(vector));
      expect(before).toMatchObject({ mode: 'exact', rowsScanned: 10_000 });
      for (let i = 10_000; i < 10_500; i += 1) index.put(rowOf(i, direction()));
      await filled(index);
      const after = await index.search(top(vector));
      expect(after).toMatchObject({ mode: 'approximate', found: 10_500 });
      const kept = before.hits.filter(({ key }) => after.hits.some((hit) => hit.key === key));
      expect(kept.length).toBeGreaterThan(5);
    },
    LIMIT_MS,
  );

  test(
    'searches go on when its process is killed, which is replaced and filled again',
    async () => {
      const [dims, lost] = [16, [] as FaissLost[]];
      const engine = await openEngine('Flat', dims, lost);
      const direction = directions(dims);
      const options = { dims, calibration: LINEAR };
      const indexes = [engine.createIndex(options), engine.createIndex(options)];
      for (const index of indexes)
        for (let i = 0; i < 700; i += 1) index.put(rowOf(i, direction()));
      for (const index of indexes) await filled(index);
      const query = top(direction());
      const before = await Promise.all(indexes.map((index) => index.search(query)));
      const { pid = 0 } = engine;
      const during = indexes.map((index) => index.search(query));
      process.kill(pid, 'SIGKILL');
      during.push(...indexes.map((index) => index.search(query)));
      for (const [i, each] of during.entries())
        expect(differences(await each, before[i % 2] ?? (await each))).toEqual([]);
      await until(() => lost.length > 0 && indexes.every(({ isFilled }) => isFilled));
      expect(lost).toEqual([{ pid, reason: 'SIGKILL' }]);
      for (const [i, index] of indexes.entries()) {
        const { answered } = index;
        expect(await index.search(query)).toEqual(before[i]);
        expect(index.answered).toBe(answered + 1);
      }
    },
    LIMIT_MS,
  );

  test(
    'an abort of the library ends its process alone, and what was asked of it',
    async () => {
      const lost: FaissLost[] = [];
      const faiss = await FaissProcess.open({
        script: builtScript('./faiss.worker.js', FAISS_SOURCES),
        mainFile: findFaiss(FAISS_FROM),
        onReady: () => undefined,
        onLost: (event) => lost.push(event),
      });
      await faiss.ask({ kind: 'create', index: 1, dims: 2, description: 'IVF4,Flat' });
      const untrained = faiss.ask({ kind: 'add', index: 1 }, writeFloats(Float32Array.of(1, 0)));
      await expect(untrained).rejects.toThrow('the faiss process ended: SIGABRT');
      await until(() => faiss.generation === 2);
      expect(faiss.generation).toBe(2);
      expect(lost).toHaveLength(1);
      await expect(faiss.ask({ kind: 'search', index: 1, num: 1 })).rejects.toThrow(
        'no such index',
      );
      await faiss.close();
    },
    LIMIT_MS,
  );

  test(
    'an index that it does not know is refused, with its words',
    async () => {
      await expect(openEngine('Nonsense', 4)).rejects.toMatchObject({
        code: 'UnusableEngine',
        message: expect.stringContaining('could not parse index string Nonsense'),
      });
    },
    LIMIT_MS,
  );

  test(
    'a server that is told to takes it, and finds what was added',
    async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'likeness-faiss-'));
      const server = await launchServerOn(dataDir, {
        environment: {
          LIKENESS_VECTOR_ENGINE: 'faiss',
          LIKENESS_FAISS_INDEX: 'HNSW32',
          NODE_PATH: FAISS_MODULES,
        },
      });
      try {
        expect(await childrenOf(server.pid)).toContain('faiss.worker.js');
        const client = new ImageSearchClient({
          endpoint: server.endpoint,
          accessKeyId: server.clientEnvironment['LIKENESS_ACCESS_KEY_ID'] ?? '',
          accessKeySecret: server.clientEnvironment['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
        });
        const instanceName = 'shop';
        await client.createInstance({ instanceName, serviceType: 1 });
        const pictures = await Promise.all([1, 2, 3].map((seed) => drawTexture(seed)));
        for (const [i, picContent] of pictures.entries()) {
          const image = { instanceName, productId: `p${i}`, picName: 'a', picContent };
          await client.addImage({ ...image, crop: false });
        }
        const picContent = pictures[1] ?? new Uint8Array();
        const { auctions } = await client.searchImageByPic({
          instanceName,
          picContent,
          crop: false,
        });
        expect(auctions).toHaveLength(3);
        expect(auctions[0]).toMatchObject({ productId: 'p1', score: 1 });
      } finally {
        await server.stop();
      }
    },
    LIMIT_MS,
  );
});

test('without faiss-node the engine is refused with what to install', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-without-'));
  expect(() => findFaiss(join(folder, 'index.js'))).toThrow(
    expect.objectContaining({
      code: 'UnusableEngine',
      message: expect.stringContaining('npm install --no-save faiss-node'),
    }),
  );
});
