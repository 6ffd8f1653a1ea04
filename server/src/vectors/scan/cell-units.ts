import type { CellRange, Clustering, PromisingCell } from '../cells/clustering.ts';
import { CHUNK_ROWS, UNIT_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import type { RowTable } from '../rows/row-table.ts';

import type { MatchBits } from './match-bits.ts';
import { UNIT_RECORD } from './scan-job.ts';

/** One more than the largest end of a range. */
const PLACE_SPAN = 2 * CHUNK_ROWS;

/** The rows of some clusterings' cells as units of a search. It holds for the rows there were when it was made. */
export class CellUnits {
  readonly #numbers: ReadonlyMap<Chunk, number>;
  readonly #ranges: ReadonlyMap<Clustering, readonly (readonly CellRange[])[]>;
  readonly #laid = new Set<number>();
  #matches: MatchBits | undefined;

  constructor(table: RowTable, chunks: readonly Chunk[], clusterings: readonly Clustering[]) {
    this.#numbers = new Map(chunks.map((chunk, number) => [chunk, number]));
    this.#ranges = new Map(clusterings.map((each) => [each, each.ranges(table)]));
    for (const [{ layout }, number] of this.#numbers)
      if (layout !== undefined && this.#ranges.has(layout.clustering)) this.#laid.add(number);
  }

  /** Whether {@link narrow} was called. */
  get areNarrowed(): boolean {
    return this.#matches !== undefined;
  }

  /** From now on only these rows count. */
  narrow(matches: MatchBits): void {
    this.#matches = matches;
  }

  /** Of a job's units, those whose rows have no cell, and count. */
  unlaid(units: Uint32Array): Uint32Array {
    const kept: number[] = [];
    for (let at = 0; at < units.length; at += UNIT_RECORD.length) {
      const [chunk = 0, from = 0, to = 0] = units.subarray(at, at + UNIT_RECORD.length);
      if (this.#laid.has(chunk) || this.#matches?.count(chunk, from, to) === 0) continue;
      kept.push(chunk, from, to);
    }
    return Uint32Array.from(kept);
  }

  /** How many rows of a cell count; all its places if no others were told apart. */
  count(cell: PromisingCell): number {
    return this.#rangesOf(cell).reduce((sum, range) => sum + this.#countIn(range), 0);
  }

  /** The units of some cells, in the order that they lie in. */
  of(cells: readonly PromisingCell[]): Uint32Array {
    const packed: number[] = [];
    for (const cell of cells)
      for (const range of this.#rangesOf(cell)) {
        if (this.#countIn(range) === 0) continue;
        const number = this.#numbers.get(range.chunk) ?? 0;
        packed.push((number * PLACE_SPAN + range.from) * PLACE_SPAN + range.to);
      }
    return joinRanges(Float64Array.from(packed).sort());
  }

  #rangesOf({ clustering, cell }: PromisingCell): readonly CellRange[] {
    return this.#ranges.get(clustering)?.[cell] ?? [];
  }

  #countIn({ chunk, from, to }: CellRange): number {
    return this.#matches?.count(this.#numbers.get(chunk) ?? 0, from, to) ?? to - from;
  }
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
