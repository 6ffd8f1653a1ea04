import { compareCodePoints } from '@likeness/shared/encoding';

/** A row among the best, as ranking needs it. */
export interface RankedRow {
  readonly key: string;
  readonly revision: number;
  readonly score: number;
  readonly cosine: number;
  readonly group: number;
  readonly isAlive: boolean;
}

export interface Ranking {
  readonly pinnedKey: string | undefined;
  readonly distinct: boolean;
  /** Rows wanted. */
  readonly wanted: number;
}

/** A list this much longer than what is wanted is not sorted as a whole. */
const SORT_FACTOR = 4;

/** The first of the rows, by score, then the pinned row, then key; one a group if distinct. */
export function rankRows(rows: readonly RankedRow[], ranking: Ranking): RankedRow[] {
  const compare = (a: RankedRow, b: RankedRow): number =>
    b.score - a.score || pin(b, ranking) - pin(a, ranking) || compareCodePoints(a.key, b.key);
  return selectFirst(
    ranking.distinct ? bestOfGroups(rows, compare) : rows,
    ranking.wanted,
    compare,
  );
}

/** The first `wanted` items in order. Sorts them all only when there are not many more. */
export function selectFirst<Item>(
  items: readonly Item[],
  wanted: number,
  compare: (a: Item, b: Item) => number,
): Item[] {
  if (items.length <= wanted * SORT_FACTOR) return items.toSorted(compare).slice(0, wanted);
  const first = items.slice(0, wanted).sort(compare);
  for (const item of items.slice(wanted)) {
    const last = first.at(-1);
    if (last === undefined || compare(item, last) >= 0) continue;
    first.pop();
    first.splice(placeOf(item, first, compare), 0, item);
  }
  return first;
}

function placeOf<Item>(
  item: Item,
  sorted: readonly Item[],
  compare: (a: Item, b: Item) => number,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = sorted[middle];
    if (there !== undefined && compare(there, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bestOfGroups(
  rows: readonly RankedRow[],
  compare: (a: RankedRow, b: RankedRow) => number,
): RankedRow[] {
  const best = new Map<number, RankedRow>();
  for (const row of rows) {
    const other = best.get(row.group);
    if (other === undefined || compare(row, other) < 0) best.set(row.group, row);
  }
  return [...best.values()];
}

function pin({ key }: RankedRow, { pinnedKey }: Ranking): number {
  return key === pinnedKey ? 1 : 0;
}
