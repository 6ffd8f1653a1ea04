import { afterAll, describe, expect, test } from '@jest/globals';

import { createVectorEngine } from '../../src/vectors/create-vector-engine.ts';
import type { CalibrationKnots, IndexRow } from '../../src/vectors/vector-index.ts';
import { describeVectorIndex } from '../contract/vector-index.contract.ts';
import { differences, writeSome } from '../support/compare-indexes.ts';
import { MemoryVectorIndex } from '../support/memory-vector-index.ts';
import { RandomRows } from '../support/random-rows.ts';

const SEED = 20_260_101;
const WORLDS = process.env['LIKENESS_PROVE'] === undefined ? 30 : 300;
const ROUNDS = 5;
const PROVE_TIMEOUT_MS = 900_000;
const QUERIES_A_ROUND = 8;

/** Many small memories, so that rows of one index lie in several. */
const engine = createVectorEngine({ workers: 2, maxArenaBytes: 4 * 65_536 });
afterAll(() => engine.close());

describeVectorIndex('MemoryVectorIndex', (options) => new MemoryVectorIndex(options));
describeVectorIndex('ScanIndex', (options) => engine.createIndex(options));

/** A plain one, one that cuts at both ends, and a steep one. */
const CALIBRATIONS: readonly CalibrationKnots[] = [
  [
    [-1, 0],
    [1, 1],
  ],
  [
    [0.3, -0.2],
    [0.6, 0.4],
    [0.9, 1.3],
  ],
  [
    [0.2, 0.01],
    [0.7, 0.5],
    [0.71, 0.9],
    [1, 1],
  ],
];

describe('an index searched by scanning', () => {
  test(
    `answers as brute force over the same integers does, in ${WORLDS * ROUNDS * QUERIES_A_ROUND} cases from seed ${SEED}`,
    async () => {
      for (let world = 0; world < WORLDS; world += 1) {
        const dims = [8, 33, 64, 128][world % 4] ?? 8;
        const rows = new RandomRows(SEED + world, dims);
        const options = { dims, calibration: CALIBRATIONS[world % 3] ?? [] };
        const [scan, memory] = [engine.createIndex(options), new MemoryVectorIndex(options)];
        for (let round = 0; round < ROUNDS; round += 1) {
          writeSome(rows, [scan, memory], rows.random.pick([20, 100, 400]));
          for (let i = 0; i < QUERIES_A_ROUND; i += 1) {
            const own = { calibration: CALIBRATIONS[i % 3] ?? [] };
            const query = { ...rows.query(), ...(rows.random.chance(0.3) ? own : {}) };
            const [answer, expected] = [await scan.search(query), await memory.search(query)];
            expect(differences(answer, expected)).toEqual([]);
          }
          const scope = {
            filter: rows.filter(),
            start: rows.random.below(5),
            num: 50,
            ...(rows.random.chance(0.5) ? { after: rows.key() } : {}),
          };
          expect(await scan.list(scope)).toEqual(await memory.list(scope));
          const words = rows.wordQuery();
          expect(await scan.searchWords(words)).toEqual(await memory.searchWords(words));
          expect(scan.keysOfGroup('g7')).toEqual(memory.keysOfGroup('g7'));
          expect(scan.size).toBe(memory.size);
        }
        scan.close();
      }
    },
    PROVE_TIMEOUT_MS,
  );

  test('scores within 0.0002 of float64 of the original vectors', async () => {
    const calibration: CalibrationKnots = [
      [-1, 0],
      [1, 1],
    ];
    const dims = 512;
    const rows = new RandomRows(SEED, dims);
    const index = engine.createIndex({ dims, calibration });
    const stored = new Map<string, IndexRow>();
    for (let i = 0; i < 800; i += 1) {
      const row = { ...rows.row(), key: `k${i}` };
      stored.set(row.key, row);
      index.put(row);
    }
    for (let i = 0; i < 10; i += 1) {
      const vector = rows.vector();
      const { hits } = await index.search({
        vector,
        start: 0,
        num: 50,
        minScore: 0,
        distinct: false,
      });
      const truth = new Map(
        [...stored].map(([key, row]) => [key, (cosine64(vector, row.vector) + 1) / 2]),
      );
      const kth = [...truth.values()].sort((a, b) => b - a)[hits.length - 1] ?? 0;
      for (const [rank, { key, score }] of hits.entries()) {
        const exact = truth.get(key) ?? 0;
        expect(Math.abs(score - exact)).toBeLessThan(0.0002);
        expect(exact).toBeGreaterThan(kth - 0.0002);
        const next = truth.get(hits[rank + 1]?.key ?? key) ?? 0;
        expect(exact).toBeGreaterThan(next - 0.0002);
      }
    }
    index.close();
  });

  test(
    'answers searches that come at once as it does one after the other',
    async () => {
      const rows = new RandomRows(SEED + 2, 512);
      const index = engine.createIndex({ dims: 512, calibration: CALIBRATIONS[0] ?? [] });
      for (let i = 0; i < 2_200; i += 1) index.put({ ...rows.row(), key: `k${i}` });
      const queries = Array.from({ length: 24 }, (_, i) => {
        const { filter: _filter, categories: _categories, ...query } = rows.query();
        return i % 6 === 0 ? { ...query, categories: [0] } : query;
      });
      const together = await Promise.all(queries.map((query) => index.search(query)));
      for (const [i, query] of queries.entries()) {
        const alone = await index.search(query);
        const answer = together[i] ?? alone;
        expect(differences(answer, alone)).toEqual([]);
        expect(answer.rowsScanned).toBe(alone.rowsScanned);
      }
      const leaving = new AbortController();
      const left = queries.map((query) => index.search(query, leaving.signal));
      const stayed = index.search(queries[1] ?? rows.query());
      leaving.abort(new Error('gone'));
      for (const each of left) await expect(each).rejects.toThrow('gone');
      expect(differences(await stayed, together[1] ?? (await stayed))).toEqual([]);
      index.close();
    },
    PROVE_TIMEOUT_MS,
  );

  test('cuts a ranking into pages that are disjoint and complete', async () => {
    const rows = new RandomRows(SEED + 1, 32);
    const index = engine.createIndex({ dims: 32, calibration: CALIBRATIONS[1] ?? [] });
    for (let i = 0; i < 3_000; i += 1) index.put({ ...rows.row(), key: `k${i}` });
    const vector = rows.vector();
    const whole = { vector, start: 0, num: 3_000, minScore: 0, distinct: false };
    const { hits } = await index.search(whole);
    const paged: string[] = [];
    for (let start = 0; start < 3_000; start += 500) {
      const page = await index.search({ ...whole, start, num: 500 });
      paged.push(...page.hits.map(({ key }) => key));
    }
    expect(paged).toEqual(hits.map(({ key }) => key));
    expect(new Set(paged).size).toBe(3_000);
    index.close();
  });
});

function cosine64(a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return product / Math.sqrt(squaresA * squaresB);
}
