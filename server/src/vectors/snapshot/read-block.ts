import type { ColumnField } from '../attributes/field.ts';
import type { CellLayout } from '../cells/cell-layout.ts';
import type { Clustering } from '../cells/clustering.ts';
import { CHUNK_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import { PackedTexts } from '../memory/packed-texts.ts';
import type { RowTable } from '../rows/row-table.ts';

import { SectionReader, type OpenSnapshot } from './section-reader.ts';
import { check } from './snapshot-directory.ts';
import type { BlockMeta, LayoutMeta } from './snapshot-format.ts';

/** What all blocks have in common. */
export interface BlockReader {
  readonly snapshot: OpenSnapshot;
  readonly table: RowTable;
  readonly stride: number;
  /** By their numbers in the file. */
  readonly fields: readonly ColumnField[];
  readonly clusterings: readonly Clustering[];
}

/** Adds a block's rows as a chunk. */
export async function readBlock(by: BlockReader, block: BlockMeta): Promise<Chunk> {
  const chunk = addChunk(by, block);
  const reader = new SectionReader(by.snapshot);
  const keys = reader.wantTexts(block.keys);
  const revisions = new Float64Array(reader.want(block.revisions));
  wantPlanes(reader, chunk, { block, stride: by.stride });
  for (const { field: number, block: section, ...content } of block.columns) {
    const field = by.fields[number];
    if (field !== undefined) reader.wantInto(section, chunk.adoptColumn(field, content));
  }
  const layout = block.layout && wantLayout(reader, block.layout);
  await reader.read();
  check(revisions.length === block.rows && keys.ends.length === block.rows);
  by.table.adopt(chunk, { keys: PackedTexts.of(keys), revisions });
  const inCells = layout && layoutOf(by, block, layout);
  if (inCells === undefined) by.table.unseal(chunk);
  else by.table.setLayout(chunk, inCells);
  return chunk;
}

function addChunk({ table }: BlockReader, { category, rows, capacity }: BlockMeta): Chunk {
  check(rows > 0 && rows <= capacity && capacity <= CHUNK_ROWS);
  const chunk = table.addChunk(category, capacity);
  chunk.isSealed = true;
  return chunk;
}

function wantPlanes(
  reader: SectionReader,
  { planes }: Chunk,
  { block, stride }: { readonly block: BlockMeta; readonly stride: number },
): void {
  const { rows } = block;
  reader.wantInto(block.planes.coarse, planes.coarse.subarray(0, rows * stride));
  reader.wantInto(block.planes.residual, planes.residual.subarray(0, rows * stride));
  reader.wantInto(block.planes.norms, planes.norms.subarray(0, rows));
  reader.wantInto(block.planes.slacks, planes.slacks.subarray(0, rows));
  reader.wantInto(block.planes.groups, planes.groups.subarray(0, rows));
}

interface LayoutArrays {
  readonly cells: Uint32Array;
  readonly starts: Uint32Array;
}

function wantLayout(reader: SectionReader, { cells, starts }: LayoutMeta): LayoutArrays {
  return {
    cells: new Uint32Array(reader.want(cells)),
    starts: new Uint32Array(reader.want(starts)),
  };
}

function layoutOf(
  { clusterings }: BlockReader,
  { layout, rows }: BlockMeta,
  { cells, starts }: LayoutArrays,
): CellLayout | undefined {
  const clustering = clusterings[layout?.clustering ?? -1];
  if (layout === undefined || clustering === undefined) return undefined;
  return { clustering, laying: layout.laying, cells, starts: Uint32Array.from([...starts, rows]) };
}
