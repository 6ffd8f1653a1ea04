import { performance } from 'node:perf_hooks';

import { cellOf } from '../cells/cell-layout.ts';
import type { PromisingCell } from '../cells/clustering.ts';
import type { IndexRows } from '../index-rows.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { Calibration } from '../score/calibration.ts';
import type { VectorAnswer } from '../vector-index.ts';

import { rankCells, type CellPlan } from './cell-plan.ts';
import { withUnits } from './job-rows.ts';
import { MatchBits } from './match-bits.ts';
import { searchParts } from './shared-scans.ts';
import type { ScanJob, ScanPart, SearchJob, SearchPart } from './scan-job.ts';

/** Has the scan workers do a job. */
export type Ask = (job: ScanJob) => Promise<readonly ScanPart[]>;

export interface SearchFindings extends Pick<VectorAnswer, 'mode'> {
  readonly parts: readonly SearchPart[];
  /** Rows that match, where the parts do not tell. */
  readonly found?: number;
  /** What it took to find them, where that was a step of its own. */
  readonly matchMs: number;
}

/** With a filter, not more than this share of the hits may lie in cells … */
const EDGE_SHARE = 0.01;

/** … that would not have come in with a correlation so much less: else more come in, with so much more. */
const EDGE_WIDTH = 0.1;

export interface CellSearch {
  readonly job: SearchJob;
  readonly plan: CellPlan;
  readonly chunks: readonly Chunk[];
  readonly calibration: Calibration;
  /** A row that is compared in any case. */
  readonly pinned: RowId | undefined;
}

/** Searches by cells: with a filter, among the rows that match, which are found first. */
export async function searchCells(
  { table, parts: { arenas } }: IndexRows,
  ask: Ask,
  search: CellSearch,
): Promise<SearchFindings> {
  const { job, chunks, plan } = search;
  // As of now: rows may be written while the workers are at it.
  const all = chunks.reduce((sum, { size }) => sum + size, 0);
  if (job.rows.plan === undefined)
    return { ...(await compareCells(table, ask, search, all)), matchMs: 0 };
  const began = performance.now();
  const matches = new MatchBits(arenas, chunks, job.rows);
  try {
    const marked = await ask(matches.job);
    const found = marked.reduce((sum, part) => sum + (part.kind === 'match' ? part.found : 0), 0);
    plan.units.narrow(matches);
    const matchMs = performance.now() - began;
    const matching = { ...search, job: { ...job, rows: matches.rows() } };
    return { ...(await compareCells(table, ask, matching, found)), matchMs };
  } finally {
    matches.free();
  }
}

/**
 * Compares the rows of the most promising cells, then those of all others that may, by their bound,
 * have a row as good as the last of the hits found so far. With fewer hits than wanted that is every
 * cell. Where many hits of a filter lie in cells that only just came in, some more are compared: what the
 * bounds assume was measured without one. The same rows and query give the same cells, whichever page is asked for.
 */
async function compareCells(
  table: RowTable,
  ask: Ask,
  { job, plan, calibration, pinned }: CellSearch,
  found: number,
): Promise<Omit<SearchFindings, 'matchMs'>> {
  const { depth, units } = plan;
  const query = { values: job.query, inverseNorm: job.queryInverseNorm };
  const { cells, firstCells } = rankCells(table, plan, { query, pinned });
  const parts: SearchPart[] = [];
  const compare = async (asked: Uint32Array): Promise<void> => {
    if (asked.length === 0) return;
    const answers = await ask({ ...job, wanted: depth, rows: withUnits(job.rows, asked) });
    parts.push(...searchParts(answers));
  };
  const isWhole = (): boolean =>
    parts.reduce((sum, { rowsScanned }) => sum + rowsScanned, 0) === found;
  // What is best comes first, and raises the bar for all others.
  const [best, good] = [units.of(cells.slice(0, 1)), units.of(cells.slice(1, firstCells))];
  await compare(Uint32Array.from([...best, ...units.unlaid(job.rows.units), ...good]));
  const least = leastOf(parts, depth, calibration);
  const others = cells.slice(firstCells);
  await compare(units.of(others.filter(({ bound }) => bound >= least)));
  if (units.areNarrowed && !isWhole()) {
    const hits = hitsOf(parts, leastOf(parts, depth, calibration));
    const left = others.filter(({ bound }) => bound < least);
    if (areLate(table, { plan, cells }, hits)) await compare(units.of(widen(plan, left, hits)));
  }
  return { parts, found, mode: isWhole() ? 'exact' : 'approximate' };
}

/** The least cosine of a row that ranks with the best `depth` of those found. */
function leastOf(parts: readonly SearchPart[], depth: number, calibration: Calibration): number {
  const cosines = Float64Array.from(parts.flatMap(({ cosines }) => [...cosines])).sort();
  const last = cosines[cosines.length - depth];
  if (last === undefined) return Number.NEGATIVE_INFINITY;
  return calibration.floorOf(calibration.scoreOf(last));
}

interface Hits {
  readonly ids: readonly RowId[];
  /** Of the last of them. */
  readonly least: number;
}

function hitsOf(parts: readonly SearchPart[], least: number): Hits {
  const ids = parts.flatMap(({ ids, cosines }) =>
    Array.from(ids.filter((_, i) => (cosines[i] ?? -1) >= least)),
  );
  return { ids, least };
}

/** Whether so many hits lie in the last cells that came in that others may lie in those that did not. */
function areLate(
  { chunks }: RowTable,
  { plan, cells }: { readonly plan: CellPlan; readonly cells: readonly PromisingCell[] },
  { ids, least }: Hits,
): boolean {
  let late = 0;
  for (const { clustering, correlation } of plan.clusterings) {
    const centroids = new Float64Array(clustering.centroids.count);
    for (const { clustering: its, cell, cosine } of cells)
      if (its === clustering) centroids[cell] = cosine;
    for (const id of ids) {
      const layout = chunks[chunkOfRow(id)]?.layout;
      if (layout?.clustering !== clustering) continue;
      const cell = cellOf(layout, placeOfRow(id));
      const needed = clustering.correlationFor(cell, centroids[cell] ?? 0, least);
      if (needed > correlation - EDGE_WIDTH) late += 1;
    }
  }
  return late > EDGE_SHARE * plan.depth;
}

/** Of the cells left, those that come in with a larger correlation. */
function widen(
  { clusterings }: CellPlan,
  left: readonly PromisingCell[],
  { least }: Hits,
): readonly PromisingCell[] {
  return clusterings.flatMap(({ clustering, correlation }) => {
    const larger = Math.min(1, correlation + EDGE_WIDTH);
    return left.filter(
      ({ clustering: its, cell, cosine }) =>
        its === clustering && clustering.bound(cell, cosine, larger) >= least,
    );
  });
}
