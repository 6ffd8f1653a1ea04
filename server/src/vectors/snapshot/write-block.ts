import type { Column, ColumnCopy } from '../attributes/column.ts';
import type { PlacedValue } from '../attributes/column-block.ts';
import { hasKind, TAGS } from '../attributes/encoded-value.ts';
import type { CellLayout } from '../cells/cell-layout.ts';
import type { Clustering } from '../cells/clustering.ts';
import { listBits } from '../filter/filter-plan.ts';
import { SMALLEST_CHUNK_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';

import { CodeUses, SavedFields } from './saved-fields.ts';
import type { SectionWriter } from './section-writer.ts';
import type {
  BlockMeta,
  ColumnMeta,
  LayoutMeta,
  PlanesMeta,
  TextsMeta,
} from './snapshot-format.ts';

/** A chunk's rows as they were when the save began. */
export interface SavedChunk {
  readonly chunk: Chunk;
  /** A bit per place of a row that was alive. */
  readonly live: Uint32Array;
  readonly columns: readonly Column[];
  readonly layout: CellLayout | undefined;
}

/** What all blocks have in common. */
export interface SavedWhole {
  readonly writer: SectionWriter;
  readonly stride: number;
  readonly clusterings: readonly Clustering[];
  /** What the codes in the blocks stand for is written behind these. */
  readonly fields: SavedFields;
  readonly groups: CodeUses;
}

/** The rows of a chunk that are saved. */
interface SavedRows {
  readonly chunk: Chunk;
  /** By place, its number. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Of a chunk that has them alone. */
  readonly capacity: number;
}

/** Writes a chunk's rows. A written row does not change, and its codes are its own as long as a reader sees it. */
export async function writeBlock(whole: SavedWhole, saved: SavedChunk): Promise<BlockMeta> {
  const { writer } = whole;
  const { chunk } = saved;
  const places = listBits(saved.live);
  const capacity = capacityFor(places.length);
  const rowOf = new Map(places.map((place, row) => [place, row]));
  const layout = await writeLayout(whole, saved.layout, places);
  return {
    category: chunk.place.category,
    rows: places.length,
    capacity,
    keys: await writeTexts(writer, chunk.keys.pack(places)),
    revisions: await writer.add(Float64Array.from(places, (place) => chunk.revisions[place] ?? 0)),
    planes: await writePlanes(whole, chunk, places),
    columns: await writeColumns(whole, saved.columns, { chunk, rowOf, capacity }),
    ...(layout && { layout }),
  };
}

export async function writeTexts(
  writer: SectionWriter,
  { ends, bytes }: { readonly ends: Uint32Array; readonly bytes: Uint8Array },
): Promise<TextsMeta> {
  return { ends: await writer.add(ends), bytes: await writer.add(bytes) };
}

async function writePlanes(
  { writer, stride, groups }: SavedWhole,
  chunk: Chunk,
  places: readonly number[],
): Promise<PlanesMeta> {
  const { planes } = chunk;
  const codes = Uint32Array.from(places, (place) => chunk.groupOf(place));
  for (const code of codes) groups.count(code);
  const pickFloats = (floats: Float32Array): Float32Array =>
    Float32Array.from(places, (place) => floats[place] ?? 0);
  return {
    coarse: await writer.add(pickRows(planes.coarse, places, stride)),
    residual: await writer.add(pickRows(planes.residual, places, stride)),
    norms: await writer.add(pickFloats(planes.norms)),
    slacks: await writer.add(pickFloats(planes.slacks)),
    groups: await writer.add(codes),
  };
}

/** The rows of a plane: where none between them is dead, without a copy. */
function pickRows(plane: Int8Array, places: readonly number[], stride: number): Int8Array {
  const end = places.length * stride;
  if (places.at(-1) === places.length - 1) return plane.subarray(0, end);
  const picked = new Int8Array(end);
  for (const [row, place] of places.entries())
    picked.set(plane.subarray(place * stride, (place + 1) * stride), row * stride);
  return picked;
}

async function writeColumns(
  { writer, fields }: SavedWhole,
  columns: readonly Column[],
  rows: SavedRows,
): Promise<readonly ColumnMeta[]> {
  const metas: ColumnMeta[] = [];
  for (const column of columns) {
    const { content, bytes } = copyColumn(column, fields, rows);
    if (content.count === 0) continue;
    const block = await writer.add(bytes);
    metas.push({ ...content, field: fields.numberOf(column.field), block });
  }
  return metas;
}

/** The column's block as it is now, where it has values of the saved rows alone; else one for these. */
function copyColumn(
  column: Column,
  fields: SavedFields,
  { chunk, rowOf, capacity }: SavedRows,
): ColumnCopy {
  const { isSorted, kinds } = column.place;
  // Looked at only now: more rows may have come while others were written.
  const isWhole = chunk.count === rowOf.size && chunk.place.capacity === capacity;
  const hasCodes = hasKind(kinds, TAGS.text) || hasKind(kinds, TAGS.list);
  const isCopied = isWhole && isSorted;
  if (isCopied && !hasCodes) return column.copy();
  const values: PlacedValue[] = [];
  for (const value of column.values()) {
    const row = rowOf.get(value.row);
    if (row === undefined) continue;
    values.push({ ...value, row });
    fields.count(column.field, value);
  }
  return isCopied
    ? column.copy()
    : column.pack(
        values.sort((a, b) => a.row - b.row),
        capacity,
      );
}

/** Where each cell begins among the rows that are saved. */
async function writeLayout(
  { writer, clusterings }: SavedWhole,
  layout: CellLayout | undefined,
  places: readonly number[],
): Promise<LayoutMeta | undefined> {
  if (layout === undefined) return undefined;
  const [cells, starts]: [number[], number[]] = [[], []];
  let next = 0;
  for (const [i, cell] of layout.cells.entries()) {
    const end = layout.starts[i + 1] ?? 0;
    const start = next;
    while (next < places.length && (places[next] ?? 0) < end) next += 1;
    if (next === start) continue;
    cells.push(cell);
    starts.push(start);
  }
  return {
    clustering: clusterings.indexOf(layout.clustering),
    laying: layout.laying,
    cells: await writer.add(Uint32Array.from(cells)),
    starts: await writer.add(Uint32Array.from(starts)),
  };
}

/** Sizes as chunks have them that rows are added to, so that freed memory fits again. */
function capacityFor(rows: number): number {
  let capacity = SMALLEST_CHUNK_ROWS;
  while (capacity < rows) capacity *= 2;
  return capacity;
}
