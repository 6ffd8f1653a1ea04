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

/** The neighbours that are to be found: as many as the least depth that searches are planned for. */
const NEIGHBOURS = 100;

/** How deep cells are counted for: a filter that a hundredth of the rows pass makes a hundred of ten thousand. */
const DEPTHS = [NEIGHBOURS, 1000, 10_000] as const;

/** The share of neighbours that may be missed. */
const MISSED_SHARE = 0.003;

/** What lies around a row, without the row itself. */
interface Neighbourhood {
  /** The cosine of every centroid with the row. */
  readonly centroids: Float64Array;
  /** The nearest. */
  readonly ids: readonly RowId[];
  /** By depth, the cosine of the last; less than any where there are fewer rows. */
  readonly least: readonly number[];
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
  const correlation = correlationOf(rows, clustering, found);
  const depths: DepthReach[] = [];
  for (const [i, depth] of DEPTHS.entries()) {
    await setImmediate();
    depths.push({
      depth,
      correlation,
      ...countCells({ clustering, found, correlation, sizes }, i),
    });
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
    return { centroids, ...rankPart(part, id) };
  } finally {
    reclaimer.end(serial);
  }
}

function rankPart(
  part: SearchPart | undefined,
  itself: RowId,
): Pick<Neighbourhood, 'ids' | 'least'> {
  const { ids, cosines } = part ?? { ids: new Float64Array(0), cosines: new Float64Array(0) };
  const others = cosines.filter((_, i) => ids[i] !== itself).sort();
  const least = DEPTHS.map((depth) => others[others.length - depth] ?? -1);
  const last = least[0] ?? -1;
  const near = [...ids].filter((id, i) => id !== itself && (cosines[i] ?? 0) >= last);
  return { ids: near, least };
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

/** What bounds must assume so that nearly all of the nearest are found. */
function correlationOf(
  { table }: IndexRows,
  clustering: Clustering,
  found: readonly Neighbourhood[],
): number {
  const needed: number[] = [];
  for (const { ids, least, centroids } of found)
    for (const id of ids) {
      const layout = table.chunks[chunkOfRow(id)]?.layout;
      if (layout?.clustering !== clustering) continue;
      const cell = cellOf(layout, placeOfRow(id));
      needed.push(clustering.correlationFor(cell, centroids[cell] ?? 0, least[0] ?? -1));
    }
  const sorted = Float64Array.from(needed).sort();
  return sorted[Math.floor((sorted.length - 1) * (1 - MISSED_SHARE))] ?? 1;
}

interface Measured {
  readonly clustering: Clustering;
  readonly found: readonly Neighbourhood[];
  readonly correlation: number;
  /** Rows by cell. */
  readonly sizes: readonly number[];
}

/** Cells whose bound is good enough for the depth, for the median row; and their share of the rows, in the mean. */
function countCells(
  { clustering, found, correlation, sizes }: Measured,
  depth: number,
): { readonly cells: number; readonly share: number } {
  const all = sizes.reduce((sum, size) => sum + size, 0) * found.length;
  let rows = 0;
  const cells = found.map(({ centroids, least }) => {
    const looked = sizes.filter(
      (_, cell) =>
        clustering.bound(cell, centroids[cell] ?? 0, correlation) >= (least[depth] ?? -1),
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
