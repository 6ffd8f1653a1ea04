import { FilterCompiler } from '../filter/compile-filter.ts';
import { hasBit } from '../filter/filter-plan.ts';
import type { IndexRows } from '../index-rows.ts';
import { MAX_SEARCH_ATTEMPTS, RANKED_DEPTHS } from '../limits.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import { rankRows, type RankedRow } from '../rows/rank-hits.ts';
import { countMatches, matchRows } from '../scan/match-rows.ts';
import { Calibration } from '../score/calibration.ts';
import { quantiseQuery, type QuantisedQuery } from '../score/quantise.ts';
import type { VectorAnswer, VectorQuery } from '../vector-index.ts';
import type { FaissCopy } from './faiss-copy.ts';
import { isExact, maxNeighbours, MIN_NEIGHBOURS, type FaissPlan } from './faiss-plan.ts';
import { StoredVectors } from './stored-vectors.ts';

/** Neighbours for each that is expected to be a hit. */
const SPARE = 1.25;
/** How far faiss's float32 and the cosine that counts may be apart. */
const COSINE_MARGIN = 1e-5;

/** The rows that take part in a search. */
interface Scope {
  readonly found: number;
  readonly has: (id: RowId) => boolean;
  readonly planMs?: number;
}

interface NeighbourSearch {
  readonly copy: FaissCopy;
  readonly rows: IndexRows;
  readonly scope: Scope;
  readonly calibration: Calibration;
  /** Of the row that is looked at in any case. */
  readonly pinnedKey: string | undefined;
}

/** The rows that faiss named, and those that it does not know yet. */
interface Neighbours {
  /** Of both, what is in scope. */
  readonly ranked: readonly RankedRow[];
  /** Cosine of the farthest that it named: what it did not name is no nearer. */
  readonly least: number;
  /** Whether it has no more to name. */
  readonly isAll: boolean;
}

export interface CopySearch {
  /** Throws if the index is closed. */
  readonly rowsNow: () => IndexRows;
  readonly copy: FaissCopy;
  readonly plan: FaissPlan;
}

/**
 * Searches by the neighbours that faiss finds: those that are in scope are ranked by the vectors as stored, as a scan would
 * rank them. Where too few are, more are asked for.
 *
 * @returns undefined where only comparing all rows is sure to find what there is: few of the neighbours are in scope, more rows
 *   tie with the last than were found, or rows are written all the time
 * @throws {Error} where faiss fails
 */
export async function searchCopy(
  search: CopySearch,
  query: VectorQuery,
  signal: AbortSignal | undefined,
): Promise<VectorAnswer | undefined> {
  for (let attempts = 1; attempts <= MAX_SEARCH_ATTEMPTS; attempts += 1) {
    const rows = search.rowsNow();
    const { writes } = rows.table;
    const serial = rows.reclaimer.begin();
    try {
      const answer = await attemptSearch(search, rows, query);
      signal?.throwIfAborted();
      const isSettled = search.rowsNow() === rows && rows.table.writes === writes;
      if (isSettled || answer === undefined) return answer;
    } finally {
      rows.reclaimer.end(serial);
    }
  }
  return undefined;
}

async function attemptSearch(
  search: CopySearch,
  rows: IndexRows,
  query: VectorQuery,
): Promise<VectorAnswer | undefined> {
  const { copy, plan } = search;
  const most = maxNeighbours(plan);
  const scope = await scopeOf(rows, query);
  const { calibration: knots = rows.options.calibration, pinnedKey } = query;
  const asked = { copy, rows, scope, calibration: new Calibration(knots), pinnedKey };
  const quantised = quantiseQuery(query.vector, rows.stride);
  const depth = depthOf(plan, query, scope);
  const expected = Math.ceil((SPARE * depth * copy.labels.count) / Math.max(1, scope.found));
  let wanted = Math.max(MIN_NEIGHBOURS, expected);
  for (; wanted <= most; wanted *= 2) {
    const neighbours = await findNeighbours(asked, quantised, wanted);
    const best = rankRows(neighbours.ranked, { distinct: false, pinnedKey, wanted: depth });
    const isWhole = neighbours.ranked.length === scope.found;
    if (isWhole || (best.length === depth && isClear(asked.calibration, neighbours, best))) {
      const compared = isExact(plan) ? copy.labels.living : neighbours.ranked.length;
      const mode = isExact(plan) || isWhole ? 'exact' : 'approximate';
      return { ...answerOf(best, query, scope), mode, rowsScanned: compared };
    }
    if (neighbours.isAll) return undefined;
  }
  return undefined;
}

