import type { KernelModule } from '../kernel/web-assembly.ts';
import { UNIT_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { QuantisedQuery } from '../score/quantise.ts';

import { Centroids, type CentroidPlane } from './centroids.ts';

/** A clustering as it is saved. */
export interface SavedClustering {
  readonly category: number;
  readonly centroids: CentroidPlane;
  /** By cell: the sum of its rows' cosines with the centroid, and how many rows. */
  readonly cosines: Float64Array;
  readonly counts: Float64Array;
  readonly trainedRows: number;
  readonly reach: Reach | undefined;
}

/**
 * How well a query's neighbours keep to the cells that look promising, measured on the rows
 * themselves: see {@link Clustering.rank}.
 */
export interface Reach {
  readonly depths: readonly DepthReach[];
  /** Rows there were when it was measured. */
  readonly rows: number;
}

/** What it takes to find the neighbours down to a depth of the ranking. */
export interface DepthReach {
  readonly depth: number;
  /** What {@link Clustering.rank} must assume of neighbours in cells that look less promising. */
  readonly correlation: number;
  /** How many cells must be looked at, and their share of the rows. */
  readonly cells: number;
  readonly share: number;
}

/** Rows `from` to `to` of a chunk are of one cell. */
export interface CellRange {
  readonly chunk: Chunk;
  readonly from: number;
  readonly to: number;
}

/** A cell, the cosine of query and centroid, and the largest that a row of it is expected to have. */
export interface PromisingCell {
  readonly clustering: Clustering;
  readonly cell: number;
  readonly cosine: number;
  readonly bound: number;
}

/** The cells of one category's rows. */
export class Clustering {
  readonly category: number;
  readonly centroids: Centroids;
  readonly trainedRows: number;
  readonly #cosines: Float64Array;
  readonly #counts: Float64Array;
  reach: Reach | undefined;
  #ranges: readonly (readonly CellRange[])[] = [];
  #rangesAsOf = -1;
  #rangeCount = 0;

  constructor(module: KernelModule, saved: SavedClustering) {
    this.category = saved.category;
    this.centroids = Centroids.from(module, saved.centroids);
    this.trainedRows = saved.trainedRows;
    this.reach = saved.reach;
    this.#cosines = saved.cosines;
    this.#counts = saved.counts;
  }

  /** Copies, but for the reach. */
  get saved(): SavedClustering {
    return {
      category: this.category,
      centroids: this.centroids.plane,
      cosines: this.#cosines.slice(),
      counts: this.#counts.slice(),
      trainedRows: this.trainedRows,
      reach: this.reach,
    };
  }

  /** Takes note of rows that were given cells. */
  count(cosines: Float64Array, counts: Float64Array): void {
    for (let cell = 0; cell < this.centroids.count; cell += 1) {
      this.#cosines[cell] = (this.#cosines[cell] ?? 0) + (cosines[cell] ?? 0);
      this.#counts[cell] = (this.#counts[cell] ?? 0) + (counts[cell] ?? 0);
    }
  }

  /**
   * All cells that have had rows, the most promising first.
   *
   * With t the cosine of query and centroid, a that of a row and its centroid, a row's cosine is
   * t · a + √(1 − t²) · √(1 − a²) · r, where r is how well the two lean the same way. For most
   * rows r is next to nothing; the bound takes the mean a of the cell, and for r the correlation that
   * nearly no true neighbour was found to exceed.
   */
  rank(query: QuantisedQuery, correlation: number): readonly PromisingCell[] {
    const cosines = new Float64Array(this.centroids.count);
    this.centroids.cosines(query.values, query.inverseNorm, cosines);
    // Sorted as numbers, which takes a tenth of the time that sorting by a function does.
    const packed = new Float64Array(this.centroids.count);
    let ranked = 0;
    for (let cell = 0; cell < this.centroids.count; cell += 1) {
      if ((this.#counts[cell] ?? 0) === 0) continue;
      const bound = this.bound(cell, cosines[cell] ?? 0, correlation);
      packed[ranked] = -Math.round((bound + 2) * BOUND_STEPS) * CELL_SPAN + cell;
      ranked += 1;
    }
    return Array.from(packed.subarray(0, ranked).sort(), (number) => {
      const steps = Math.ceil(-number / CELL_SPAN);
      const cell = number + steps * CELL_SPAN;
      return { clustering: this, cell, cosine: cosines[cell] ?? 0, bound: steps / BOUND_STEPS - 2 };
    });
  }

  /** The bound of a cell at a cosine of query and centroid. */
  bound(cell: number, cosine: number, correlation: number): number {
    const mean = Math.min(1, (this.#cosines[cell] ?? 0) / Math.max(1, this.#counts[cell] ?? 0));
    return cosine * mean + correlation * spread(cosine) * spread(mean);
  }

  /** The correlation from which on the bound of a cell reaches `cosine`. */
  correlationFor(cell: number, centroidCosine: number, cosine: number): number {
    const least = this.bound(cell, centroidCosine, 0);
    const width = this.bound(cell, centroidCosine, 1) - least;
    return cosine <= least ? 0 : width === 0 ? 1 : Math.min(1, (cosine - least) / width);
  }

  /** Where the rows of each cell are, dead ones among them. */
  ranges(table: RowTable): readonly (readonly CellRange[])[] {
    if (this.#rangesAsOf === table.layoutChanges) return this.#ranges;
    const ranges = Array.from({ length: this.centroids.count }, (): CellRange[] => []);
    for (const chunk of table.chunksOf([this.category])) {
      if (chunk.layout?.clustering !== this) continue;
      const { cells, starts } = chunk.layout;
      for (const [i, cell] of cells.entries()) {
        const end = starts[i + 1] ?? 0;
        for (let from = starts[i] ?? 0; from < end; from += UNIT_ROWS)
          ranges[cell]?.push({ chunk, from, to: Math.min(from + UNIT_ROWS, end) });
      }
    }
    this.#ranges = ranges;
    this.#rangeCount = ranges.reduce((sum, { length }) => sum + length, 0);
    this.#rangesAsOf = table.layoutChanges;
    return ranges;
  }

  /** How many there are of them. */
  countRanges(table: RowTable): number {
    this.ranges(table);
    return this.#rangeCount;
  }
}

/** Bounds are told apart to this. */
const BOUND_STEPS = 2 ** 28;
const CELL_SPAN = 2 ** 16;

function spread(cosine: number): number {
  return Math.sqrt(Math.max(0, 1 - cosine * cosine));
}
