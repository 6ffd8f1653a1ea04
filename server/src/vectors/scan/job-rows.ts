import type { ColumnPlace } from '../attributes/column.ts';
import type { ColumnField } from '../attributes/field.ts';
import type { CompiledFilter } from '../filter/compile-filter.ts';
import { UNIT_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';

import {
  CHUNK_RECORD,
  COLUMN_FLAGS,
  COLUMN_RECORD,
  CONTROL,
  UNIT_RECORD,
  type JobRows,
} from './scan-job.ts';

/** The tables of a job about some chunks, as they are now. */
export function describeRows(
  chunks: readonly Chunk[],
  stride: number,
  filter: CompiledFilter | undefined,
): JobRows {
  const columns = filter?.columns ?? [];
  const chunkRecordLength = CHUNK_RECORD.columns + columns.length * COLUMN_RECORD.length;
  const table = new Float64Array(chunks.length * chunkRecordLength);
  const units = new Uint32Array(
    UNIT_RECORD.length * chunks.reduce((sum, { count }) => sum + Math.ceil(count / UNIT_ROWS), 0),
  );
  let unit = 0;
  for (const [number, chunk] of chunks.entries()) {
    describeChunk(table, number * chunkRecordLength, { chunk, columns });
    for (let from = 0; from < chunk.count; from += UNIT_ROWS) {
      units[unit + UNIT_RECORD.chunk] = number;
      units[unit + UNIT_RECORD.from] = from;
      units[unit + UNIT_RECORD.to] = Math.min(from + UNIT_ROWS, chunk.count);
      unit += UNIT_RECORD.length;
    }
  }
  return {
    stride,
    chunks: table,
    chunkRecordLength,
    units,
    control: new SharedArrayBuffer(CONTROL.length * 4),
    plan: filter?.plan,
  };
}

/** The same rows cut into other units. */
export function withUnits(rows: JobRows, units: Uint32Array): JobRows {
  return { ...rows, units, control: new SharedArrayBuffer(CONTROL.length * 4) };
}

/** Stops the workers of a job before their next unit. */
export function cancelJob({ control }: JobRows): void {
  Atomics.store(new Int32Array(control), CONTROL.isCancelled, 1);
}

function describeChunk(
  table: Float64Array,
  start: number,
  { chunk, columns }: { readonly chunk: Chunk; readonly columns: readonly ColumnField[] },
): void {
  table[start + CHUNK_RECORD.blockAt] = chunk.at;
  table[start + CHUNK_RECORD.capacity] = chunk.place.capacity;
  table[start + CHUNK_RECORD.liveAt] = chunk.shareLive();
  table[start + CHUNK_RECORD.firstId] = chunk.firstId;
  for (const [i, field] of columns.entries()) {
    const place = chunk.columns.get(field)?.place;
    if (place === undefined) continue;
    const at = start + CHUNK_RECORD.columns + i * COLUMN_RECORD.length;
    table[at + COLUMN_RECORD.at] = place.at;
    table[at + COLUMN_RECORD.room] = place.room;
    table[at + COLUMN_RECORD.size] = place.size;
    table[at + COLUMN_RECORD.scale] = place.scale;
    table[at + COLUMN_RECORD.flags] = flagsOf(place);
  }
}

function flagsOf({ isDense, isWide, isSorted, kinds }: ColumnPlace): number {
  return (
    (isDense ? COLUMN_FLAGS.isDense : 0) +
    (isWide ? COLUMN_FLAGS.isWide : 0) +
    (isSorted ? COLUMN_FLAGS.isSorted : 0) +
    kinds * COLUMN_FLAGS.kinds
  );
}
