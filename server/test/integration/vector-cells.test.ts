import { afterAll, describe, expect, test } from '@jest/globals';

import type { Filter } from '@likeness/shared/filter';

import { ScanCosts } from '../../src/vectors/cells/scan-costs.ts';
import type { ScanIndex } from '../../src/vectors/scan-index.ts';
import { searchRows } from '../../src/vectors/scan/search-rows.ts';
import type { VectorAnswer, VectorQuery } from '../../src/vectors/vector-index.ts';
import { describeVectorIndex } from '../contract/vector-index.contract.ts';
import { createClusteredEngine } from '../support/clustered-engine.ts';
import { MemoryVectorIndex } from '../support/memory-vector-index.ts';
import { RandomRows } from '../support/random-rows.ts';

const SEED = 20_261_121;
const IS_PROOF = process.env['LIKENESS_PROVE'] !== undefined;
const WORLDS = IS_PROOF ? 40 : 2;
const ROWS = IS_PROOF ? 40_000 : 4_000;
const ROUNDS = 4;
const PROVE_TIMEOUT_MS = 900_000;
/** Of centres that rows gather around. */
const GROUPS = 40;
const LINEAR = [
  [-1, 0],
  [1, 1],
] as const;

const engine = createClusteredEngine(200);
afterAll(() => engine.close());

describeVectorIndex('ScanIndex, of an engine with cells', (options) => engine.createIndex(options));

function queryFor(vector: Float32Array, rest: Partial<VectorQuery> = {}): VectorQuery {
  return { vector, start: 0, num: 10, minScore: 0, distinct: false, ...rest };
}

/** How many of the hits are as good as those that brute force finds; all of them if so many. */
function good({ hits }: VectorAnswer, truth: VectorAnswer): number {
  const last = truth.hits.at(-1)?.score ?? 0;
  return hits.filter(({ score }) => score >= last - 0.0002).length;
}

/** The share of the first hits that are as good as those that brute force finds. */
function recall(answer: VectorAnswer, truth: VectorAnswer, num: number): number {
  const first = { ...truth, hits: truth.hits.slice(0, num) };
  return good({ ...answer, hits: answer.hits.slice(0, num) }, first) / first.hits.length;
}

function below(field: string, value: number): Filter {
  return { kind: 'compare', field, operator: '<', value };
}

/** Rows around sixty centres, and what finds more of their kind. */
async function fillClustered(rows: RandomRows): Promise<{
  readonly index: ScanIndex;
  readonly memory: MemoryVectorIndex;
  readonly sample: () => Float32Array;
}> {
  const options = { dims: 32, calibration: LINEAR };
  const [index, memory] = [engine.createIndex(options), new MemoryVectorIndex(options)];
  const centres = Array.from({ length: 60 }, () => rows.around(undefined, 1));
  const sample = (): Float32Array => rows.around(rows.random.pick(centres), 0.4);
  for (let i = 0; i < ROWS; i += 1) {
    const centre = rows.random.below(centres.length);
    const vector = rows.around(centres[centre], 0.4);
    const attributes = { scattered: rows.random.below(1_000), centre };
    const row = {
      key: `k${i}`,
      group: `g${i}`,
      category: i % 2,
      vector,
      attributes,
      revision: 1,
    };
    index.put(row);
    memory.put(row);
  }
  await index.cells.settle();
  return { index, memory, sample };
}

function groups(values: readonly number[], negated: boolean): Filter {
  return { kind: 'in', field: 'group', negated, values };
}

/** Filters of a tenth of the groups or rows and the like, by the groups around the query. */
const NEIGHBOUR_FILTERS: Record<string, (own: readonly number[]) => Filter> = {
  'half, anywhere': () => below('scattered', 500),
  'a tenth, anywhere': () => below('scattered', 100),
  'a hundredth, anywhere': () => below('scattered', 10),
  'a thousandth, anywhere': () => below('scattered', 1),
  'half of the groups': () => below('group', GROUPS / 2),
  'a tenth of the groups': () => below('group', GROUPS / 10),
  'a group far away': ([first = 0]) => groups([(first + GROUPS / 2) % GROUPS], false),
  'the groups around the query': (own) => groups(own, false),
  'all groups but those': (own) => groups(own, true),
  'a tenth of the rows of all groups but those': (own) => ({
    kind: 'and',
    terms: [groups(own, true), below('scattered', 100)],
  }),
};

