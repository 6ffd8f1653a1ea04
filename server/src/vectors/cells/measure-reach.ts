import { setImmediate } from 'node:timers/promises';

import type { IndexRows } from '../index-rows.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, rowIdOf, type RowId } from '../memory/row-block.ts';
import { describeRows } from '../scan/job-rows.ts';
import type { JobRows, SearchJob, SearchPart } from '../scan/scan-job.ts';
import type { QuantisedQuery } from '../score/quantise.ts';

import { cellOf } from './cell-layout.ts';
import type { Clustering, DepthReach, Reach } from './clustering.ts';

/** Rows that are searched for. */
const QUERIES = 64;

/** How deep neighbours are looked at: a filter that a hundredth of the rows pass makes a hundred of ten thousand. */
const DEPTHS = [100, 1000, 10_000] as const;

/** Neighbours of a row that are looked at for each depth, at most. */
const NEIGHBOURS = 250;

/** The share of neighbours that may be missed. */
const MISSED_SHARE = 0.003;

/** What lies around a row, without the row itself. */
interface Neighbourhood {
  /** The cosine of every centroid with the row. */
  readonly centroids: Float64Array;
  readonly byDepth: readonly NeighboursTo[];
}

interface NeighboursTo {
  /** The cosine of the last; less than any where there are fewer rows. */
  readonly least: number;
  /** Some of them, from near and far. */
  readonly ids: readonly RowId[];
}

/**
 * Searches all rows for the neighbours of some, and finds what {@link Clustering.rank} must assume
 * so that their cells are looked at. The row itself is left out: a picture that is searched by is
 * as near to its neighbours as one of the rows is to its own, and seldom a row.
 */
export async function measureReach(
  rows: IndexRows,
  clustering: Clustering,
): Promise<Reach | undefined> {
  const { table } = rows;
  const found: Neighbourhood[] = [];
  for (const id of pickRows(table.chunksOf([clustering.category]))) {
    if (table.isDropped) return undefined;
    const query = table.chunks[chunkOfRow(id)]?.queryOf(placeOfRow(id));
    if (query !== undefined) found.push(await findNeighbours(rows, { clustering, query, id }));
  }
  const sizes = clustering
    .ranges(table)
    .map((ranges) => ranges.reduce((sum, { from, to }) => sum + to - from, 0));
  const depths: DepthReach[] = [];
  let correlation = 0;
  for (const [i, depth] of DEPTHS.entries()) {
    await setImmediate();
    const around = found.map(({ centroids, byDepth }) => ({ centroids, to: byDepth[i] }));
    // Deeper, where other clusters begin, it may be more; that of less deep ones holds as well.
    correlation = Math.max(correlation, correlationOf(rows, clustering, around));
    await setImmediate();
    depths.push({ depth, correlation, ...countCells(clustering, around, { correlation, sizes }) });
  }
  return { depths, rows: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Rows spread evenly over the chunks that lie in cells. */
function pickRows(chunks: readonly Chunk[]): readonly RowId[] {
  const laid = chunks.filter(({ layout }) => layout !== undefined);
  const places = laid.reduce((sum, { count }) => sum + count, 0);
  const step = Math.max(1, Math.floor(places / QUERIES));
  const picked: RowId[] = [];
  let next = Math.floor(step / 2);
  for (const chunk of laid) {
    for (; next < chunk.count; next += step)
      if (chunk.isAlive(next)) picked.push(rowIdOf(chunk.place.ordinal, next));
    next -= chunk.count;
  }
  return picked;
}

interface Sought {
  readonly clustering: Clustering;
  readonly query: QuantisedQuery;
  /** The row itself. */
  readonly id: RowId;
}

async function findNeighbours(rows: IndexRows, sought: Sought): Promise<Neighbourhood> {
  const { clustering, query, id } = sought;
  const { parts, table, stride, reclaimer } = rows;
  const serial = reclaimer.begin();
  try {
    const described = describeRows(table.chunksOf([clustering.category]), stride, undefined);
    const answers = await parts.background().run(neighbourJob(query, described), 1);
    const part = answers.find((answer) => answer.kind === 'search');
    const centroids = new Float64Array(clustering.centroids.count);
    clustering.centroids.cosines(query.values, query.inverseNorm, centroids);
    return { centroids, byDepth: neighboursOf(part, id) };
  } finally {
    reclaimer.end(serial);
  }
}

function neighboursOf(part: SearchPart | undefined, itself: RowId): readonly NeighboursTo[] {
  const { ids, cosines } = part ?? { ids: new Float64Array(0), cosines: new Float64Array(0) };
  const others = cosines.filter((_, i) => ids[i] !== itself).sort();
  return DEPTHS.map((depth) => {
    const least = others[others.length - depth] ?? -1;
    const to = ids.filter((id, i) => id !== itself && (cosines[i] ?? -1) >= least);
    const step = Math.max(1, Math.ceil(to.length / NEIGHBOURS));
    return { least, ids: Array.from(to.filter((_, i) => i % step === 0)) };
  });
}

function neighbourJob(query: QuantisedQuery, rows: JobRows): SearchJob {
  return {
    kind: 'search',
    rows,
    query: query.values,
    queryInverseNorm: query.inverseNorm,
    calibration: [
      [-1, 0],
      [1, 1],
    ],
    wanted: 1 + Math.max(...DEPTHS),
    minScore: 0,
    groupCodes: 0,
  };
}

/** Rows, and their neighbours down to a depth. */
type Around = Pick<Neighbourhood, 'centroids'> & { readonly to: NeighboursTo | undefined };

/** What bounds must assume so that nearly all neighbours down to the depth are found. */
function correlationOf(
  { table }: IndexRows,
  clustering: Clustering,
  around: readonly Around[],
): number {
  const needed: number[] = [];
  for (const { to, centroids } of around)
    for (const id of to?.ids ?? []) {
      const layout = table.chunks[chunkOfRow(id)]?.layout;
      if (layout?.clustering !== clustering) continue;
      const cell = cellOf(layout, placeOfRow(id));
      needed.push(clustering.correlationFor(cell, centroids[cell] ?? 0, to?.least ?? -1));
    }
  const sorted = Float64Array.from(needed).sort();
  return sorted[Math.floor((sorted.length - 1) * (1 - MISSED_SHARE))] ?? 1;
}

/** Cells whose bound is good enough for the depth, for the median row; and their share of the rows, in the mean. */
function countCells(
  clustering: Clustering,
  around: readonly Around[],
  { correlation, sizes }: { readonly correlation: number; readonly sizes: readonly number[] },
): { readonly cells: number; readonly share: number } {
  const all = sizes.reduce((sum, size) => sum + size, 0) * around.length;
  let rows = 0;
  const cells = around.map(({ centroids, to }) => {
    const looked = sizes.filter(
      (_, cell) => clustering.bound(cell, centroids[cell] ?? 0, correlation) >= (to?.least ?? -1),
    );
    rows += looked.reduce((sum, size) => sum + size, 0);
    return looked.length;
  });
  cells.sort((a, b) => a - b);
  return {
    cells: Math.max(1, cells[cells.length >>> 1] ?? 1),
    share: Math.min(1, Math.max(1, rows) / Math.max(1, all)),
  };
}
