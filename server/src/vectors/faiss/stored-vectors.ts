import type { IndexRows } from '../index-rows.ts';
import type { ChunkPlanes } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow, type RowId } from '../memory/row-block.ts';
import { cosineOf, type QuantisedQuery } from '../score/quantise.ts';

/** The vectors of rows as they are stored, read on this thread: for some hundreds of rows, not for all. */
export class StoredVectors {
  readonly #rows: IndexRows;
  readonly #planes = new Map<number, ChunkPlanes>();

  /** Good as long as a reader that has begun has not ended. */
  constructor(rows: IndexRows) {
    this.#rows = rows;
  }

  /** Writes a row's components, of unit length together. Zeros if the row is gone. */
  copy(id: RowId, to: Float32Array): void {
    const planes = this.#planesOf(id);
    if (planes === undefined) return;
    const place = placeOfRow(id);
    const first = place * this.#rows.stride;
    const inverseNorm = planes.norms[place] ?? 0;
    for (let i = 0; i < to.length; i += 1) {
      const integer = 256 * (planes.coarse[first + i] ?? 0) + (planes.residual[first + i] ?? 0);
      to[i] = integer * inverseNorm;
    }
  }

  /** What the workers of a scan find. */
  cosine(id: RowId, { values, inverseNorm }: QuantisedQuery): number {
    const planes = this.#planesOf(id);
    if (planes === undefined) return 0;
    const place = placeOfRow(id);
    const first = place * this.#rows.stride;
    let [coarse, residual] = [0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i] ?? 0;
      coarse += value * (planes.coarse[first + i] ?? 0);
      residual += value * (planes.residual[first + i] ?? 0);
    }
    return cosineOf(256 * coarse + residual, planes.norms[place] ?? 0, inverseNorm);
  }

  #planesOf(id: RowId): ChunkPlanes | undefined {
    const number = chunkOfRow(id);
    const known = this.#planes.get(number);
    if (known !== undefined) return known;
    const planes = this.#rows.table.chunks[number]?.planes;
    if (planes !== undefined) this.#planes.set(number, planes);
    return planes;
  }
}
