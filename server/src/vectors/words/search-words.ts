import { setImmediate } from 'node:timers/promises';

import { FilterCompiler } from '../filter/compile-filter.ts';
import { countBits, listBits, setBit } from '../filter/filter-plan.ts';
import type { IndexRows } from '../index-rows.ts';
import { MAX_SEARCH_ATTEMPTS } from '../limits.ts';
import { rowIdOf, type RowId } from '../memory/row-block.ts';
import { countMatches, inKeyOrder, matchRows, type Matches } from '../scan/match-rows.ts';
import type { VectorAnswer, VectorHit, WordQuery } from '../vector-index.ts';

import { compileWords } from './compile-words.ts';
import { WordPatterns } from './word-patterns.ts';

/** What a search by words found. */
interface WordedRows {
  /** By how many words, the rows that have so many. */
  readonly levels: readonly Map<number, Uint32Array>[];
  /** A bit per group of such a row. */
  readonly groups: Uint32Array;
  readonly rowsScanned: number;
}

const NO_ROWS = new Uint32Array(0);

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
  const patterns = new WordPatterns(words);
  const filters = await compileWords(table.fields, patterns, signal);
  // Asked for at once: of the rows as they are at one moment.
  const [matches, ...byWord] = await Promise.all([
    matchRows(rows, { compiler, categories }),
    ...filters.map((each) =>
      each === undefined
        ? new Map<number, Uint32Array>()
        : matchRows(rows, { compiler: { finish: () => each }, categories }),
    ),
  ]);
  const groups = new Uint32Array(Math.ceil(table.groups.codes / 32));
  const levels = Array.from({ length: patterns.count + 1 }, () => new Map<number, Uint32Array>());
  for (const [ordinal, places] of matches) {
    await setImmediate();
    signal?.throwIfAborted();
    const bitsOf = wordsOfChunk(rows, ordinal, { patterns, byWord });
    for (const place of listBits(places)) {
      const found = countBits(Uint32Array.of(bitsOf(place)));
      if (found === 0 || scoreOfWords(found, patterns.count) < minScore) continue;
      setBit(groups, table.groupOf(rowIdOf(ordinal, place)));
      const level = levels[found];
      const ofLevel = level?.get(ordinal) ?? new Uint32Array(places.length);
      level?.set(ordinal, ofLevel);
      setBit(ofLevel, place);
    }
  }
  return { levels, groups, rowsScanned: countMatches(matches) };
}

/** The words that a chunk's rows have in their texts and names: a bit each. */
function wordsOfChunk(
  { table }: IndexRows,
  ordinal: number,
  { patterns, byWord }: { patterns: WordPatterns; byWord: readonly Matches[] },
): (place: number) => number {
  const { keys, place: { capacity } = { capacity: 0 } } = table.chunks[ordinal] ?? {};
  const inTexts = new Uint32Array(capacity);
  for (const [word, matches] of byWord.entries())
    for (const place of listBits(matches.get(ordinal) ?? NO_ROWS))
      inTexts[place] = (inTexts[place] ?? 0) | (1 << word);
  const keyOf = keys?.decoded();
  return (place) => (inTexts[place] ?? 0) | patterns.bitsIn(keyOf?.(place) ?? '');
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
