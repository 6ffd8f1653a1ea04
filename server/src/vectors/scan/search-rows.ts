import { performance } from 'node:perf_hooks';

import { matches, type Filter } from '@likeness/shared/filter';

import { FilterCompiler } from '../filter/compile-filter.ts';
import { countBits } from '../filter/filter-plan.ts';
import type { Chunk } from '../memory/chunk.ts';
import { MAX_SEARCH_ATTEMPTS, ONE_WORKER_BYTES } from '../limits.ts';
import { rankRows, type RankedRow } from '../rows/rank-hits.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { IndexRows } from '../index-rows.ts';
import { Calibration } from '../score/calibration.ts';
import { quantiseQuery } from '../score/quantise.ts';
import type { VectorAnswer, VectorQuery } from '../vector-index.ts';

import { cancelJob, describeRows } from './job-rows.ts';
import { planCells, type CellPlan } from './cell-plan.ts';
import type { JobRows, ScanJob, ScanPart, SearchJob, SearchPart, StageTimes } from './scan-job.ts';
import { searchCells, type CellSearch, type SearchFindings } from './search-cells.ts';
import { searchParts } from './shared-scans.ts';

interface Attempt extends VectorAnswer {
  /** Rows that belong on the page, but were removed or replaced meanwhile. */
  readonly lost: number;
}

/**
 * Searches the rows of an index. When a row of the answer was removed or replaced meanwhile, the
 * search is done again; the last time, such rows are left out.
 */
export async function searchRows(
  rowsNow: () => IndexRows,
  query: VectorQuery,
  signal: AbortSignal | undefined,
): Promise<VectorAnswer> {
  for (let attempts = 1; ; attempts += 1) {
    signal?.throwIfAborted();
    const { lost, ...answer } = await attemptSearch(rowsNow, query, signal);
    if (lost === 0 || attempts === MAX_SEARCH_ATTEMPTS) return answer;
  }
}

async function attemptSearch(
  rowsNow: () => IndexRows,
  query: VectorQuery,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const rows = rowsNow();
  const serial = rows.reclaimer.begin();
  const work = runSearch(rows, query, signal).finally(() => rows.reclaimer.end(serial));
  const answer = await (signal === undefined ? work : untilAborted(work, signal));
  // Closed meanwhile: rejects.
  rowsNow();
  return answer;
}

async function runSearch(
  rows: IndexRows,
  query: VectorQuery,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const began = performance.now();
  const { filter, categories } = query;
  const compiler = filter === undefined ? undefined : new FilterCompiler(filter, rows.table.fields);
  await compiler?.prepare();
  const chunks = rows.table.chunksOf(categories);
  const described = describeRows(chunks, rows.stride, compiler?.finish());
  const job = searchJob(rows, query, described);
  const plan = planFor(rows, query, { chunks, job });
  const posted = performance.now();
  const ask = (asked: ScanJob): Promise<readonly ScanPart[]> => runJob(rows, asked, signal);
  const calibration = calibrationOf(rows, query);
  const { parts, matchMs, ...figures } =
    plan === undefined
      ? await searchAll(rows, query, { job, signal })
      : await searchCells(rows, ask, { job, plan, chunks, calibration, ...pinnedOf(rows, query) });
  const answered = performance.now();
  const planMs = posted - began + matchMs;
  const answer = { ...merge(rows, query, parts), ...figures, planMs };
  rows.parts.onSearch?.({
    planMs,
    workersMs: answered - posted - matchMs,
    mergeMs: performance.now() - answered,
    ...slowest(parts),
  });
  return answer;
}

function searchJob(rows: IndexRows, query: VectorQuery, described: JobRows): SearchJob {
  const { values, inverseNorm } = quantiseQuery(query.vector, rows.stride);
  return {
    kind: 'search',
    rows: described,
    query: values,
    queryInverseNorm: inverseNorm,
    calibration: query.calibration ?? rows.options.calibration,
    wanted: query.num === 0 ? 0 : query.start + query.num,
    minScore: query.minScore,
    groupCodes: query.distinct ? rows.table.groups.codes : 0,
  };
}

/** The stored picture that a search starts from. */
function pinnedOf({ order }: IndexRows, { pinnedKey }: VectorQuery): Pick<CellSearch, 'pinned'> {
  return { pinned: pinnedKey === undefined ? undefined : order.find(pinnedKey) };
}

/** Where a search may leave out rows at all: the count of what passes a threshold, or of groups, takes every row. */
function planFor(
  rows: IndexRows,
  { minScore, distinct }: VectorQuery,
  { chunks, job }: { readonly chunks: readonly Chunk[]; readonly job: SearchJob },
): CellPlan | undefined {
  if (minScore > 0 || distinct || job.wanted === 0) return undefined;
  return planCells(rows, { chunks, described: job.rows, wanted: job.wanted });
}

