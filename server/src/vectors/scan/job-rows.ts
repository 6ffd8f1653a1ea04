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
  const units: number[] = [];
  for (const [number, chunk] of chunks.entries()) {
    describeChunk(table.subarray(number * chunkRecordLength), chunk, columns);
    for (let from = 0; from < chunk.count; from += UNIT_ROWS)
      units.push(number, from, Math.min(from + UNIT_ROWS, chunk.count));
  }
  return {
    stride,
    chunks: table,
    chunkRecordLength,
    units: Uint32Array.from(units),
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

/** Which chunk a unit is of, and its first row. */
export function unitPlace(
  { units }: JobRows,
  number: number,
): { readonly chunk: number; readonly from: number } {
  const at = number * UNIT_RECORD.length;
  return { chunk: units[at + UNIT_RECORD.chunk] ?? 0, from: units[at + UNIT_RECORD.from] ?? 0 };
}

function describeChunk(record: Float64Array, chunk: Chunk, columns: readonly ColumnField[]): void {
  record[CHUNK_RECORD.blockAt] = chunk.at;
  record[CHUNK_RECORD.capacity] = chunk.place.capacity;
  record[CHUNK_RECORD.liveAt] = chunk.shareLive();
  record[CHUNK_RECORD.firstId] = chunk.firstId;
  for (const [i, field] of columns.entries()) {
    const place = chunk.columns.get(field)?.place;
    if (place === undefined) continue;
    const at = CHUNK_RECORD.columns + i * COLUMN_RECORD.length;
    record[at + COLUMN_RECORD.at] = place.at;
    record[at + COLUMN_RECORD.room] = place.room;
    record[at + COLUMN_RECORD.size] = place.size;
    record[at + COLUMN_RECORD.scale] = place.scale;
    record[at + COLUMN_RECORD.flags] = flagsOf(place);
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
