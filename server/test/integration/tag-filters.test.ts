import { afterAll, describe, expect, test } from '@jest/globals';
import {
  readTagFilter,
  readTags,
  TAG_OPERATORS,
  type Attributes,
  type AttributeValue,
  type Scalar,
  type TagCondition,
  type TagFilter,
  type TagOperator,
} from '@likeness/shared/filter';

import { createVectorEngine } from '../../src/vectors/create-vector-engine.ts';
import type { IndexOptions, VectorIndex } from '../../src/vectors/vector-index.ts';
import { passesPlainly } from '../support/plain-tag-filter.ts';
import { Random } from '../support/random-rows.ts';

const SEED = 20_261_101;
const IMAGES = 2_000;
const FILTERS = process.env['LIKENESS_PROVE'] === undefined ? 150 : 5_000;
const TIMEOUT_MS = 3_600_000;
const OPTIONS: IndexOptions = {
  dims: 4,
  calibration: [
    [0, 0],
    [1, 1],
  ],
};

const engine = createVectorEngine({ workers: 1 });
afterAll(() => engine.close());

/** One image for each kind of tag, named after it. */
const KINDS: Readonly<Record<string, AttributeValue | undefined>> = {
  text: 'dark red',
  empty: '',
  numeric: ' 5.0 ',
  emoji: '\u{1F600}',
  whole: 5,
  broken: 7.5,
  large: 2 ** 40,
  yes: true,
  no: false,
  list: ['red', 5, false],
  numericList: ['5', '7.50'],
  emptyList: [],
  missing: undefined,
};

const TEXTS = ['dark red', 'red', '', '5', '5.0', ' 5.0 ', '7.5', 'RED', '\u{1F600}', '\uFFFD'];
const OPERANDS: readonly Scalar[] = [...TEXTS, 'true', 5, 7.5, 0, -1, 2 ** 40, true, false];

describe('a filter over tags', () => {
  // The rules in examples, so that neither the filters nor what measures them judges alone.
  test.each<[TagOperator, Scalar | readonly Scalar[], string]>([
    ['=', 'red', 'list'],
    ['=', 'RED', ''],
    ['=', 5, 'numeric whole list numericList'],
    ['=', '5', 'whole list numericList'],
    ['=', '5.0', 'whole list'],
    ['=', true, 'yes'],
    ['=', 'true', ''],
    ['!=', 5, 'text empty emoji broken large yes no emptyList missing'],
    ['<', 5, ''],
    ['<', 7.5, 'numeric whole list numericList'],
    ['<=', 7.5, 'numeric whole broken list numericList'],
    ['>', '5', 'text emoji broken large list numericList'],
    ['>', '\uFFFD', 'emoji'],
    ['>=', true, 'yes'],
    ['like', 'red', 'text list'],
    ['like', '', 'text empty numeric emoji list numericList'],
    ['like', '5', 'numeric numericList'],
    [
      'not like',
      'red',
      'empty numeric emoji whole broken large yes no numericList emptyList missing',
    ],
    ['in', ['dark red', 5, false], 'text numeric whole no list numericList'],
    ['not in', ['dark red', 5, false], 'empty emoji broken large yes emptyList missing'],
  ])('passes by %s %j: %s', async (op, value, expected) => {
    const index = indexOf(Object.values(KINDS));
    const filter = { field: 'tag', op, value } as TagFilter;
    const names = Object.keys(KINDS);
    expect((await passing(index, filter)).map((row) => names[row]).join(' ')).toBe(expected);
    expect(plainly(filter, Object.values(KINDS).map(tagged))).toEqual(await passing(index, filter));
    index.close();
  });

  test('passes what the rules say, by every operator, operand and kind of tag', async () => {
    const images = Object.values(KINDS).map(tagged);
    const index = indexOf(Object.values(KINDS));
    for (const op of TAG_OPERATORS) {
      for (const operand of OPERANDS) {
        const condition = conditionOf('tag', op, operand);
        if (condition === undefined) continue;
        const never = { field: 'tag', op: '=', value: 'nobody has this' } as const;
        const nested: TagFilter = [{ or: [never, { and: [condition, condition] }] }];
        for (const filter of [condition, [condition], { or: [never, condition] }, nested])
          expect([filter, await passing(index, filter)]).toEqual([filter, plainly(filter, images)]);
      }
    }
    index.close();
  });

  test(
    `passes what the rules say, in ${FILTERS} cases over ${IMAGES} images from seed ${SEED}`,
    async () => {
      const world = new TaggedWorld(SEED);
      const index = engine.createIndex(OPTIONS);
      const images = Array.from({ length: IMAGES }, () => world.tags());
      for (const [row, attributes] of images.entries()) put(index, row, attributes);
      // Some change later: what they had must be gone, and its room be used again.
      for (let row = 0; row < IMAGES; row += 7) {
        const tags = world.tags();
        images[row] = tags;
        index.setAttributes(keyOf(row), tags, 2);
      }
      for (let i = 0; i < FILTERS; i += 1) {
        const filter = world.filter(4);
        const expected = plainly(filter, images);
        const found = i % 5 === 0 ? await hits(index, filter) : await passing(index, filter);
        expect(differences(found, expected, filter)).toEqual([]);
      }
      expect([...world.seen].sort()).toEqual([...TAG_OPERATORS].sort());
      index.close();
    },
    TIMEOUT_MS,
  );
});

