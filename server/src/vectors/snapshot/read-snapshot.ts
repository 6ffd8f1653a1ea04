import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { Clustering } from '../cells/clustering.ts';
import type { IndexRows } from '../index-rows.ts';
import type { Chunk } from '../memory/chunk.ts';
import { LAID_ROWS } from '../rows/key-order.ts';
import type { ScanIndex } from '../scan-index.ts';

import { readBlock, type BlockReader } from './read-block.ts';
import { readFields } from './read-fields.ts';
import { SectionReader, type OpenSnapshot } from './section-reader.ts';
import { check, placesOf, readDirectory } from './snapshot-directory.ts';
import type { ClusteringMeta, GroupsMeta, SnapshotDirectory } from './snapshot-format.ts';

/** Rows put in order before other work gets its turn. */
const ORDER_SLICE_ROWS = 64 * LAID_ROWS;

/** Blocks that each worker is given at a time: the next is there when it has read one. */
const BLOCKS_A_WORKER = 2;

/** Pages of groups that are read at a time. */
const PAGES_AT_ONCE = 16;

/**
 * Fills an empty index from a file and answers it; closes it and answers undefined if the file is
 * missing, damaged, of another format, or of another tag or other dims. Workers read it, and check it, into
 * the memory it stays in.
 */
export async function readSnapshot(
  index: ScanIndex,
  path: string,
  tag: string,
): Promise<ScanIndex | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    if (file === undefined) throw new Error('no snapshot');
    await fill(index, file, tag);
    return index;
  } catch {
    // Derived data: whatever is wrong with it, it is built again from the records.
    index.close();
    return undefined;
  } finally {
    await file?.close();
  }
}

async function fill({ rows, cells }: ScanIndex, file: FileHandle, tag: string): Promise<void> {
  const directory = await readDirectory(file);
  check(directory?.tag === tag && directory.dims === rows.options.dims);
  if (directory === undefined) return;
  const { pool } = rows.parts;
  const snapshot: OpenSnapshot = { pool, fd: file.fd, sections: placesOf(directory) };
  const clusterings = await readClusterings(snapshot, rows, directory.clusterings);
  const { table, stride } = rows;
  const fields = await readFields(snapshot, table.fields, directory.fields);
  await readGroups(snapshot, rows, directory.groups);
  const by = { snapshot, table, stride, fields, clusterings };
  const chunks = await readBlocks(by, directory, pool.size * BLOCKS_A_WORKER);
  await readOrder(snapshot, rows, { directory, chunks });
  for (const clustering of clusterings) cells.adopt(clustering);
  cells.noteWrite();
}

async function readClusterings(
  snapshot: OpenSnapshot,
  { parts, stride }: IndexRows,
  metas: readonly ClusteringMeta[],
): Promise<readonly Clustering[]> {
  const reader = new SectionReader(snapshot);
  const saved = metas.map(({ category, trainedRows, reach, ...arrays }) => ({
    category,
    trainedRows,
    reach,
    centroids: {
      stride,
      plane: new Int8Array(reader.want(arrays.plane)),
      inverseNorms: new Float32Array(reader.want(arrays.inverseNorms)),
    },
    cosines: new Float64Array(reader.want(arrays.cosines)),
    counts: new Float64Array(reader.want(arrays.counts)),
  }));
  await reader.read();
  return saved.map((each) => new Clustering(parts.kernel, each));
}

async function readGroups(
  snapshot: OpenSnapshot,
  { table: { groups } }: IndexRows,
  { codes, pages }: GroupsMeta,
): Promise<void> {
  groups.reserve(codes);
  groups.names.reserve(codes);
  for (let from = 0; from < pages.length; from += PAGES_AT_ONCE) {
    const reader = new SectionReader(snapshot);
    const wanted = pages.slice(from, from + PAGES_AT_ONCE).map(({ texts, uses }) => ({
      texts: reader.wantTexts(texts),
      uses: new Uint32Array(reader.want(uses)),
    }));
    await reader.read();
    for (const { texts, uses } of wanted) {
      groups.names.restore(texts, uses);
      await setImmediate();
    }
  }
}

/** Several at once, so that every worker always has one. Settles when none is read into any more. */
async function readBlocks(
  by: BlockReader,
  { blocks }: SnapshotDirectory,
  atOnce: number,
): Promise<readonly Chunk[]> {
  const chunks = new Map<number, Chunk>();
  const left = blocks.entries();
  const lanes = await Promise.allSettled(
    Array.from({ length: atOnce }, async () => {
      for (const [number, block] of left) chunks.set(number, await readBlock(by, block));
    }),
  );
  check(lanes.every(({ status }) => status === 'fulfilled'));
  return blocks.flatMap((_, number) => chunks.get(number) ?? []);
}

async function readOrder(
  snapshot: OpenSnapshot,
  { order }: IndexRows,
  {
    directory,
    chunks,
  }: { readonly directory: SnapshotDirectory; readonly chunks: readonly Chunk[] },
): Promise<void> {
  const reader = new SectionReader(snapshot);
  const numbers = new Uint32Array(reader.want(directory.order));
  await reader.read();
  check(numbers.length === directory.rows);
  const ids = await idsOf(chunks, directory.rows);
  for (let from = 0; from < ids.length; from += ORDER_SLICE_ROWS) {
    const slice = numbers.subarray(from, from + ORDER_SLICE_ROWS);
    for (let i = 0; i < slice.length; i += 1) slice[i] = ids[slice[i] ?? 0] ?? 0;
    order.append(slice);
    await setImmediate();
  }
}

/** By the numbers of rows in the file. */
async function idsOf(chunks: readonly Chunk[], rows: number): Promise<Uint32Array> {
  const ids = new Uint32Array(rows);
  let number = 0;
  for (const { firstId, size } of chunks) {
    for (let row = 0; row < size; row += 1) ids[number + row] = firstId + row;
    number += size;
    await setImmediate();
  }
  check(number === rows);
  return ids;
}
