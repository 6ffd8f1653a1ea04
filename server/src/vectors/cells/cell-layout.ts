import type { Clustering } from './clustering.ts';

/** Which rows of a chunk are of which cell: those from `starts[i]` to `starts[i + 1]` are of cell `cells[i]`. */
export interface CellLayout {
  readonly clustering: Clustering;
  /** Number of the laying that brought the rows here: chunks of one laying have each cell once. */
  readonly laying: number;
  /** Ascending. */
  readonly cells: Uint32Array;
  /** One more than cells: the last is where the rows end. */
  readonly starts: Uint32Array;
}

/** The cell of a chunk's row. */
export function cellOf({ cells, starts }: CellLayout, row: number): number {
  let [low, high] = [0, cells.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle;
  }
  return cells[low] ?? 0;
}
