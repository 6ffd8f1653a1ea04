import { setImmediate } from 'node:timers/promises';

import { FilterCompiler } from '../filter/compile-filter.ts';
import { countBits, listBits, setBit } from '../filter/filter-plan.ts';
import type { IndexRows } from '../index-rows.ts';
import { MAX_SEARCH_ATTEMPTS } from '../limits.ts';
import type { ColumnField } from '../attributes/field.ts';
import { rowIdOf, type RowId } from '../memory/row-block.ts';
import { countMatches, inKeyOrder, matchRows, type Matches } from '../scan/match-rows.ts';
import type { VectorAnswer, VectorHit, WordQuery } from '../vector-index.ts';

import { ColumnWords } from './column-words.ts';
import { WordPatterns } from './word-patterns.ts';

/** What a search by words found. */
interface WordedRows {
  /** By how many words, the rows that have so many. */
  readonly levels: readonly Map<number, Uint32Array>[];
  /** A bit per group of such a row. */
  readonly groups: Uint32Array;
  readonly rowsScanned: number;
}

/** The score of a row that has `found` of `count` words, at four decimals as every score. */
export function scoreOfWords(found: number, count: number): number {
  return Math.round((found / count) * 10_000) / 10_000;
}

/**
 * Ranks rows by how many words of the query their texts and keys have. When rows were written meanwhile it is
 * done again; the last time, rows that are gone by then are left out of the page.
 */
export async function searchWords(
  rowsNow: () => IndexRows,
  query: WordQuery,
  signal: AbortSignal | undefined,
): Promise<VectorAnswer> {
  for (let attempts = 1; ; attempts += 1) {
    const rows = rowsNow();
    const serial = rows.reclaimer.begin();
    try {
      const { writes } = rows.table;
      const worded = await findWords(rows, query, signal);
      // Closed meanwhile: throws.
      rowsNow();
      const isSettled = rows.table.writes === writes || attempts === MAX_SEARCH_ATTEMPTS;
      if (isSettled) return answerOf(rows, query, worded);
    } finally {
      rows.reclaimer.end(serial);
    }
  }
}

async function findWords(
  rows: IndexRows,
  { words, filter, categories, minScore }: WordQuery,
  signal: AbortSignal | undefined,
): Promise<WordedRows> {
  const { table } = rows;
  const compiler = filter === undefined ? undefined : new FilterCompiler(filter, table.fields);
  await compiler?.prepare();
  const groups = new Uint32Array(Math.ceil(table.groups.codes / 32));
  const matches = await matchRows(rows, { compiler, categories });
  const reader = new RowWords(rows, new WordPatterns(words));
  const levels = Array.from(
    { length: reader.patterns.count + 1 },
    () => new Map<number, Uint32Array>(),
  );
  for (const [ordinal, words] of matches) {
    signal?.throwIfAborted();
    for (const { place, found } of reader.read(ordinal, words)) {
      if (found === 0 || scoreOfWords(found, reader.patterns.count) < minScore) continue;
      setBit(groups, table.groupOf(rowIdOf(ordinal, place)));
      const level = levels[found];
      const bits = level?.get(ordinal) ?? new Uint32Array(words.length);
      level?.set(ordinal, bits);
      setBit(bits, place);
    }
    await setImmediate();
  }
  return { levels, groups, rowsScanned: countMatches(matches) };
}

/** Counts the words that rows have. */
class RowWords {
  readonly patterns: WordPatterns;
  readonly #rows: IndexRows;
  readonly #columns = new Map<ColumnField, ColumnWords>();

  constructor(rows: IndexRows, patterns: WordPatterns) {
    this.#rows = rows;
    this.patterns = patterns;
  }

  *read(
    ordinal: number,
    places: Uint32Array,
  ): Generator<{ readonly place: number; readonly found: number }> {
    const chunk = this.#rows.table.chunks[ordinal];
    if (chunk === undefined) return;
    const inAttributes = new Uint32Array(chunk.place.capacity);
    for (const [field, column] of chunk.columns) {
      const words = this.#wordsOf(field);
      for (const value of column.values())
        inAttributes[value.row] = (inAttributes[value.row] ?? 0) | words.bitsIn(value);
    }
    for (const place of listBits(places)) {
      const bits = (inAttributes[place] ?? 0) | this.patterns.bitsIn(chunk.keys[place] ?? '');
      yield { place, found: countBits(Uint32Array.of(bits)) };
    }
  }

  #wordsOf(field: ColumnField): ColumnWords {
    const known = this.#columns.get(field) ?? new ColumnWords(field, this.patterns);
    this.#columns.set(field, known);
    return known;
  }
}

function answerOf(rows: IndexRows, query: WordQuery, worded: WordedRows): VectorAnswer {
  const { levels, groups, rowsScanned } = worded;
  const all = levels.reduce((sum, level) => sum + countMatches(level), 0);
  return {
    hits: pageOf(rows, query, levels),
    found: query.distinct ? countBits(groups) : all,
    mode: 'exact',
    rowsScanned,
  };
}

function pageOf(
  rows: IndexRows,
  { start, num, distinct }: WordQuery,
  levels: readonly Matches[],
): readonly VectorHit[] {
  const { table } = rows;
  const hits: VectorHit[] = [];
  const seen = new Set<number>();
  for (const { id, found } of bestFirst(rows, levels)) {
    if (hits.length >= start + num) break;
    const group = table.groupOf(id);
    if (!table.isAlive(id) || (distinct && seen.has(group))) continue;
    seen.add(group);
    const share = found / (levels.length - 1);
    const score = scoreOfWords(found, levels.length - 1);
    hits.push({ key: table.keyOf(id), revision: table.revisionOf(id), score, cosine: share });
  }
  return hits.slice(start);
}

function* bestFirst(
  rows: IndexRows,
  levels: readonly Matches[],
): Generator<{ readonly id: RowId; readonly found: number }> {
  for (const [found, level] of [...levels.entries()].toReversed())
    for (const id of inKeyOrder(rows, level)) yield { id, found };
}
