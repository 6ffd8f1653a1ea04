import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type {
  IndexOptions,
  IndexRow,
  VectorHit,
  VectorIndex,
  VectorQuery,
  WordQuery,
} from '../../src/vectors/vector-index.ts';

const OPTIONS: IndexOptions = {
  dims: 4,
  calibration: [
    [0, 0],
    [1, 1],
  ],
};

/** A unit vector at an angle, in degrees, from the first axis. */
function at(degrees: number): Float32Array {
  const angle = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(angle), Math.sin(angle), 0, 0);
}

function row(key: string, rest: Partial<IndexRow> = {}): IndexRow {
  return {
    key,
    group: key,
    category: 0,
    vector: at(0),
    attributes: {},
    revision: 1,
    ...rest,
  };
}

function query(rest: Partial<VectorQuery> = {}): VectorQuery {
  return { vector: at(0), start: 0, num: 10, minScore: 0, distinct: false, ...rest };
}

/** What every {@link VectorIndex} does. */
export function describeVectorIndex(
  name: string,
  createIndex: (options: IndexOptions) => VectorIndex,
): void {
  describe(name, () => {
    let index: VectorIndex;
    beforeEach(() => {
      index = createIndex(OPTIONS);
    });
    afterEach(() => index.close());

    const keys = async (rest: Partial<VectorQuery> = {}): Promise<string[]> =>
      (await index.search(query(rest))).hits.map(({ key }) => key);
    const hits = async (rest: Partial<VectorQuery> = {}): Promise<readonly VectorHit[]> =>
      (await index.search(query(rest))).hits;

    const listed = async (rest: { after?: string; start?: number }): Promise<string[]> =>
      (await index.list({ start: 0, num: 3, ...rest })).keys.map(({ key }) => key);

    test('finds nothing while it is empty', async () => {
      expect(await index.search(query())).toMatchObject({ hits: [], found: 0 });
      expect(await index.list({ start: 0, num: 10 })).toEqual({ keys: [], found: 0 });
      expect(index.keysOfGroup('a')).toEqual([]);
      expect(index.size).toBe(0);
    });

    test('ranks by score, with identical vectors at exactly 1', async () => {
      index.put(row('far', { vector: at(60), revision: 3 }));
      index.put(row('same', { revision: 7 }));
      const [first, second] = await hits();
      expect(first).toEqual({ key: 'same', revision: 7, score: 1, cosine: expect.closeTo(1, 6) });
      expect(second).toMatchObject({ key: 'far', revision: 3, score: 0.5 });
    });

    test("scores, cuts off and counts by a query's own calibration, where it brings one", async () => {
      index.put(row('near', { vector: at(60) }));
      index.put(row('far', { vector: at(100), group: 'near' }));
      const calibration = [
        [-1, 0],
        [0, 0.6],
        [1, 1],
      ] as const;
      expect(await hits({ calibration })).toMatchObject([
        { key: 'near', score: 0.8, cosine: expect.closeTo(0.5, 3) },
        { key: 'far', score: expect.closeTo(0.4958, 3) },
      ]);
      expect(await index.search(query({ calibration, minScore: 0.7 }))).toMatchObject({ found: 1 });
      expect(await index.search(query({ minScore: 0.7 }))).toMatchObject({ found: 0, hits: [] });
      expect(await keys({ calibration, distinct: true })).toEqual(['near']);
      expect(await hits()).toMatchObject([{ score: 0.5 }, { score: 0 }]);
    });

    test('orders equal scores by the UTF-8 bytes of their keys', async () => {
      for (const key of ['b', '\u{1F600}', 'a', '\uFFFD', 'a/1']) index.put(row(key));
      expect(await keys()).toEqual(['a', 'a/1', 'b', '\uFFFD', '\u{1F600}']);
    });

    test('puts the pinned row before those that tie with it, and before no other', async () => {
      index.put(row('a'));
      index.put(row('z'));
      expect(await keys({ pinnedKey: 'z' })).toEqual(['z', 'a']);
      index.put(row('z', { vector: at(30) }));
      expect(await keys({ pinnedKey: 'z' })).toEqual(['a', 'z']);
    });

    test('finds a replaced row only as its successor', async () => {
      index.put(row('a', { group: 'old', category: 1, attributes: { n: 1 } }));
      index.put(row('a', { group: 'new', category: 2, vector: at(60), revision: 2 }));
      expect(index.size).toBe(1);
      expect(await hits()).toEqual([
        expect.objectContaining({ key: 'a', revision: 2, score: 0.5 }),
      ]);
      expect(await keys({ categories: [1] })).toEqual([]);
      expect(index.keysOfGroup('old')).toEqual([]);
      expect(index.keysOfGroup('new')).toEqual(['a']);
    });

    test('replaces attributes and keeps vector, group and category', async () => {
      index.put(row('a', { group: 'g', category: 3, attributes: { n: 1 } }));
      expect(index.setAttributes('a', { n: 2 }, 5)).toBe(true);
      expect(index.setAttributes('b', { n: 2 }, 5)).toBe(false);
      const filter = { kind: 'compare', field: 'n', operator: '=', value: 2 } as const;
      expect(await hits({ filter, categories: [3] })).toEqual([
        { key: 'a', revision: 5, score: 1, cosine: expect.closeTo(1, 6) },
      ]);
      expect(await keys({ filter: { ...filter, value: 1 } })).toEqual([]);
      expect(index.keysOfGroup('g')).toEqual(['a']);
    });

    test('never finds a removed row again', async () => {
      for (const key of ['a', 'b', 'c']) index.put(row(key, { group: 'g' }));
      expect(index.remove('b')).toBe(true);
      expect(index.remove('b')).toBe(false);
      expect(await keys()).toEqual(['a', 'c']);
      expect(index.keysOfGroup('g')).toEqual(['a', 'c']);
      index.clear();
      expect(await index.search(query())).toMatchObject({ hits: [], found: 0 });
      index.put(row('d'));
      expect(await keys()).toEqual(['d']);
    });

    test('counts every row that matches, on whatever page', async () => {
      for (let i = 0; i < 200; i += 1)
        index.put(row(`k${i}`, { attributes: { n: i }, vector: at(i / 4) }));
      const filter = { kind: 'compare', field: 'n', operator: '>=', value: 150 } as const;
      const answer = await index.search(query({ filter, start: 45, num: 10 }));
      expect(answer.found).toBe(50);
      expect(answer.hits.map(({ key }) => key)).toEqual(['k195', 'k196', 'k197', 'k198', 'k199']);
      expect((await index.search(query({ filter, start: 50 }))).hits).toEqual([]);
    });

    test('compares the rounded score with the threshold', async () => {
      // cos 60.0019° = 0.49997 rounds to 0.5; cos 60.01° = 0.49985 to 0.4998.
      index.put(row('just', { vector: at(60.0019) }));
      index.put(row('less', { vector: at(60.01) }));
      const answer = await index.search(query({ minScore: 0.5 }));
      expect(answer.hits.map(({ key, score }) => [key, score])).toEqual([['just', 0.5]]);
      expect(answer.found).toBe(1);
    });

    test('keeps the best row of each group before it pages', async () => {
      for (const [i, group] of ['x', 'x', 'y', 'x', 'z', 'y'].entries())
        index.put(row(`k${i}`, { group, vector: at(i * 10) }));
      const answer = await index.search(query({ distinct: true, start: 1, num: 1 }));
      expect(answer).toMatchObject({ hits: [{ key: 'k2' }], found: 3 });
      expect(await keys({ distinct: true })).toEqual(['k0', 'k2', 'k4']);
    });

    test('searches inside the given categories alone', async () => {
      for (const category of [0, 1, 2]) index.put(row(`c${category}`, { category }));
      expect(await keys({ categories: [2, 0, 2] })).toEqual(['c0', 'c2']);
      expect(await keys({ categories: [9] })).toEqual([]);
    });

    test('lists in key order, after a key, from a start', async () => {
      for (const key of ['d', 'b', '\u{1F600}', 'a', '\uFFFD', 'c']) index.put(row(key));
      expect(await listed({})).toEqual(['a', 'b', 'c']);
      expect(await listed({ after: 'b' })).toEqual(['c', 'd', '\uFFFD']);
      expect(await listed({ after: 'bb', start: 2 })).toEqual(['\uFFFD', '\u{1F600}']);
      expect(await listed({ after: '\u{1F600}' })).toEqual([]);
    });

    test('counts all rows of a list, also those before its first', async () => {
      for (let i = 0; i < 9; i += 1) index.put(row(`k${i}`, { attributes: { odd: i % 2 === 1 } }));
      const filter = { kind: 'compare', field: 'odd', operator: '=', value: true } as const;
      const answer = await index.list({ filter, after: 'k2', start: 1, num: 1 });
      expect(answer).toEqual({ keys: [{ key: 'k5', revision: 1 }], found: 4 });
    });

    test('ranks by the share of the words that texts and keys have', async () => {
      index.put(row('a', { attributes: { colour: 'Red', size: 5 } }));
      index.put(row('shoe-7', { attributes: { colour: ['blue', 'RED'] }, group: 'g' }));
      index.put(row('c', { attributes: { name: 'shoe' }, group: 'g', category: 1 }));
      index.put(row('d', { attributes: { colour: 'green', note: true } }));
      const words = [['red'], ['shoes', 'shoe']];
      const asked = { words, start: 0, num: 10, minScore: 0, distinct: false };
      const ask = async (rest: Partial<WordQuery> = {}): Promise<string> => {
        const answer = await index.searchWords({ ...asked, ...rest });
        return `${answer.hits.map(({ key }) => key).join(' ')}, ${answer.found} of ${answer.rowsScanned}`;
      };
      expect(await index.searchWords(asked)).toEqual({
        hits: [
          { key: 'shoe-7', revision: 1, score: 1, cosine: 1 },
          { key: 'a', revision: 1, score: 0.5, cosine: 0.5 },
          { key: 'c', revision: 1, score: 0.5, cosine: 0.5 },
        ],
        found: 3,
        mode: 'exact',
        rowsScanned: 4,
      });
      expect(await ask({ distinct: true })).toBe('shoe-7 a, 2 of 4');
      expect(await ask({ start: 1, num: 1 })).toBe('a, 3 of 4');
      expect(await ask({ minScore: 0.51 })).toBe('shoe-7, 1 of 4');
      expect(await ask({ categories: [1] })).toBe('c, 1 of 1');
      const filter = { kind: 'compare', field: 'size', operator: '=', value: 5 } as const;
      expect(await ask({ filter })).toBe('a, 1 of 1');
      expect(await ask({ words: [['zebra']] })).toBe(', 0 of 4');
      expect(await ask({ words: [] })).toBe(', 0 of 4');
      index.setAttributes('c', {}, 2);
      index.remove('a');
      expect(await ask()).toBe('shoe-7, 1 of 3');
    });

    test('refuses a vector of other dims, or not finite, and keeps what it had', async () => {
      index.put(row('a'));
      expect(() => index.put(row('a', { vector: new Float32Array(3) }))).toThrow('4 dims, got 3');
      expect(() => index.put(row('a', { vector: at(Number.NaN) }))).toThrow('finite');
      await expect(index.search(query({ vector: new Float32Array(5) }))).rejects.toThrow('4 dims');
      expect(await keys()).toEqual(['a']);
    });

    test('rejects a search whose caller has gone', async () => {
      index.put(row('a'));
      await expect(index.search(query(), AbortSignal.abort(new Error('gone')))).rejects.toThrow(
        'gone',
      );
    });
  });
}
