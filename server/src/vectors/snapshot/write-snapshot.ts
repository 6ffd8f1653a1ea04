import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { Column } from '../attributes/column.ts';
import type { CellLayout } from '../cells/cell-layout.ts';
import type { Clustering } from '../cells/clustering.ts';
import { listBits } from '../filter/filter-plan.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow } from '../memory/row-block.ts';
import type { IndexRows } from '../index-rows.ts';

import {
  continueChecksum,
  FORMAT_VERSION,
  MAGIC,
  type BlockLayout,
  type BlockMeta,
  type SnapshotHeader,
} from './snapshot-format.ts';
import { cutPieces } from './cut-pieces.ts';

/** Bytes written, and summed up, before other work gets its turn. */
const PIECE_BYTES = 1024 * 1024;

/** Rows numbered before other work gets its turn. */
const SLICE_ROWS = 50_000;

/** A chunk's rows as they were when the save began. */
interface SavedChunk {
  readonly chunk: Chunk;
  /** A bit per place of a row that was alive. */
  readonly live: Uint32Array;
  readonly columns: readonly Column[];
  readonly layout: CellLayout | undefined;
}

/**
 * Saves the rows there are now; rows may be written meanwhile. The file takes its name only when it
 * is complete and synced.
 */
export async function writeSnapshot(rows: IndexRows, path: string, tag: string): Promise<void> {
  const serial = rows.reclaimer.begin();
  const partial = `${path}.partial`;
  try {
    // All that the save sees of rows to come or to go is copied before anything is awaited.
    const chunks = rows.table.chunksOf().map(saveChunk);
    const ids = rows.order.copy();
    const order = await numberRows(ids, chunks);
    const clusterings = clusteringsOf(chunks);
    const file = await open(partial, 'w');
    try {
      await writeAll(new ChecksummedFile(file), rows, { tag, clusterings, chunks, order });
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    rows.reclaimer.end(serial);
  }
}

function saveChunk(chunk: Chunk): SavedChunk {
  const { columns, layout } = chunk;
  return { chunk, live: chunk.copyLive(), columns: [...columns.values()], layout };
}

function clusteringsOf(chunks: readonly SavedChunk[]): readonly Clustering[] {
  return [...new Set(chunks.flatMap(({ layout }) => layout?.clustering ?? []))];
}

/** In key order, the number that each row has in the file. */
async function numberRows(ids: Uint32Array, chunks: readonly SavedChunk[]): Promise<Uint32Array> {
  const numbers = new Map<number, Uint32Array>();
  let next = 0;
  for (const { chunk, live } of chunks) {
    const ofChunk = new Uint32Array(chunk.place.capacity);
    for (const place of listBits(live)) {
      ofChunk[place] = next;
      next += 1;
    }
    numbers.set(chunk.place.ordinal, ofChunk);
    await setImmediate();
  }
  for (let from = 0; from < ids.length; from += SLICE_ROWS) {
    for (let i = from; i < Math.min(from + SLICE_ROWS, ids.length); i += 1)
      ids[i] = numbers.get(chunkOfRow(ids[i] ?? 0))?.[placeOfRow(ids[i] ?? 0)] ?? 0;
    await setImmediate();
  }
  return ids;
}

async function writeAll(
  file: ChecksummedFile,
  rows: IndexRows,
  content: {
    readonly tag: string;
    readonly clusterings: readonly Clustering[];
    readonly chunks: readonly SavedChunk[];
    readonly order: Uint32Array;
  },
): Promise<void> {
  await file.write(Buffer.from(MAGIC));
  await file.write(uint32(FORMAT_VERSION));
  const { tag, clusterings, chunks, order } = content;
  const saved = clusterings.map((clustering) => clustering.saved);
  const header: SnapshotHeader = {
    tag,
    dims: rows.options.dims,
    rows: order.length,
    blocks: chunks.length,
    clusterings: saved.map(({ category, counts, trainedRows, reach }) => ({
      category,
      cells: counts.length,
      trainedRows,
      ...(reach !== undefined && { reach }),
    })),
  };
  await file.writeJson(header);
  for (const { centroids, cosines, counts } of saved)
    for (const array of [centroids.plane, centroids.inverseNorms, cosines, counts])
      await file.write(bytesOf(array));
  for (const saved of chunks) {
    const places = listBits(saved.live);
    const layout = blockLayout(saved.layout, clusterings, places);
    const { category } = saved.chunk.place;
    const meta: BlockMeta = { category, rows: places.length, ...(layout && { layout }) };
    await file.writeJson(meta);
    const pieces = cutPieces(rows.table, saved.chunk, { columns: saved.columns, places });
    for await (const piece of pieces) await file.writeJson(piece);
    for (const part of blockParts(saved.chunk, places, rows.stride)) await file.write(part);
  }
  await file.write(bytesOf(order));
  await file.write(uint32(file.checksum));
}

/** Where each cell begins among the rows that are saved. */
function blockLayout(
  layout: CellLayout | undefined,
  clusterings: readonly Clustering[],
  places: readonly number[],
): BlockLayout | undefined {
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
  const { clustering, laying } = layout;
  return { clustering: clusterings.indexOf(clustering), laying, cells, starts };
}

/** One by one, so that other work gets its turn between them. */
function* blockParts(
  chunk: Chunk,
  places: readonly number[],
  stride: number,
): Generator<Uint8Array> {
  const { coarse, residual, norms, slacks } = chunk.planes;
  for (const plane of [coarse, residual]) yield pick(plane, places, stride);
  for (const floats of [norms, slacks])
    yield bytesOf(Float32Array.from(places, (place) => floats[place] ?? 0));
}

/** The rows of a plane: where none between them is dead, without a copy. Written rows do not change. */
function pick(plane: Int8Array, places: readonly number[], stride: number): Uint8Array {
  const end = places.length * stride;
  if (places.at(-1) === places.length - 1) return bytesOf(plane.subarray(0, end));
  const picked = new Uint8Array(end);
  for (const [row, place] of places.entries())
    picked.set(plane.subarray(place * stride, (place + 1) * stride), row * stride);
  return picked;
}

class ChecksummedFile {
  readonly #file: FileHandle;
  checksum = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const piece = bytes.subarray(done, done + PIECE_BYTES);
      const { bytesWritten } = await this.#file.write(piece);
      this.checksum = continueChecksum(this.checksum, piece.subarray(0, bytesWritten));
      done += bytesWritten;
    }
  }

  async writeJson(value: unknown): Promise<void> {
    const text = Buffer.from(JSON.stringify(value));
    await this.write(uint32(text.length));
    await this.write(text);
  }
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Int8Array | Uint32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
