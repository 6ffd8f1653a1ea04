import { FilterCompiler } from '../filter/compile-filter.ts';
import type { IndexRows } from '../index-rows.ts';
import { MAX_SEARCH_ATTEMPTS } from '../limits.ts';
import type { RowId } from '../memory/row-block.ts';
import type { KeyAnswer, RowScope } from '../vector-index.ts';

import { countMatches, inKeyOrder, matchRows, type Matches } from './match-rows.ts';

export interface ListScope extends RowScope {
  readonly after?: string;
  readonly start: number;
  readonly num: number;
}

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
  { filter, categories, ...page }: ListScope,
  isLast: boolean,
): Promise<KeyAnswer | undefined> {
  const { table, reclaimer } = rows;
  const serial = reclaimer.begin();
  try {
    const compiler = filter === undefined ? undefined : new FilterCompiler(filter, table.fields);
    await compiler?.prepare();
    const writes = table.writes;
    const matches = await matchRows(rows, { compiler, categories, here: isLast });
    return table.writes === writes ? pageOf(rows, page, matches) : undefined;
  } finally {
    reclaimer.end(serial);
  }
}

function pageOf(rows: IndexRows, { after, start, num }: ListScope, matches: Matches): KeyAnswer {
  const ids: RowId[] = [];
  if (num > 0)
    for (const id of inKeyOrder(rows, matches, after)) {
      ids.push(id);
      if (ids.length === start + num) break;
    }
  return answerOf(rows, ids.slice(start), countMatches(matches));
}

function answerOf({ table }: IndexRows, ids: readonly RowId[], found: number): KeyAnswer {
  const keys = ids.map((id) => ({ key: table.keyOf(id), revision: table.revisionOf(id) }));
  return { keys, found };
}
