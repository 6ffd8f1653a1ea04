import { matches } from '@likeness/shared/filter';

import { compareCodePoints } from '@likeness/shared/encoding';
import { Calibration } from '../../src/vectors/score/calibration.ts';
import { cosineOf, quantise, quantiseQuery } from '../../src/vectors/score/quantise.ts';
import { scoreOfWords } from '../../src/vectors/words/search-words.ts';
import { WordPatterns } from '../../src/vectors/words/word-patterns.ts';
import type {
  IndexOptions,
  IndexRow,
  KeyAnswer,
  RowScope,
  VectorAnswer,
  VectorHit,
  VectorIndex,
  VectorQuery,
  WordQuery,
} from '../../src/vectors/vector-index.ts';

interface StoredRow extends IndexRow {
  readonly integers: Int32Array;
  readonly inverseNorm: number;
}

interface Ranked extends VectorHit {
  readonly group: string;
}

/** The plainest index there can be: compares every row with every query. What others must agree with. */
export class MemoryVectorIndex implements VectorIndex {
  readonly #calibration: Calibration;
  readonly #dims: number;
  readonly #rows = new Map<string, StoredRow>();

  constructor({ calibration, dims }: IndexOptions) {
    this.#dims = dims;
    this.#calibration = new Calibration(calibration);
  }

  get size(): number {
    return this.#rows.size;
  }

  put(row: IndexRow): void {
    this.#checkDims(row.vector);
    const coarse = new Int8Array(row.vector.length);
    const residual = new Int8Array(row.vector.length);
    const { inverseNorm } = quantise(row.vector, coarse, residual);
    const integers = Int32Array.from(coarse, (high, i) => high * 256 + (residual[i] ?? 0));
    this.#rows.set(row.key, { ...row, integers, inverseNorm });
  }

  setAttributes(key: string, attributes: IndexRow['attributes'], revision: number): boolean {
    const row = this.#rows.get(key);
    if (row !== undefined) this.#rows.set(key, { ...row, attributes, revision });
    return row !== undefined;
  }

  remove(key: string): boolean {
    return this.#rows.delete(key);
  }

  async search(query: VectorQuery, signal?: AbortSignal): Promise<VectorAnswer> {
    signal?.throwIfAborted();
    this.#checkDims(query.vector);
    const { values, inverseNorm } = quantiseQuery(query.vector, query.vector.length);
    const scope = this.#inScope(query);
    const calibration =
      query.calibration === undefined ? this.#calibration : new Calibration(query.calibration);
    const ranked = scope
      .map((row) =>
        rank(row, cosineOf(dot(row.integers, values), row.inverseNorm, inverseNorm), calibration),
      )
      .filter(({ score }) => score >= query.minScore)
      .sort(
        (a, b) =>
          b.score - a.score ||
          Number(b.key === query.pinnedKey) - Number(a.key === query.pinnedKey) ||
          compareCodePoints(a.key, b.key),
      );
    return answerOf(ranked, scope.length, query);
  }

  async searchWords(query: WordQuery): Promise<VectorAnswer> {
    const patterns = new WordPatterns(query.words);
    const scope = this.#inScope(query);
    const ranked = scope
      .map(({ key, revision, group, attributes }) => {
        const texts = [key, ...Object.values(attributes).flat()];
        const found = texts.reduce<number>(
          (bits, text) => bits | (typeof text === 'string' ? patterns.bitsIn(text) : 0),
          0,
        );
        const words = (found >>> 0).toString(2).replaceAll('0', '').length;
        const score = scoreOfWords(words, patterns.count);
        return { key, revision, group, score, cosine: words / patterns.count };
      })
      .filter(({ score }) => score > 0 && score >= query.minScore)
      .sort((a, b) => b.score - a.score || compareCodePoints(a.key, b.key));
    return answerOf(ranked, scope.length, query);
  }

  async list(
    scope: RowScope & { readonly after?: string; readonly start: number; readonly num: number },
  ): Promise<KeyAnswer> {
    const { after, start, num } = scope;
    const keys = this.#inScope(scope)
      .map(({ key, revision }) => ({ key, revision }))
      .sort((a, b) => compareCodePoints(a.key, b.key));
    const rest = keys.filter(({ key }) => after === undefined || compareCodePoints(key, after) > 0);
    return { keys: rest.slice(start, start + num), found: keys.length };
  }

  keysOfGroup(group: string): readonly string[] {
    return [...this.#rows.values()]
      .filter((row) => row.group === group)
      .map(({ key }) => key)
      .sort(compareCodePoints);
  }

  clear(): void {
    this.#rows.clear();
  }

  async save(): Promise<void> {
    throw new Error('a memory index is not saved');
  }

  close(): void {
    this.#rows.clear();
  }

  #checkDims({ length }: Float32Array): void {
    if (length !== this.#dims)
      throw new RangeError(`"vector" must have ${this.#dims} dims, got ${length}`);
  }

  #inScope({ filter, categories }: RowScope): StoredRow[] {
    return [...this.#rows.values()].filter(
      ({ category, attributes }) =>
        (categories === undefined || categories.includes(category)) &&
        (filter === undefined || matches(filter, attributes)),
    );
  }
}

function rank(
  { key, revision, group }: StoredRow,
  cosine: number,
  calibration: Calibration,
): Ranked {
  return { key, revision, group, cosine, score: calibration.scoreOf(cosine) };
}

function answerOf(
  ranked: readonly Ranked[],
  rowsScanned: number,
  { start, num, distinct }: Pick<VectorQuery, 'start' | 'num' | 'distinct'>,
): VectorAnswer {
  const hits = distinct ? firstOfGroups(ranked) : ranked;
  return {
    hits: hits
      .slice(start, start + num)
      .map(({ key, revision, score, cosine }) => ({ key, revision, score, cosine })),
    found: hits.length,
    mode: 'exact',
    rowsScanned,
  };
}

function firstOfGroups(ranked: readonly Ranked[]): readonly Ranked[] {
  const seen = new Set<string>();
  return ranked.filter(({ group }) => !seen.has(group) && seen.add(group));
}

function dot(integers: Int32Array, query: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < integers.length; i += 1) sum += (integers[i] ?? 0) * (query[i] ?? 0);
  return sum;
}