/** Compares every row that matches. */
async function searchExactly({ rows }: ScanIndex, query: VectorQuery): Promise<VectorAnswer> {
  const costs = new ScanCosts({ handOverMs: 0, megabyteMs: 0, unitMs: 0 });
  return searchRows(() => ({ ...rows, parts: { ...rows.parts, costs } }), query, undefined);
}

/** Forty thousand rows in groups of neighbouring centres, some of them removed again once they lie in cells. */
async function fillGroups(rows: RandomRows): Promise<{
  readonly index: ScanIndex;
  readonly groupOf: (key: string) => number;
  /** Near a row, as near to all as they are to one another, or beside them. */
  readonly query: (kind: number) => Float32Array;
}> {
  const index = engine.createIndex({ dims: 32, calibration: LINEAR });
  const centres = Array.from({ length: GROUPS }, () => rows.around(undefined, 1)).flatMap(
    (centre, group) =>
      Array.from({ length: 8 }, () => ({ group, vector: rows.around(centre, 0.6) })),
  );
  const made: Float32Array[] = [];
  const groups: number[] = [];
  for (let i = 0; i < 40_000; i += 1) {
    const centre = rows.random.pick(centres);
    made.push(rows.around(centre.vector, 0.5));
    groups.push(centre.group);
    index.put({
      key: `${i}`,
      group: `${i}`,
      category: 0,
      vector: made[i] ?? new Float32Array(32),
      attributes: { scattered: rows.random.below(1_000), group: centre.group },
      revision: 1,
    });
  }
  await index.cells.settle();
  for (let i = 0; i < groups.length; i += 9) index.remove(`${i}`);
  const query = (kind: number): Float32Array => {
    const row = rows.random.pick(made);
    return kind === 0 ? rows.around(rows.random.pick(centres).vector, 0.5) : rows.around(row, kind);
  };
  return { index, groupOf: (key) => groups[Number(key)] ?? 0, query };
}

