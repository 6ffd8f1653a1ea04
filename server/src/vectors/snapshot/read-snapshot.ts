import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import type { CellLayout } from '../cells/cell-layout.ts';
import { Clustering } from '../cells/clustering.ts';
import { CHUNK_ROWS, SMALLEST_CHUNK_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import { rowIdOf } from '../memory/row-block.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { ScanIndex } from '../scan-index.ts';

import {
  isKnownVersion,
  MAGIC,
  PIECE_ROWS,
  type BlockMeta,
  type ClusteringMeta,
  type PieceField,
  type PieceMeta,
  type SnapshotHeader,
} from './snapshot-format.ts';
import { check, SnapshotFile } from './snapshot-file.ts';

/** Rows put in order before other work gets its turn. */
const ORDER_SLICE_ROWS = 50_000;

/**
 * Fills an empty index from a file and answers it; closes it and answers undefined if the file is
 * missing, damaged, of a newer format, or of another tag or other dims. Vectors are read into the
 * shared memory they stay in.
 */
export async function readSnapshot(
  index: ScanIndex,
  path: string,
  tag: string,
): Promise<ScanIndex | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    if (file === undefined) throw new Error('no snapshot');
    const { size } = await file.stat();
    await fill(index, new SnapshotFile(file, size), tag);
    return index;
  } catch {
    // Derived data: whatever is wrong with it, it is built again from the records.
    index.close();
    return undefined;
  } finally {
    await file?.close();
  }
}

async function fill(index: ScanIndex, file: SnapshotFile, tag: string): Promise<void> {
  const { options, order } = index.rows;
  check((await file.read(MAGIC.length)).toString('latin1') === MAGIC);
  check(isKnownVersion(await file.readUint32()));
  const header = (await file.readJson()) as SnapshotHeader;
  check(header.tag === tag && header.dims === options.dims);
  const clusterings: Clustering[] = [];
  for (const meta of header.clusterings ?? [])
    clusterings.push(await readClustering(index, file, meta));
  const ids = new Float64Array(header.rows);
  let rows = 0;
  for (let block = 0; block < header.blocks; block += 1)
    rows += await readBlock(index, file, { clusterings, ids: ids.subarray(rows) });
  const numbers = new Uint32Array(header.rows);
  await file.readInto(numbers);
  const { checksum } = file;
  check((await file.readUint32()) === checksum && rows === header.rows && file.isAtEnd);
  for (let from = 0; from < rows; from += ORDER_SLICE_ROWS) {
    const slice = numbers.subarray(from, from + ORDER_SLICE_ROWS);
    order.append(Float64Array.from(slice, (number) => ids[number] ?? 0));
    await setImmediate();
  }
  for (const clustering of clusterings) index.cells.adopt(clustering);
  index.cells.noteWrite();
}

async function readClustering(
  { rows }: ScanIndex,
  file: SnapshotFile,
  { category, cells, trainedRows, reach }: ClusteringMeta,
): Promise<Clustering> {
  const plane = new Int8Array(cells * rows.stride);
  const inverseNorms = new Float32Array(cells);
  const [cosines, counts] = [new Float64Array(cells), new Float64Array(cells)];
  for (const array of [plane, inverseNorms, cosines, counts]) await file.readInto(array);
  return new Clustering(rows.parts.kernel, {
    category,
    centroids: { stride: rows.stride, plane, inverseNorms },
    cosines,
    counts,
    trainedRows,
    reach,
  });
}

/** Adds a block's rows as a chunk, and answers how many there are. */
async function readBlock(
  { rows: { table, stride } }: ScanIndex,
  file: SnapshotFile,
  { clusterings, ids }: { readonly clusterings: readonly Clustering[]; readonly ids: Float64Array },
): Promise<number> {
  // In version 1 it is the only piece too.
  const meta = (await file.readJson()) as BlockMeta | (PieceMeta & { readonly category: number });
  const rows = 'rows' in meta ? meta.rows : meta.keys.length;
  check(rows > 0 && rows <= CHUNK_ROWS && rows <= ids.length);
  const chunk = table.addChunk(meta.category, capacityFor(rows));
  chunk.isSealed = true;
  if ('keys' in meta) await addPiece(table, chunk, meta);
  else
    for (let from = 0; from < rows; from += PIECE_ROWS)
      await addPiece(table, chunk, (await file.readJson()) as PieceMeta);
  check(chunk.count === rows);
  const { coarse, residual, norms, slacks } = chunk.planes;
  for (const plane of [coarse, residual]) await file.readInto(plane.subarray(0, rows * stride));
  for (const floats of [norms, slacks]) await file.readInto(floats.subarray(0, rows));
  for (let row = 0; row < rows; row += 1) ids[row] = rowIdOf(chunk.place.ordinal, row);
  const layout = 'rows' in meta ? layoutOf(meta, clusterings) : undefined;
  if (layout === undefined) table.unseal(chunk);
  else table.setLayout(chunk, layout);
  return rows;
}

/** Adds rows behind those of the chunk; their vectors are read later. */
async function addPiece(table: RowTable, chunk: Chunk, piece: PieceMeta): Promise<void> {
  const first = chunk.count;
  check(first + piece.keys.length <= chunk.place.capacity);
  for (const _key of piece.keys) chunk.appendPlace();
  // Attribute by attribute: each may need another block, which takes a while.
  for (const field of piece.fields) {
    setField(table, chunk, { first, field });
    await setImmediate();
  }
  for (const [row, key] of piece.keys.entries())
    table.restore(chunk, first + row, {
      key,
      group: piece.groups[row] ?? '',
      category: chunk.place.category,
      attributes: {},
      revision: piece.revisions[row] ?? 0,
    });
  await setImmediate();
}

function setField(
  { fields }: RowTable,
  chunk: Chunk,
  { first, field: { name, rows, values } }: { readonly first: number; readonly field: PieceField },
): void {
  for (const [i, row] of rows.entries()) {
    const value = values[i];
    if (value === undefined || value === null) continue;
    for (const [field, encoded] of fields.encode({ [name]: value }))
      chunk.setValue(first + row, field, encoded);
  }
}

function layoutOf(
  { layout, rows }: BlockMeta,
  clusterings: readonly Clustering[],
): CellLayout | undefined {
  const clustering = clusterings[layout?.clustering ?? -1];
  if (layout === undefined || clustering === undefined) return undefined;
  const cells = Uint32Array.from(layout.cells);
  const starts = Uint32Array.from([...layout.starts, rows]);
  return { clustering, laying: layout.laying, cells, starts };
}

/** Sizes as chunks have them that rows are added to, so that freed memory fits again. */
function capacityFor(rows: number): number {
  let capacity = SMALLEST_CHUNK_ROWS;
  while (capacity < rows) capacity *= 2;
  return capacity;
}
