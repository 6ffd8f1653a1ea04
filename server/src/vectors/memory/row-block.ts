import { CHUNK_ROWS } from '../limits.ts';

/**
 * What a chunk's block holds, one after the other, for `capacity` rows: coarse plane and residual
 * plane (int8, `stride` a row), 1/|w| and slack (float32), group code (uint32).
 */
export interface BlockOffsets {
  readonly residual: number;
  readonly norms: number;
  readonly slacks: number;
  readonly groups: number;
  readonly bytes: number;
}

/** Offsets from the start of the block; the coarse plane is there. */
export function blockOffsets(capacity: number, stride: number): BlockOffsets {
  const residual = capacity * stride;
  const norms = residual * 2;
  const slacks = norms + capacity * 4;
  const groups = slacks + capacity * 4;
  return { residual, norms, slacks, groups, bytes: groups + capacity * 4 };
}

/** Number of a row in its index: chunk and place in it. */
export type RowId = number;

export function rowIdOf(chunk: number, row: number): RowId {
  return chunk * CHUNK_ROWS + row;
}

export function chunkOfRow(id: RowId): number {
  return Math.floor(id / CHUNK_ROWS);
}

export function placeOfRow(id: RowId): number {
  return id % CHUNK_ROWS;
}