describe('an index whose rows lie in cells', () => {
  test(
    `answers rows and scores as brute force has them after random histories, and counts as it does (seed ${SEED})`,
    async () => {
      let [found, wanted] = [0, 0];
      for (let world = 0; world < WORLDS; world += 1) {
        const dims = [16, 48][world % 2] ?? 16;
        const rows = new RandomRows(SEED + world, dims);
        const options = { dims, calibration: LINEAR };
        const [index, memory] = [engine.createIndex(options), new MemoryVectorIndex(options)];
        for (let round = 0; round < ROUNDS; round += 1) {
          for (let i = 0; i < 600; i += 1) {
            const [row, key, attributes] = [rows.row(), rows.key(), rows.attributes()];
            const roll = rows.random.next();
            for (const each of [index, memory]) {
              if (roll < 0.7) each.put(row);
              else if (roll < 0.85) each.remove(key);
              else each.setAttributes(key, attributes, row.revision);
            }
          }
          await index.cells.settle();
          for (let i = 0; i < 12; i += 1) {
            const query = rows.query();
            const [answer, truth] = [await index.search(query), await memory.search(query)];
            expect(answer.found).toBe(truth.found);
            expect(answer.hits).toHaveLength(truth.hits.length);
            const isExact = query.distinct || query.minScore > 0;
            if (isExact || answer.mode === 'exact') expect(answer.hits).toEqual(truth.hits);
            const all = await memory.search({ ...query, start: 0, num: 9_999 });
            const known = new Map(all.hits.map((hit) => [hit.key, hit]));
            for (const hit of answer.hits) expect(hit).toEqual(known.get(hit.key));
            found += good(answer, truth);
            wanted += truth.hits.length;
          }
          const scope = { filter: rows.filter(), start: 0, num: 50 };
          expect(await index.list(scope)).toEqual(await memory.list(scope));
          expect(index.keysOfGroup('g7')).toEqual(memory.keysOfGroup('g7'));
        }
        index.close();
      }
      expect(found / wanted).toBeGreaterThan(0.99);
    },
    PROVE_TIMEOUT_MS,
  );

  test(
    `finds what brute force does with every filter, comparing a part of the rows (seed ${SEED})`,
    async () => {
      const { index, memory, sample } = await fillClustered(new RandomRows(SEED, 32));
      const filters = [undefined, 500, 100, 10, 1].map((share) =>
        share === undefined ? undefined : below('scattered', share),
      );
      const modes = new Set<string>();
      for (const filter of [...filters, below('centre', 6), below('centre', 1)]) {
        let [found, wanted] = [0, 0];
        for (let i = 0; i < 30; i += 1) {
          const query = queryFor(sample(), filter === undefined ? {} : { filter });
          const [answer, truth] = [await index.search(query), await memory.search(query)];
          expect([answer.found, answer.hits.length]).toEqual([truth.found, truth.hits.length]);
          if (answer.mode === 'approximate')
            expect(answer.rowsScanned).toBeLessThan(truth.rowsScanned);
          modes.add(answer.mode);
          found += good(answer, truth);
          wanted += truth.hits.length;
        }
        expect(found / wanted).toBeGreaterThanOrEqual(0.99);
      }
      expect([...modes].sort()).toEqual(['approximate', 'exact']);
      index.close();
    },
    PROVE_TIMEOUT_MS,
  );

  test(
    `finds the neighbours among the rows that pass, wherever they lie (seed ${SEED})`,
    async () => {
      const { index, groupOf, query } = await fillGroups(new RandomRows(SEED, 32));
      const shares: Record<string, number> = {};
      for (const [name, filterFor] of Object.entries(NEIGHBOUR_FILTERS)) {
        let [ten, hundred, compared] = [0, 0, 0];
        for (let i = 0; i < 12; i += 1) {
          const vector = query([0.3, 0, 0.8][i % 3] ?? 0);
          const near = await searchExactly(index, queryFor(vector, { num: 20 }));
          const own = [...new Set(near.hits.map(({ key }) => groupOf(key)))];
          const asked = queryFor(vector, { num: 100, filter: filterFor(own) });
          const [answer, truth] = [await index.search(asked), await searchExactly(index, asked)];
          expect([answer.found, answer.hits.length]).toEqual([truth.found, truth.hits.length]);
          if (answer.mode === 'exact') expect(answer.hits).toEqual(truth.hits);
          ten += recall(answer, truth, 10) / 12;
          hundred += recall(answer, truth, 100) / 12;
          compared += answer.rowsScanned / truth.rowsScanned / 12;
        }
        expect({ name, isGood: ten > 0.99 && hundred > 0.98, ten, hundred }).toMatchObject({
          name,
          isGood: true,
        });
        shares[name] = compared;
      }
      // Where nothing is left out nothing can be missed.
      expect(shares['half, anywhere']).toBeLessThan(0.2);
      expect(shares['a tenth of the groups']).toBeLessThan(0.7);
      expect(shares['all groups but those']).toBeLessThan(0.5);
      index.close();
    },
    PROVE_TIMEOUT_MS,
  );

  test(
    'cuts the first hundred hits into pages that are disjoint and one ranking',
    async () => {
      const { index, sample } = await fillClustered(new RandomRows(SEED + 1, 32));
      for (let i = 0; i < 5; i += 1) {
        const vector = sample();
        const whole = await index.search(queryFor(vector, { num: 100 }));
        const pages: string[] = [];
        for (let start = 0; start < 100; start += 10) {
          const page = await index.search(queryFor(vector, { start }));
          pages.push(...page.hits.map(({ key }) => key));
        }
        expect(pages).toEqual(whole.hits.map(({ key }) => key));
      }
      index.close();
    },
    PROVE_TIMEOUT_MS,
  );
});
