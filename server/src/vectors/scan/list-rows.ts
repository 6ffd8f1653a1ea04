import { FilterCompiler } from '../filter/compile-filter.ts';
import { countBits, hasBit, listBits } from '../filter/filter-plan.ts';
import { MAX_SEARCH_ATTEMPTS } from '../limits.ts';
import { ArenaViews } from '../memory/arena-views.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, rowIdOf, type RowId } from '../memory/row-block.ts';
import { compareCodePoints } from '@likeness/shared/encoding';
import { selectFirst } from '../rows/rank-hits.ts';
import type { IndexRows } from '../index-rows.ts';
import type { KeyAnswer, RowScope } from '../vector-index.ts';

import { describeRows, unitPlace } from './job-rows.ts';
import { matchUnits } from './job-reader.ts';
import type { JobRows, UnitRows } from './scan-job.ts';
import { workersFor } from './search-rows.ts';

export interface ListScope extends RowScope {
  readonly after?: string;
  readonly start: number;
  readonly num: number;
}

/** Up to so many matching rows are sorted by key; more are met by walking through all keys. */
const MAX_SORTED = 4096;

/** Matching rows: a bit a row, by number of chunk. */
type Matches = ReadonlyMap<number, Uint32Array>;

/**
 * Lists rows in key order. A filter is evaluated by the workers; when rows were written meanwhile it
 * is done again, the last time without yielding, so that no row is missed.
 */
export async function listRows(rowsNow: () => IndexRows, scope: ListScope): Promise<KeyAnswer> {
  if (scope.filter === undefined && scope.categories === undefined) {
    const rows = rowsNow();
    const ids = rows.order.slice(scope.after, scope.start, scope.num);
    return answerOf(rows, ids, rows.order.size);
  }
  for (let attempts = 1; ; attempts += 1) {
    const answer = await attemptList(rowsNow(), scope, attempts === MAX_SEARCH_ATTEMPTS);
    if (answer !== undefined) return answer;
  }
}

/** Undefined if rows were written meanwhile. */
async function attemptList(
  rows: IndexRows,
  scope: ListScope,
  isLast: boolean,
): Promise<KeyAnswer | undefined> {
  const { table, reclaimer } = rows;
  const serial = reclaimer.begin();
  try {
    const compiler =
      scope.filter === undefined ? undefined : new FilterCompiler(scope.filter, table.fields);
    await compiler?.prepare();
    const writes = table.writes;
    const chunks = table.chunksOf(scope.categories);
    const described = describeRows(chunks, rows.stride, compiler?.finish());
    const units = isLast ? matchHere(rows, described) : await matchThere(rows, described);
    if (table.writes !== writes) return undefined;
    return pageOf(rows, scope, gather(chunks, described, units));
  } finally {
    reclaimer.end(serial);
  }
}

async function matchThere(
  { parts, stride }: IndexRows,
  rows: JobRows,
): Promise<readonly UnitRows[]> {
  const workers = workersFor(rows, stride, parts.pool.size);
  const found = workers === 0 ? [] : await parts.pool.run({ kind: 'match', rows }, workers);
  return found.flatMap((part) => (part.kind === 'match' ? part.units : []));
}

function matchHere({ parts }: IndexRows, rows: JobRows): readonly UnitRows[] {
  return matchUnits(rows, new ArenaViews(parts.arenas.memories));
}

function gather(chunks: readonly Chunk[], rows: JobRows, units: readonly UnitRows[]): Matches {
  const matches = new Map<number, Uint32Array>();
  for (const { unit, words } of units) {
    const place = unitPlace(rows, unit);
    const chunk = chunks[place.chunk];
    if (chunk === undefined) continue;
    const { ordinal, capacity } = chunk.place;
    const all = matches.get(ordinal) ?? new Uint32Array(capacity / 32);
    all.set(words, place.from / 32);
    matches.set(ordinal, all);
  }
  return matches;
}

function pageOf(rows: IndexRows, { after, start, num }: ListScope, matches: Matches): KeyAnswer {
  let found = 0;
  for (const words of matches.values()) found += countBits(words);
  const ids =
    found > MAX_SORTED
      ? walk(rows, after, start + num, matches)
      : sortMatches(rows, after, start + num, matches);
  return answerOf(rows, ids.slice(start), found);
}

function walk(
  { order }: IndexRows,
  after: string | undefined,
  wanted: number,
  matches: Matches,
): RowId[] {
  const ids: RowId[] = [];
  if (wanted === 0) return ids;
  for (const id of order.ids(after)) {
    const words = matches.get(chunkOfRow(id));
    if (words === undefined || !hasBit(words, placeOfRow(id))) continue;
    ids.push(id);
    if (ids.length === wanted) break;
  }
  return ids;
}

function sortMatches(
  { table }: IndexRows,
  after: string | undefined,
  wanted: number,
  matches: Matches,
): RowId[] {
  const rows: { readonly id: RowId; readonly key: string }[] = [];
  for (const [ordinal, words] of matches)
    for (const place of listBits(words)) {
      const id = rowIdOf(ordinal, place);
      const key = table.keyOf(id);
      if (after === undefined || compareCodePoints(key, after) > 0) rows.push({ id, key });
    }
  return selectFirst(rows, wanted, (a, b) => compareCodePoints(a.key, b.key)).map(({ id }) => id);
}

function answerOf({ table }: IndexRows, ids: readonly RowId[], found: number): KeyAnswer {
  const keys = ids.map((id) => ({ key: table.keyOf(id), revision: table.revisionOf(id) }));
  return { keys, found };
}
