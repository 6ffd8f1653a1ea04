import type { Clustering, DepthReach, PromisingCell } from '../cells/clustering.ts';
import type { IndexRows } from '../index-rows.ts';
import { cellOf } from '../cells/cell-layout.ts';
import { CHUNK_ROWS, UNIT_ROWS } from '../limits.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import type { Chunk } from '../memory/chunk.ts';
import type { QuantisedQuery } from '../score/quantise.ts';

import { UNIT_RECORD, type JobRows } from './scan-job.ts';

/**
 * Searches are planned as if at least so many hits were wanted. So the first pages of a query come
 * from one ranking, and what is ranked last among those asked for is as sure as what is ranked first.
 */
const DEPTHS = [100, 500] as const;

/** Cells must promise this share of the exact search's time: their own is not known as well. */
const WORTHWHILE_SHARE = 0.85;

/** One more than the largest end of a range. */
const PLACE_SPAN = 2 * CHUNK_ROWS;

/** How a search goes by cells. It holds for the rows there were when it was made. */
export interface CellPlan {
  /** Hits that the workers look for. */
  readonly depth: number;
  /** Units of the rows that have no cell, and are compared in any case. */
  readonly unlaid: Uint32Array;
  /** The most promising first. */
  readonly cells: readonly PromisingCell[];
  /** So many of them are searched before it is decided on the others. */
  readonly firstCells: number;
  /** The units of some cells. */
  readonly unitsOf: (cells: readonly PromisingCell[]) => Uint32Array;
}

export interface PlanInput {
  readonly chunks: readonly Chunk[];
  readonly described: JobRows;
  readonly query: QuantisedQuery;
  readonly wanted: number;
  /** A row that is compared in any case. */
  readonly pinned: RowId | undefined;
}

/**
 * A plan by cells, or undefined where comparing every matching row is as fast.
 *
 * Compares the cost of both from the share of the rows that lies in the cells to be looked at for hits so deep in the
 * ranking, as measured on the rows themselves, and what a job, a row and a unit cost on this machine. With a filter every
 * matching row is compared: where those that pass lie together, away from the query, no depth says how many cells it takes.
 */
export function planCells(rows: IndexRows, input: PlanInput): CellPlan | undefined {
  const { chunks, described, query, wanted } = input;
  const depth = DEPTHS.find((depth) => wanted <= depth);
  const clusterings = clusteringsOf(chunks);
  const isFiltered = described.plan !== undefined;
  if (depth === undefined || isFiltered || clusterings.length === 0) return undefined;
  const needed = clusterings.map(({ reach }) => reachAt(reach?.depths ?? [], depth));
  const share = Math.max(...needed.map(({ share }) => share));
  if (!isWorthwhile(rows, input, { depth, clusterings, share })) return undefined;
  const cells = clusterings.flatMap((clustering, i) =>
    clustering.rank(query, needed[i]?.correlation ?? 1),
  );
  if (clusterings.length > 1) cells.sort((a, b) => b.bound - a.bound);
  const firstCells = needed.reduce((sum, { cells }) => sum + cells, 0);
  const plan = { depth, firstCells, ...divide(rows, input, clusterings) };
  const pinned = findPinned(rows, input.pinned, cells);
  if (pinned === undefined) return { ...plan, cells };
  return { ...plan, cells: [pinned, ...cells.filter((cell) => cell !== pinned)] };
}

/** Whether going by cells takes less time than to compare every row that matches. */
function isWorthwhile(
  { parts, stride, table }: IndexRows,
  { chunks, described }: PlanInput,
  {
    depth,
    clusterings,
    share,
  }: {
    readonly depth: number;
    readonly clusterings: readonly Clustering[];
    /** Of the rows, in the cells to look at. */
    readonly share: number;
  },
): boolean {
  const { handOverMs, megabyteMs, unitMs } = parts.costs.now;
  const rowMs = (megabyteMs * stride) / 1e6;
  let [all, laid] = [0, 0];
  for (const { size, layout } of chunks) {
    all += size;
    if (layout !== undefined && clusterings.includes(layout.clustering)) laid += size;
  }
  // With so few, every cell would be looked at.
  if (all <= depth) return false;
  const units = described.units.length / UNIT_RECORD.length;
  const exactMs = handOverMs + all * rowMs + units * unitMs;
  const centroids = clusterings.reduce((sum, { centroids }) => sum + centroids.count, 0);
  const ranges = clusterings.reduce((sum, clustering) => sum + clustering.countRanges(table), 0);
  // The main thread alone compares the centroids.
  const compared = all - laid + share * laid + centroids * parts.pool.size;
  const cellsMs = 2 * handOverMs + compared * rowMs + share * ranges * unitMs;
  return cellsMs < WORTHWHILE_SHARE * exactMs;
}