/** Compares every matching row. Without a filter, and where all workers have to help, in one pass with others. */
async function searchAll(
  rows: IndexRows,
  { filter, categories }: VectorQuery,
  { job, signal }: { readonly job: SearchJob; readonly signal: AbortSignal | undefined },
): Promise<SearchFindings> {
  const { parts, stride, table, scans } = rows;
  const isLarge = workersFor(job.rows, stride, parts.pool.size) > 1;
  if (filter !== undefined || !isLarge)
    return { mode: 'exact', matchMs: 0, parts: searchParts(await runJob(rows, job, signal)) };
  const found = await scans.search(JSON.stringify(categories ?? null), job, {
    ask: (asked) => runJob(rows, asked, asked === job ? signal : undefined),
    groupCodes: () => table.groups.codes,
  });
  return { mode: 'exact', matchMs: 0, parts: found };
}

async function runJob(
  { parts, stride }: IndexRows,
  job: ScanJob,
  signal: AbortSignal | undefined,
): Promise<readonly ScanPart[]> {
  // What it answers is not heard.
  if (signal?.aborted === true) return [];
  const cancel = (): void => cancelJob(job.rows);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const workers = workersFor(job.rows, stride, parts.pool.size);
    return workers === 0 ? [] : await parts.pool.run(job, workers);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Small work stays on one worker; none is woken for nothing. */
export function workersFor({ units }: JobRows, stride: number, workers: number): number {
  let rows = 0;
  for (let at = 0; at < units.length; at += 3) rows += (units[at + 2] ?? 0) - (units[at + 1] ?? 0);
  if (rows === 0) return 0;
  return rows * stride <= ONE_WORKER_BYTES ? 1 : workers;
}

function merge(
  rows: IndexRows,
  query: VectorQuery,
  parts: readonly SearchPart[],
): Omit<Attempt, 'mode'> {
  const { start, num, distinct, pinnedKey, filter } = query;
  const calibration = calibrationOf(rows, query);
  const ranked = rankRows(
    parts.flatMap((part) => rankedRows(rows.table, { filter, calibration }, part)),
    { distinct, pinnedKey, wanted: num === 0 ? 0 : start + num },
  );
  const page = ranked.slice(start);
  return {
    hits: page
      .filter(({ isAlive }) => isAlive)
      .map(({ key, revision, score, cosine }) => ({ key, revision, score, cosine })),
    found: distinct ? countGroups(parts) : sum(parts.map(({ found }) => found)),
    rowsScanned: sum(parts.map(({ rowsScanned }) => rowsScanned)),
    lost: ranked.filter(({ isAlive }) => !isAlive).length,
  };
}

function calibrationOf(rows: IndexRows, query: VectorQuery): Calibration {
  return query.calibration === undefined ? rows.calibration : new Calibration(query.calibration);
}

function rankedRows(
  table: RowTable,
  {
    filter,
    calibration,
  }: { readonly filter: Filter | undefined; readonly calibration: Calibration },
  part: SearchPart,
): readonly RankedRow[] {
  return Array.from(part.ids, (found, i) => {
    const cosine = part.cosines[i] ?? 0;
    const id = table.currentOf(found);
    const isStillIn =
      id === found || filter === undefined || matches(filter, table.attributesOf(id));
    return {
      key: table.keyOf(id),
      revision: table.revisionOf(id),
      score: calibration.scoreOf(cosine),
      cosine,
      group: table.groupOf(id),
      isAlive: isStillIn && table.isAlive(id),
    };
  });
}

function countGroups(parts: readonly SearchPart[]): number {
  const all = new Uint32Array(Math.max(0, ...parts.map(({ groups }) => groups.length)));
  for (const { groups } of parts)
    for (let i = 0; i < groups.length; i += 1) all[i] = (all[i] ?? 0) | (groups[i] ?? 0);
  return countBits(all);
}

function slowest(parts: readonly SearchPart[]): StageTimes {
  const none = { filterMs: 0, scanMs: 0, rerankMs: 0 };
  return parts.reduce((a, { stages: b }) => (totalMs(b) > totalMs(a) ? b : a), none);
}

function totalMs({ filterMs, scanMs, rerankMs }: StageTimes): number {
  return filterMs + scanMs + rerankMs;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Rejects as soon as the signal aborts; the work goes on to its end, unheard. */
async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const options = { once: true, signal: settled.signal };
    signal.addEventListener('abort', () => reject(signal.reason), options);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
