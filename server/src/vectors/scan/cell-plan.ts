import { cellOf } from '../cells/cell-layout.ts';
import type { Clustering, DepthReach, PromisingCell } from '../cells/clustering.ts';
import type { IndexRows } from '../index-rows.ts';
import { RANKED_DEPTHS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { QuantisedQuery } from '../score/quantise.ts';

import { CellUnits } from './cell-units.ts';
import { estimateShare } from './estimate-share.ts';
import { UNIT_RECORD, type JobRows } from './scan-job.ts';

/** Cells must promise this share of the exact search's time: their own is not known as well. */
const WORTHWHILE_SHARE = 0.85;

/** Rows picked here and there take so many times as long as rows side by side, but never longer than all of them. */
const SCATTERED_FACTOR = 2.5;

/** With a filter the bounds assume a correlation so much larger than was measured without one. */
const FILTER_ALLOWANCE = 0.05;

/** With a filter, the first cells are to have so many matching rows for each hit wanted. */
const MATCHES_A_HIT = 2;

export interface PlanInput {
  readonly chunks: readonly Chunk[];
  readonly described: JobRows;
  readonly wanted: number;
}

/** How a search goes by cells, but for the query. */
export interface CellPlan {
  /** Hits that the workers look for. */
  readonly depth: number;
  readonly units: CellUnits;
  readonly clusterings: readonly PlannedClustering[];
}

interface PlannedClustering extends DepthReach {
  readonly clustering: Clustering;
}

/**
 * A plan by cells, or undefined where comparing every matching row is as fast.
 *
 * Compares the cost of both from the share of the rows that lies in the cells to be looked at for hits so deep in the
 * ranking, as measured on the rows themselves, and what a job, a row and a unit cost on this machine. Where a share of the
 * rows matches, a hit is as much deeper in the ranking of all.
 */
export function planCells(rows: IndexRows, input: PlanInput): CellPlan | undefined {
  const { chunks, described, wanted } = input;
  const depth = RANKED_DEPTHS.find((depth) => wanted <= depth);
  if (depth === undefined) return undefined;
  const measured = clusteringsOf(chunks);
  if (measured.length === 0) return undefined;
  const isFiltered = described.plan !== undefined;
  const matching = isFiltered ? estimateShare(described, rows.parts.bench) : 1;
  const clusterings = measured.map((clustering) => {
    const depths = clustering.reach?.depths ?? [];
    const needed = reachAt(depths, depth / matching);
    if (!isFiltered) return { clustering, ...needed };
    // The rows that pass may lie together, at any depth.
    const correlation = Math.min(1, largest(depths) + FILTER_ALLOWANCE);
    return { clustering, ...needed, correlation };
  });
  if (!isWorthwhile(rows, input, { depth, clusterings, matching })) return undefined;
  return { depth, clusterings, units: new CellUnits(rows.table, chunks, measured) };
}

/** Whether going by cells takes less time than to compare every row that matches. */
function isWorthwhile(
  { parts, stride, table }: IndexRows,
  { chunks, described }: PlanInput,
  {
    depth,
    clusterings,
    matching,
  }: Pick<CellPlan, 'depth' | 'clusterings'> & {
    /** The share of the rows. */
    readonly matching: number;
  },
): boolean {
  const { handOverMs, megabyteMs, unitMs } = parts.costs.now;
  const [all, laid] = countRows(chunks, clusterings);
  // With so few, every cell would be looked at.
  if (all * matching <= MATCHES_A_HIT * depth) return false;
  const isFiltered = described.plan !== undefined;
  const rowMs = (megabyteMs * stride) / 1e6;
  const matchMs = rowMs * Math.min(1, SCATTERED_FACTOR * matching);
  const unitsMs = (described.units.length / UNIT_RECORD.length) * unitMs;
  const exactMs = handOverMs + all * matchMs + unitsMs;
  const share = Math.max(...clusterings.map(({ share }) => share));
  const sum = (of: (clustering: Clustering) => number): number =>
    clusterings.reduce((total, { clustering }) => total + of(clustering), 0);
  // The main thread alone compares the centroids.
  const centroidsMs = sum(({ centroids }) => centroids.count) * parts.pool.size * rowMs;
  const rangesMs = share * sum((clustering) => clustering.countRanges(table)) * unitMs;
  const filterMs = isFiltered ? handOverMs + unitsMs : 0;
  const cellsMs =
    filterMs + 2 * handOverMs + centroidsMs + (all - laid + share * laid) * matchMs + rangesMs;
  return cellsMs < WORTHWHILE_SHARE * exactMs;
}

/** How many rows there are, and how many of them in cells. */
function countRows(
  chunks: readonly Chunk[],
  clusterings: readonly PlannedClustering[],
): readonly [all: number, laid: number] {
  const planned = new Set(clusterings.map(({ clustering }) => clustering));
  let [all, laid] = [0, 0];
  for (const { size, layout } of chunks) {
    all += size;
    if (layout !== undefined && planned.has(layout.clustering)) laid += size;
  }
  return [all, laid];
}

/** The cells that a query is compared with. */
export interface RankedCells {
  /** The most promising first. */
  readonly cells: readonly PromisingCell[];
  /** So many of them are searched before it is decided on the others. */
  readonly firstCells: number;
}

/** Ranks the cells of a plan. `pinned`: a row whose cell comes first. */
export function rankCells(
  table: RowTable,
  { depth, clusterings, units }: CellPlan,
  { query, pinned }: { readonly query: QuantisedQuery; readonly pinned: RowId | undefined },
): RankedCells {
  const cells = clusterings.flatMap(({ clustering, correlation }) =>
    clustering.rank(query, correlation),
  );
  if (clusterings.length > 1) cells.sort((a, b) => b.bound - a.bound);
  const first = pinned === undefined ? -1 : cells.findIndex(isCellOf(table, pinned));
  if (first > 0) cells.unshift(...cells.splice(first, 1));
  const needed = clusterings.reduce((sum, { cells }) => sum + cells, 0);
  if (!units.areNarrowed) return { cells, firstCells: needed };
  let [firstCells, matches] = [0, 0];
  for (const cell of cells) {
    if (firstCells >= needed && matches >= MATCHES_A_HIT * depth) break;
    matches += units.count(cell);
    firstCells += 1;
  }
  return { cells, firstCells };
}

/** Tells the cell that a row lies in. */
function isCellOf(table: RowTable, row: RowId): (cell: PromisingCell) => boolean {
  const layout = table.chunks[chunkOfRow(row)]?.layout;
  if (layout === undefined) return () => false;
  const number = cellOf(layout, placeOfRow(row));
  return ({ clustering, cell }) => clustering === layout.clustering && cell === number;
}

/** Whose cells have been measured. */
function clusteringsOf(chunks: readonly Chunk[]): readonly Clustering[] {
  const found = new Set<Clustering>();
  for (const { layout } of chunks) if (layout?.clustering.reach) found.add(layout.clustering);
  return [...found];
}

/** What a depth takes, between and beyond those measured: straight lines between logarithms. */
function reachAt(depths: readonly DepthReach[], depth: number): DepthReach {
  const deeper = depths.findLastIndex((known) => known.depth <= depth);
  const lower = Math.min(depths.length - 2, Math.max(0, deeper));
  const [low, high] = [depths[lower], depths[lower + 1]];
  if (low === undefined || high === undefined)
    return { depth, correlation: 1, cells: Number.POSITIVE_INFINITY, share: 1 };
  const at = Math.log(depth / low.depth) / Math.log(high.depth / low.depth);
  const between = (a: number, b: number): number => Math.exp(Math.log(a) + at * Math.log(b / a));
  return {
    depth,
    correlation: largest(depths.filter((_, i) => i === 0 || (depths[i - 1]?.depth ?? 0) < depth)),
    cells: Math.ceil(between(low.cells, high.cells)),
    share: Math.min(1, between(low.share, high.share)),
  };
}

/** The correlation that holds for each of these depths. */
function largest(depths: readonly DepthReach[]): number {
  return Math.max(...depths.map(({ correlation }) => correlation));
}
