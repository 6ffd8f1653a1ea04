import { setImmediate } from 'node:timers/promises';

import type { AttributeValue } from '@likeness/shared/filter';

import type { Column } from '../attributes/column.ts';
import type { Chunk } from '../memory/chunk.ts';
import type { RowTable } from '../rows/row-table.ts';

import { PIECE_ROWS, type PieceField, type PieceMeta } from './snapshot-format.ts';

/** What a chunk's rows in some places have beside their vectors, in pieces. */
export async function* cutPieces(
  { groups }: RowTable,
  chunk: Chunk,
  { columns, places }: { readonly columns: readonly Column[]; readonly places: readonly number[] },
): AsyncGenerator<PieceMeta, void, undefined> {
  const fields = await collectFields(columns, places);
  for (const [piece, ofPiece] of fields.entries()) {
    const some = places.slice(piece * PIECE_ROWS, (piece + 1) * PIECE_ROWS);
    yield {
      keys: some.map((place) => chunk.keys[place] ?? ''),
      groups: some.map((place) => groups.nameOf(chunk.groupOf(place))),
      revisions: some.map((place) => chunk.revisions[place] ?? 0),
      fields: ofPiece,
    };
  }
}

/** The attributes of each piece. A column at a time: all together are many values. */
async function collectFields(
  columns: readonly Column[],
  places: readonly number[],
): Promise<readonly (readonly PieceField[])[]> {
  const pieces = Array.from(
    { length: Math.ceil(places.length / PIECE_ROWS) },
    () => new Map<string, { name: string; rows: number[]; values: AttributeValue[] }>(),
  );
  const rowOf = new Map(places.map((place, row) => [place, row]));
  for (const column of columns) {
    for (const placed of column.values()) {
      const row = rowOf.get(placed.row);
      const fields = pieces[Math.floor((row ?? -1) / PIECE_ROWS)];
      if (row === undefined || fields === undefined) continue;
      for (const [name, value] of column.field.entriesOf(placed)) {
        const field = fields.get(name) ?? { name, rows: [], values: [] };
        fields.set(name, field);
        field.rows.push(row % PIECE_ROWS);
        field.values.push(value);
      }
    }
    await setImmediate();
  }
  return pieces.map((fields) => [...fields.values()]);
}