/** Hits that are ranked. */
function depthOf(plan: FaissPlan, { start, num }: VectorQuery, { found }: Scope): number {
  const end = start + num;
  return Math.min(
    found,
    isExact(plan) ? end : (RANKED_DEPTHS.find((depth) => end <= depth) ?? end),
  );
}

/** Whether no row that was not named can tie with the last of the best. */
function isClear(
  calibration: Calibration,
  { least }: Neighbours,
  best: readonly RankedRow[],
): boolean {
  const last = best.at(-1);
  return last !== undefined && calibration.scoreOf(least + COSINE_MARGIN) < last.score;
}

function answerOf(
  best: readonly RankedRow[],
  { start, num }: VectorQuery,
  { found, planMs }: Scope,
): Pick<VectorAnswer, 'hits' | 'found' | 'planMs'> {
  const hits = best
    .slice(start, start + num)
    .map(({ key, revision, score, cosine }) => ({ key, revision, score, cosine }));
  return { hits, found, ...(planMs !== undefined && { planMs }) };
}

/** The rows that match, of which faiss knows nothing. */
async function scopeOf(rows: IndexRows, { filter, categories }: VectorQuery): Promise<Scope> {
  const { table, order } = rows;
  if (filter !== undefined) {
    const beganMs = performance.now();
    const compiler = new FilterCompiler(filter, table.fields);
    await compiler.prepare();
    const matches = await matchRows(rows, { compiler, categories });
    const none = new Uint32Array(0);
    return {
      found: countMatches(matches),
      has: (id) => hasBit(matches.get(chunkOfRow(id)) ?? none, placeOfRow(id)),
      planMs: performance.now() - beganMs,
    };
  }
  if (categories === undefined) return { found: order.size, has: () => true };
  const chunks = table.chunksOf(categories);
  const numbers = new Set(chunks.map(({ place }) => place.ordinal));
  return {
    found: chunks.reduce((sum, { size }) => sum + size, 0),
    has: (id) => numbers.has(chunkOfRow(id)),
  };
}

async function findNeighbours(
  { copy, rows, scope, calibration, pinnedKey }: NeighbourSearch,
  query: QuantisedQuery,
  wanted: number,
): Promise<Neighbours> {
  const { table, order, options } = rows;
  // Those it is told of while it searches count as such that it does not know.
  const late = new Set(copy.labels.waiting);
  if (pinnedKey !== undefined) late.add(pinnedKey);
  const labels = await copy.search(componentsOf(query, options.dims), wanted);
  const vectors = new StoredVectors(rows);
  const ranked: RankedRow[] = [];
  let least = 1;
  const rank = (key: string, isNamed: boolean): void => {
    const id = order.find(key);
    if (id === undefined) return;
    const cosine = vectors.cosine(id, query);
    if (isNamed) least = Math.min(least, cosine);
    if (!scope.has(id)) return;
    const [score, revision] = [calibration.scoreOf(cosine), table.revisionOf(id)];
    ranked.push({ key, revision, score, cosine, group: 0, isAlive: true });
  };
  for (const key of late) rank(key, false);
  for (const label of labels) {
    const key = copy.labels.keyOf(label);
    if (key !== undefined && !late.has(key)) rank(key, true);
  }
  return { ranked, least, isAll: labels.length < wanted };
}

/** As faiss takes a query: of unit length. */
function componentsOf({ values, inverseNorm }: QuantisedQuery, dims: number): Float32Array {
  return Float32Array.from(values.subarray(0, dims), (value) => value * inverseNorm);
}
