import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import type { AttributeValue } from '@likeness/shared/filter';

import type { CellLayout } from '../cells/cell-layout.ts';
import { Clustering } from '../cells/clustering.ts';
import { CHUNK_ROWS, SMALLEST_CHUNK_ROWS } from '../limits.ts';
import { rowIdOf } from '../memory/row-block.ts';
import type { ScanIndex } from '../scan-index.ts';

import {
  isKnownVersion,
  MAGIC,
  type BlockMeta,
  type ClusteringMeta,
  type SnapshotHeader,
} from './snapshot-format.ts';
import { check, SnapshotFile } from './snapshot-file.ts';

/** Rows added, and rows put in order, before other work gets its turn. */
const SLICE_ROWS = 512;
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
  return new Clustering(await rows.parts.loadKernel(), {
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
  const meta = (await file.readJson()) as BlockMeta;
  const rows = meta.keys.length;
  check(rows > 0 && rows <= CHUNK_ROWS && rows <= ids.length);
  const chunk = table.addChunk(meta.category, capacityFor(rows));
  chunk.isSealed = true;
  const { coarse, residual, norms, slacks } = chunk.planes;
  for (const plane of [coarse, residual]) await file.readInto(plane.subarray(0, rows * stride));
  for (const floats of [norms, slacks]) await file.readInto(floats.subarray(0, rows));
  const attributes = attributesOf(meta);
  for (let row = 0; row < rows; row += 1) {
    table.restore(chunk, chunk.appendPlace(), {
      key: meta.keys[row] ?? '',
      group: meta.groups[row] ?? '',
      category: meta.category,
      attributes: attributes[row] ?? {},
      revision: meta.revisions[row] ?? 0,
    });
    ids[row] = rowIdOf(chunk.place.ordinal, row);
    if (row % SLICE_ROWS === SLICE_ROWS - 1) await setImmediate();
  }
  const layout = layoutOf(meta, clusterings);
  if (layout === undefined) table.unseal(chunk);
  else table.setLayout(chunk, layout);
  return rows;
}

function layoutOf(
  { layout, keys }: BlockMeta,
  clusterings: readonly Clustering[],
): CellLayout | undefined {
  const clustering = clusterings[layout?.clustering ?? -1];
  if (layout === undefined || clustering === undefined) return undefined;
  const cells = Uint32Array.from(layout.cells);
  const starts = Uint32Array.from([...layout.starts, keys.length]);
  return { clustering, laying: layout.laying, cells, starts };
}

/** Sizes as chunks have them that rows are added to, so that freed memory fits again. */
function capacityFor(rows: number): number {
  let capacity = SMALLEST_CHUNK_ROWS;
  while (capacity < rows) capacity *= 2;
  return capacity;
}

function attributesOf({ keys, fields }: BlockMeta): readonly Record<string, AttributeValue>[] {
  const attributes = keys.map((): Record<string, AttributeValue> => ({}));
  for (const { name, rows, values } of fields)
    for (const [i, row] of rows.entries()) {
      const [ofRow, value] = [attributes[row], values[i]];
      if (ofRow === undefined || value === undefined || value === null) continue;
      // A plain assignment to it would set the prototype.
      if (name === '__proto__') Object.defineProperty(ofRow, name, { value, enumerable: true });
      else ofRow[name] = value;
    }
  return attributes;
}
