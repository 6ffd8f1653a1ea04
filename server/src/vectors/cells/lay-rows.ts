import type { IndexRows } from '../index-rows.ts';
import { CHUNK_ROWS, SMALLEST_LAID_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import { rowIdOf } from '../memory/row-block.ts';
import { describeRows } from '../scan/job-rows.ts';
import { NO_CELL, type AssignPart } from '../scan/scan-job.ts';

import type { CentroidPlane } from './centroids.ts';
import type { Clustering } from './clustering.ts';
import { Pace } from './pace.ts';

/** Rows moved between two looks at the clock. */
const SLICE_ROWS = 16;

/** Rows in the order they are to lie in, and their cells. */
interface CellOrder {
  readonly sources: readonly Chunk[];
  /** Number of the source, place in it, and cell of each row. */
  readonly chunks: Uint16Array;
  readonly places: Uint16Array;
  readonly cells: Uint16Array;
}

/**
 * Moves the rows of some chunks of a category into new ones, where they lie in the order of their
 * cells. Every row stays in searches all the time. The old chunks take no new rows from now on.
 */
export async function layRows(
  rows: IndexRows,
  clustering: Clustering,
  sources: readonly Chunk[],
): Promise<void> {
  // Else a place could have another row by the time that its cell is known.
  for (const chunk of sources) chunk.isSealed = true;
  const order = await orderRows(rows, clustering, sources);
  await moveRows(rows, clustering, order);
}

/** The living rows of some chunks, cell by cell. A chunk at a time: what is retired meanwhile waits for it. */
async function orderRows(
  rows: IndexRows,
  clustering: Clustering,
  sources: readonly Chunk[],
): Promise<CellOrder> {
  const centroids = clustering.centroids.plane;
  const assigned: AssignedChunk[] = [];
  for (const chunk of sources) {
    if (!rows.table.holds(chunk)) continue;
    const part = await assignChunk(rows, centroids, chunk);
    clustering.count(part.cosines, part.counts);
    assigned.push({ chunk, cells: part.cells });
  }
  return sortByCell(assigned, clustering.centroids.count);
}

/** A chunk, and the cell of each of its rows. */
interface AssignedChunk {
  readonly chunk: Chunk;
  readonly cells: Uint16Array;
}

async function assignChunk(
  { reclaimer, parts, stride }: IndexRows,
  centroids: CentroidPlane,
  chunk: Chunk,
): Promise<AssignPart> {
  const serial = reclaimer.begin();
  try {
    const described = describeRows([chunk], stride, undefined);
    const answers = await parts.background().run({ kind: 'assign', rows: described, centroids }, 1);
    const part = answers.find((answer) => answer.kind === 'assign');
    if (part === undefined) throw new Error('no cells were found');
    return part;
  } finally {
    reclaimer.end(serial);
  }
}

/** Counting sort: rows of a cell stay in the order they were in. */
async function sortByCell(assigned: readonly AssignedChunk[], cells: number): Promise<CellOrder> {
  const pace = new Pace();
  const next = await countStarts(assigned, cells, pace);
  const count = next[cells] ?? 0;
  const chunks = new Uint16Array(count);
  const places = new Uint16Array(count);
  const cellOfRow = new Uint16Array(count);
  for (const [number, chunk] of assigned.entries()) {
    for (let row = 0; row < chunk.cells.length; row += 1) {
      const cell = chunk.cells[row] ?? NO_CELL;
      if (cell === NO_CELL) continue;
      const at = next[cell] ?? 0;
      next[cell] = at + 1;
      chunks[at] = number;
      places[at] = row;
      cellOfRow[at] = cell;
    }
    await pace.step();
  }
  return { sources: assigned.map(({ chunk }) => chunk), chunks, places, cells: cellOfRow };
}

/** By cell, how many rows come before its first; then how many there are. */
async function countStarts(
  assigned: readonly AssignedChunk[],
  cells: number,
  pace: Pace,
): Promise<Uint32Array> {
  const starts = new Uint32Array(cells + 1);
  for (const chunk of assigned) {
    for (const cell of chunk.cells)
      if (cell !== NO_CELL) starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
    await pace.step();
  }
  for (let cell = 0; cell < cells; cell += 1)
    starts[cell + 1] = (starts[cell + 1] ?? 0) + (starts[cell] ?? 0);
  return starts;
}

async function moveRows(
  { table, order }: IndexRows,
  clustering: Clustering,
  { sources, chunks, places, cells }: CellOrder,
): Promise<void> {
  const pace = new Pace();
  const target = new Target(table, clustering);
  for (let at = 0; at < places.length && !table.isDropped; at += 1) {
    const source = sources[chunks[at] ?? 0];
    const place = places[at] ?? 0;
    if (source !== undefined && table.holds(source) && source.isAlive(place)) {
      const id = rowIdOf(source.place.ordinal, place);
      const copied = table.copy(id, target.chunkFor(places.length - at));
      // The order finds its way by the keys of the rows it has, so the old place is left last.
      order.set(table.keyOf(copied), copied);
      table.leave(id, copied);
      target.note(cells[at] ?? 0);
    }
    if (at % SLICE_ROWS === 0) await pace.step();
  }
  target.finish();
}

/** The chunk that rows are moved into at the moment. */
class Target {
  readonly #table: IndexRows['table'];
  readonly #clustering: Clustering;
  readonly #laying: number;
  #chunk: Chunk | undefined;
  #cells: number[] = [];
  #starts: number[] = [];

  constructor(table: IndexRows['table'], clustering: Clustering) {
    this.#table = table;
    this.#clustering = clustering;
    const known = table.chunksOf([clustering.category]).map(({ layout }) => layout?.laying ?? 0);
    this.#laying = 1 + Math.max(0, ...known);
  }

  /** A chunk with room, where so many rows are to come yet. All its rows may have been removed meanwhile. */
  chunkFor(rowsLeft: number): Chunk {
    const chunk = this.#chunk;
    if (chunk !== undefined && this.#table.holds(chunk) && chunk.count < chunk.place.capacity)
      return chunk;
    this.finish();
    this.#chunk = this.#table.addChunk(this.#clustering.category, capacityFor(rowsLeft));
    this.#chunk.isSealed = true;
    return this.#chunk;
  }

  /** Says of which cell the row is that was just added. */
  note(cell: number): void {
    if (this.#cells.at(-1) === cell) return;
    this.#cells.push(cell);
    this.#starts.push((this.#chunk?.count ?? 1) - 1);
  }

  /** No more rows come into the chunk: from now on it is searched by cells. */
  finish(): void {
    if (this.#chunk !== undefined && this.#table.holds(this.#chunk))
      this.#table.setLayout(this.#chunk, {
        clustering: this.#clustering,
        laying: this.#laying,
        cells: Uint32Array.from(this.#cells),
        starts: Uint32Array.from([...this.#starts, this.#chunk.count]),
      });
    this.#chunk = undefined;
    this.#cells = [];
    this.#starts = [];
  }
}

/** The largest size of chunk that the rows fill, or the smallest. */
function capacityFor(rows: number): number {
  let capacity = CHUNK_ROWS;
  while (capacity > rows && capacity > SMALLEST_LAID_ROWS) capacity /= 2;
  return capacity;
}
