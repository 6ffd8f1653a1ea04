import { compareCodePoints } from '@likeness/shared/encoding';

import type { FilterCompiler } from '../filter/compile-filter.ts';
import { countBits, hasBit, listBits, setBit } from '../filter/filter-plan.ts';
import type { IndexRows } from '../index-rows.ts';
import { chunkOfRow, placeOfRow, rowIdOf, type RowId } from '../memory/row-block.ts';

import { matchUnits } from './job-reader.ts';
import { describeRows } from './job-rows.ts';
import { MatchBits } from './match-bits.ts';
import { workersFor } from './search-rows.ts';

/** Up to so many matching rows are sorted by key; more are met by walking through all keys. */
const MAX_SORTED = 4096;

/** Rows of an index: a bit a row, by number of chunk. */
export type Matches = ReadonlyMap<number, Uint32Array>;

export interface MatchScope {
  /** Of the scope's filter, prepared. */
  readonly compiler: Pick<FilterCompiler, 'finish'> | undefined;
  readonly categories: readonly number[] | undefined;
  /** Whether this thread does it, without yielding, in place of the workers. */
  readonly here?: boolean;
}

/** The rows that are alive at the call and in scope. */
export async function matchRows(
  rows: IndexRows,
  { compiler, categories, here = false }: MatchScope,
): Promise<Matches> {
  const { arenas, bench, pool } = rows.parts;
  const chunks = rows.table.chunksOf(categories);
  const described = describeRows(chunks, rows.stride, compiler?.finish());
  const bits = new MatchBits(arenas, chunks, described);
  try {
    const workers = workersFor(described, rows.stride, pool.size);
    if (here) matchUnits(bits.job.rows, bench);
    else if (workers > 0) await pool.run(bits.job, workers);
    return new Map(chunks.map(({ place }, number) => [place.ordinal, bits.wordsOf(number)]));
  } finally {
    bits.free();
  }
}

export function countMatches(matches: Matches): number {
  let count = 0;
  for (const words of matches.values()) count += countBits(words);
  return count;
}

/** The rows of `matches` in key order; only those after a key if one is given. */
export function* inKeyOrder(
  rows: IndexRows,
  matches: Matches,
  after?: string,
): Generator<RowId, void, undefined> {
  const followed = follow(rows, matches);
  if (countMatches(followed) > MAX_SORTED) yield* walk(rows, followed, after);
  else yield* sortMatches(rows, followed, after);
}

/** Where the rows are now: some may have been moved since they were found. */
function follow({ table }: IndexRows, matches: Matches): Matches {
  const followed = new Map<number, Uint32Array>();
  const add = (id: RowId): void => {
    const ordinal = chunkOfRow(id);
    const capacity = table.chunks[ordinal]?.place.capacity ?? 0;
    const words = followed.get(ordinal) ?? new Uint32Array(capacity / 32);
    followed.set(ordinal, words);
    setBit(words, placeOfRow(id));
  };
  for (const [ordinal, words] of matches) {
    const live = table.chunks[ordinal]?.copyLive() ?? new Uint32Array(0);
    const stayed = followed.get(ordinal) ?? new Uint32Array(words.length);
    followed.set(ordinal, stayed);
    for (let i = 0; i < words.length; i += 1)
      stayed[i] = (stayed[i] ?? 0) | ((words[i] ?? 0) & (live[i] ?? 0));
    for (const place of listBits(words.map((word, i) => word & ~(live[i] ?? 0)))) {
      const id = rowIdOf(ordinal, place);
      const current = table.currentOf(id);
      // One of another revision was written anew.
      add(table.revisionOf(current) === table.revisionOf(id) ? current : id);
    }
  }
  return followed;
}

function* walk(
  { order }: IndexRows,
  matches: Matches,
  after: string | undefined,
): Generator<RowId, void, undefined> {
  for (const id of order.ids(after)) {
    const words = matches.get(chunkOfRow(id));
    if (words !== undefined && hasBit(words, placeOfRow(id))) yield id;
  }
}

function sortMatches(
  { table }: IndexRows,
  matches: Matches,
  after: string | undefined,
): readonly RowId[] {
  const rows: { readonly id: RowId; readonly key: string }[] = [];
  for (const [ordinal, words] of matches)
    for (const place of listBits(words)) {
      const id = rowIdOf(ordinal, place);
      const key = table.keyOf(id);
      if (after === undefined || compareCodePoints(key, after) > 0) rows.push({ id, key });
    }
  return rows.sort((a, b) => compareCodePoints(a.key, b.key)).map(({ id }) => id);
}