/** Tells the rows that have no cell from those that do. */
function divide(
  { table }: IndexRows,
  { chunks, described }: PlanInput,
  clusterings: readonly Clustering[],
): Pick<CellPlan, 'unlaid' | 'unitsOf'> {
  const numbers = new Map(chunks.map((chunk, number) => [chunk, number]));
  const ranges = new Map(clusterings.map((clustering) => [clustering, clustering.ranges(table)]));
  const isLaid = ({ layout }: Chunk): boolean =>
    layout !== undefined && ranges.has(layout.clustering);
  const unlaid: number[] = [];
  for (let at = 0; at < described.units.length; at += UNIT_RECORD.length) {
    const unit = described.units.subarray(at, at + UNIT_RECORD.length);
    const chunk = chunks[unit[UNIT_RECORD.chunk] ?? 0];
    if (chunk !== undefined && !isLaid(chunk)) unlaid.push(...unit);
  }
  const unitsOf = (cells: readonly PromisingCell[]): Uint32Array => {
    const packed: number[] = [];
    for (const { clustering, cell } of cells)
      for (const { chunk, from, to } of ranges.get(clustering)?.[cell] ?? [])
        packed.push(((numbers.get(chunk) ?? 0) * PLACE_SPAN + from) * PLACE_SPAN + to);
    return joinRanges(Float64Array.from(packed).sort());
  };
  return { unlaid: Uint32Array.from(unlaid), unitsOf };
}

/** Units from packed numbers of chunk, first row and end: ranges that follow one another become one. */
function joinRanges(sorted: Float64Array): Uint32Array {
  const units = new Uint32Array(sorted.length * UNIT_RECORD.length);
  let at = -UNIT_RECORD.length;
  for (const number of sorted) {
    const to = number % PLACE_SPAN;
    const place = Math.floor(number / PLACE_SPAN);
    const [chunk, from] = [Math.floor(place / PLACE_SPAN), place % PLACE_SPAN];
    const isNext =
      at >= 0 &&
      units[at + UNIT_RECORD.chunk] === chunk &&
      units[at + UNIT_RECORD.to] === from &&
      to - (units[at + UNIT_RECORD.from] ?? 0) <= UNIT_ROWS;
    if (!isNext) {
      at += UNIT_RECORD.length;
      units[at + UNIT_RECORD.chunk] = chunk;
      units[at + UNIT_RECORD.from] = from;
    }
    units[at + UNIT_RECORD.to] = to;
  }
  return units.slice(0, at + UNIT_RECORD.length);
}

/** The cell of the row that is compared in any case. */
function findPinned(
  { table }: IndexRows,
  pinned: RowId | undefined,
  cells: readonly PromisingCell[],
): PromisingCell | undefined {
  const layout = pinned === undefined ? undefined : table.chunks[chunkOfRow(pinned)]?.layout;
  if (pinned === undefined || layout === undefined) return undefined;
  const number = cellOf(layout, placeOfRow(pinned));
  return cells.find(({ clustering, cell }) => clustering === layout.clustering && cell === number);
}

/** Whose cells have been measured. */
function clusteringsOf(chunks: readonly Chunk[]): readonly Clustering[] {
  const found = new Set<Clustering>();
  for (const { layout } of chunks) if (layout?.clustering.reach) found.add(layout.clustering);
  return [...found];
}

/**
 * What a depth takes, between and beyond those measured: straight lines between logarithms. The
 * correlation, which falls with the depth, stays that of the depth above.
 */
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
    correlation: (depths[Math.max(0, deeper)] ?? low).correlation,
    cells: Math.ceil(between(low.cells, high.cells)),
    share: Math.min(1, between(low.share, high.share)),
  };
}
