import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Attributes, AttributeValue, Filter } from '@likeness/shared/filter';

import { createVectorEngine } from '../../src/vectors/create-vector-engine.ts';
import { MAX_FIRST_FIELDS, MIN_FIELD_ROWS } from '../../src/vectors/limits.ts';
import type { IndexRow, VectorIndex } from '../../src/vectors/vector-index.ts';
import { MemoryVectorIndex } from '../support/memory-vector-index.ts';
import { Random } from '../support/random-rows.ts';

const SEED = 20_261_121;
const OPTIONS = {
  dims: 4,
  calibration: [
    [-1, 0],
    [1, 1],
  ],
} as const;
const LIST = { start: 0, num: 10_000 };
/** Several chunks. */
const ROWS = 400;
/** Of the first chunks, with no place left. */
const FULL_ROWS = 64 + 128 + 256;

const engine = createVectorEngine({ workers: 1 });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-attributes-'));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

function rowOf(number: number, attributes: Attributes, revision = 1): IndexRow {
  const vector = Float32Array.of(1, 0, 0, 0);
  return { key: `k${number}`, group: 'g', category: 0, vector, attributes, revision };
}

/** The engine's index and the plainest one, told the same. */
function twins(): readonly VectorIndex[] {
  return [engine.createIndex(OPTIONS), new MemoryVectorIndex(OPTIONS)];
}

function is(field: string, value: string | number | boolean): Filter {
  return { kind: 'compare', field, operator: '=', value };
}

function fieldsOf(fields: readonly string[], values: readonly AttributeValue[]): Filter[] {
  return fields.flatMap((field): Filter[] => [
    ...values
      .flat()
      .flatMap((value): Filter[] => [
        is(field, value),
        { kind: 'compare', field, operator: '!=', value },
        { kind: 'compare', field, operator: '>', value },
        { kind: 'compare', field, operator: '<=', value },
      ]),
    { kind: 'like', field, negated: false, text: 'e' },
    { kind: 'like', field, negated: true, text: 'e' },
    { kind: 'in', field, negated: true, values: [5, 'red', true] },
  ]);
}

async function expectAlike(
  indexes: readonly VectorIndex[],
  filters: readonly Filter[],
): Promise<void> {
  const [index, plain] = indexes;
  for (const filter of filters) {
    const [got, wanted] = await Promise.all([
      index?.list({ ...LIST, filter }),
      plain?.list({ ...LIST, filter }),
    ]);
    expect({ filter, ...got }).toEqual({ filter, ...wanted });
  }
}

const VALUES = [
  5,
  -7,
  19.99,
  -0.5,
  0.1 + 0.2,
  2 ** 31,
  1e300,
  123_456.789_012_345,
  33_554_431.5,
  'red',
  'green',
  '19.99',
  '',
  true,
  false,
];
const LISTS = [['red', 5], [19.99], [], [true, 'e']];

function late(i: number): AttributeValue {
  return ['red', 5, 19.99, i % 2 === 0, ['red', 7], 'e', 0.1 + 0.2][i % 7] ?? i;
}