/** Images and filters as a shop has them, and as nobody should. */
class TaggedWorld {
  readonly seen = new Set<TagOperator>();
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  tags(): Attributes {
    const random = this.#random;
    const tags: [string, AttributeValue][] = [];
    if (random.chance(0.9)) tags.push(['color', random.pick(['red', 'dark red', 'white', ''])]);
    if (random.chance(0.9)) tags.push(['price', random.below(200) / 2]);
    if (random.chance(0.7)) tags.push(['onSale', random.chance(0.3)]);
    if (random.chance(0.6)) tags.push(['sizes', this.#list()]);
    if (random.chance(0.5)) tags.push(['code', String(random.below(30))]);
    if (random.chance(0.5)) tags.push(['any', random.chance(0.3) ? this.#list() : this.#scalar()]);
    if (random.chance(0.05)) tags.push(['__proto__', this.#scalar()]);
    // More names than any index keeps a column for.
    for (let i = 0; i < 3; i += 1) tags.push([`rare${random.below(300)}`, this.#scalar()]);
    return readTags(Object.fromEntries(tags));
  }

  filter(groups: number): TagFilter {
    const random = this.#random;
    if (groups === 0 || random.chance(0.4)) return this.#condition();
    const terms = Array.from({ length: 1 + random.below(3) }, () => this.filter(groups - 1));
    return random.pick<TagFilter>([terms, { or: terms }, { and: terms }]);
  }

  #condition(): TagFilter {
    const random = this.#random;
    const names = ['color', 'price', 'onSale', 'sizes', 'code', 'any', '__proto__', 'nobody'];
    const field = random.chance(0.1) ? `rare${random.below(300)}` : random.pick(names);
    const op = random.pick(TAG_OPERATORS);
    this.seen.add(op);
    if (op === 'in' || op === 'not in') {
      const long = random.chance(0.1) ? 40 : 6;
      const value = Array.from({ length: 1 + random.below(long) }, () => this.#scalar());
      return { field, op, value };
    }
    return conditionOf(field, op, this.#scalar()) ?? { field, op: '=', value: this.#scalar() };
  }

  #list(): readonly Scalar[] {
    return Array.from({ length: this.#random.below(4) }, () => this.#scalar());
  }

  #scalar(): Scalar {
    const random = this.#random;
    if (random.chance(0.5)) return random.pick(OPERANDS);
    return random.pick<Scalar>([random.below(200) / 2, String(random.below(30)), 'white']);
  }
}

/** The condition with one operand; undefined where the operator does not take it. */
function conditionOf(field: string, op: TagOperator, value: Scalar): TagFilter | undefined {
  const condition: TagCondition = { field, op, value: op.endsWith('in') ? [value] : value };
  return op.endsWith('like') && typeof value !== 'string' ? undefined : (condition as TagFilter);
}

function indexOf(values: readonly (AttributeValue | undefined)[]): VectorIndex {
  const index = engine.createIndex(OPTIONS);
  for (const [row, value] of values.entries()) put(index, row, tagged(value));
  return index;
}

function tagged(value: AttributeValue | undefined): Attributes {
  return value === undefined ? {} : { tag: value };
}

function put(index: VectorIndex, row: number, attributes: Attributes): void {
  const key = keyOf(row);
  const vector = Float32Array.of(1, 0, 0, 0);
  index.put({ key, group: key, category: row % 3, vector, attributes, revision: 1 });
}

/** In the order of the rows, which is that of keys. */
function keyOf(row: number): string {
  return String(row).padStart(6, '0');
}

function plainly(filter: TagFilter, images: readonly Attributes[]): readonly number[] {
  return images.flatMap((tags, row) => (passesPlainly(filter, tags) ? [row] : []));
}

async function passing(index: VectorIndex, filter: TagFilter): Promise<readonly number[]> {
  const { keys, found } = await index.list({ ...scopeOf(filter), start: 0, num: IMAGES });
  expect(found).toBe(keys.length);
  return keys.map(({ key }) => Number(key));
}

async function hits(index: VectorIndex, filter: TagFilter): Promise<readonly number[]> {
  const vector = Float32Array.of(1, 0, 0, 0);
  const page = { start: 0, num: IMAGES, minScore: 0, distinct: false };
  const { hits, found } = await index.search({ ...scopeOf(filter), ...page, vector });
  expect(found).toBe(hits.length);
  return hits.map(({ key }) => Number(key));
}

function scopeOf(filter: TagFilter) {
  const read = readTagFilter(JSON.parse(JSON.stringify(filter)));
  return read === undefined ? {} : { filter: read };
}

/** The first rows that differ: jest's own comparison of long lists takes minutes. */
function differences(
  found: readonly number[],
  expected: readonly number[],
  filter: TagFilter,
): readonly string[] {
  const [got, wanted] = [new Set(found), new Set(expected)];
  return [
    ...expected.filter((row) => !got.has(row)).map((row) => `${row} is missing`),
    ...found.filter((row) => !wanted.has(row)).map((row) => `${row} is too many`),
  ]
    .map((difference) => `${difference} by ${JSON.stringify(filter)}`)
    .slice(0, 3);
}