describe('attributes', () => {
  test.each([
    ['a few rows have', 0.03],
    ['half of the rows have', 0.5],
    ['nearly all rows have', 0.97],
  ])('that %s pass what they pass by the rules', async (_, share) => {
    const random = new Random(SEED);
    const indexes = twins();
    const pick = (): AttributeValue => random.pick<AttributeValue>([...VALUES, ...LISTS]);
    const attributes = (): Attributes =>
      Object.fromEntries(
        ['any', 'price', 'count', 'colour', 'exact']
          .filter(() => random.chance(share))
          .map((name) => [
            name,
            {
              any: pick(),
              price: random.below(2_000) / 100,
              count: random.below(9),
              colour: random.pick(['red', 'green', 'dark red']),
              exact: random.next(),
            }[name] ?? 0,
          ]),
      );
    const filters = [
      ...fieldsOf(['any', 'unknown'], [...VALUES, ...LISTS]),
      ...fieldsOf(['price', 'count', 'colour', 'exact'], [5, 9.5, 0.25, 'red', '7']),
    ];
    for (let i = 0; i < ROWS; i += 1) {
      const row = rowOf(i, attributes());
      for (const index of indexes) index.put(row);
    }
    await expectAlike(indexes, filters);
    // Places are used again, and no longer in order.
    for (let i = 0; i < ROWS; i += 1) {
      const [key, row] = [`k${random.below(ROWS)}`, rowOf(random.below(ROWS), attributes(), 2)];
      for (const index of indexes) {
        if (i % 3 === 0) index.remove(key);
        else if (i % 3 === 1) index.setAttributes(key, row.attributes, 2);
        else index.put(row);
      }
    }
    await expectAlike(indexes, filters);
    const [index] = indexes;
    await index?.save(join(folder, 'index'), 'tag');
    const loaded = await engine.loadIndex(join(folder, 'index'), 'tag', OPTIONS);
    expect(loaded?.size).toBe(index?.size);
    await expectAlike([loaded ?? twins()[0]!, indexes[1]!], filters);
    for (const each of [loaded, index]) each?.close();
  });

  test('keep what they are when their name is no longer rare, and when it is again', async () => {
    const indexes = twins();
    const names = Array.from({ length: MAX_FIRST_FIELDS }, (_, i) => [`first${i}`, i] as const);
    for (const index of indexes) index.put(rowOf(-1, Object.fromEntries(names)));
    const filters = fieldsOf(['late', 'once3', 'once', 'first3'], [3, 5, 'red', true, 19.99]);
    for (let i = 0; i < MIN_FIELD_ROWS * 2; i += 1) {
      const row = rowOf(i, { late: late(i), [`once${i}`]: i });
      for (const index of indexes) index.put(row);
      if (i === MIN_FIELD_ROWS - 2) await expectAlike(indexes, filters);
    }
    await expectAlike(indexes, filters);
    for (const index of indexes) {
      for (let i = 0; i < MIN_FIELD_ROWS * 2; i += 3) index.remove(`k${i}`);
      index.setAttributes('k1', { late: 'red', once3: 3 }, 2);
    }
    await expectAlike(indexes, filters);
    const [index] = indexes;
    await index?.save(join(folder, 'late'), 'tag');
    const loaded = await engine.loadIndex(join(folder, 'late'), 'tag', OPTIONS);
    await expectAlike([loaded ?? twins()[0]!, indexes[1]!], filters);
    for (const each of [loaded, index]) each?.close();
  });

  test.each([
    ['whole numbers and prices', 5, (i: number) => i / 4],
    ['degrees of a longitude', 5, (i: number) => -180 + i / 10 ** 7],
    ['moments in milliseconds', 8, (i: number) => 1.79e12 + i],
    ['any other numbers', 8, (i: number) => i / 7],
  ])('take few bytes where every row has one: %s', (_, bytes, valueOf) => {
    const [bare, index] = [engine.createIndex(OPTIONS), engine.createIndex(OPTIONS)];
    const start = engine.allocatedBytes;
    for (let i = 0; i < FULL_ROWS; i += 1) bare.put(rowOf(i, {}));
    const middle = engine.allocatedBytes;
    for (let i = 0; i < FULL_ROWS; i += 1) index.put(rowOf(i, { tag: valueOf(i) }));
    const taken = engine.allocatedBytes - middle - (middle - start);
    expect(taken / FULL_ROWS).toBe(bytes);
    for (const each of [bare, index]) each.close();
  });

  test('give their memory back with their rows', async () => {
    const before = engine.allocatedBytes;
    const index = engine.createIndex(OPTIONS);
    const empty = engine.allocatedBytes;
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < ROWS; i += 1)
        index.put(rowOf(i, { [`name${i}`]: i, colour: `c${i % 9}`, exact: i / 7 }));
      expect(await index.list({ ...LIST, filter: is('name7', 7) })).toMatchObject({ found: 1 });
      for (let i = 0; i < ROWS; i += 1) index.remove(`k${i}`);
      expect(engine.allocatedBytes).toBe(empty);
    }
    index.close();
    expect(engine.allocatedBytes).toBe(before);
  });
});
