import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { Clustering } from '../cells/clustering.ts';
import { listBits } from '../filter/filter-plan.ts';
import type { IndexRows } from '../index-rows.ts';
import type { Chunk } from '../memory/chunk.ts';
import { chunkOfRow, placeOfRow } from '../memory/row-block.ts';
import { PAGE_CODES, type TextCodes } from '../memory/text-codes.ts';

import { CodeUses, SavedFields } from './saved-fields.ts';
import { SectionWriter } from './section-writer.ts';
import type { BlockMeta, ClusteringMeta, GroupsMeta } from './snapshot-format.ts';
import { writeBlock, writeTexts, type SavedChunk, type SavedWhole } from './write-block.ts';

/** Rows numbered before other work gets its turn. */
const SLICE_ROWS = 50_000;

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
      await writeAll(new SectionWriter(file), rows, { tag, clusterings, chunks, order });
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
  writer: SectionWriter,
  rows: IndexRows,
  content: {
    readonly tag: string;
    readonly clusterings: readonly Clustering[];
    readonly chunks: readonly SavedChunk[];
    readonly order: Uint32Array;
  },
): Promise<void> {
  const { tag, clusterings, chunks, order } = content;
  const whole: SavedWhole = {
    writer,
    stride: rows.stride,
    clusterings,
    fields: new SavedFields(),
    groups: new CodeUses(),
  };
  await writer.begin();
  const blocks: BlockMeta[] = [];
  for (const saved of chunks) blocks.push(await writeBlock(whole, saved));
  await writer.end({
    tag,
    dims: rows.options.dims,
    rows: order.length,
    clusterings: await writeClusterings(writer, clusterings),
    fields: await whole.fields.write(writer),
    groups: await writeGroups(writer, rows.table.groups.names, whole.groups),
    blocks,
    order: await writer.add(order),
  });
}

async function writeClusterings(
  writer: SectionWriter,
  clusterings: readonly Clustering[],
): Promise<readonly ClusteringMeta[]> {
  const metas: ClusteringMeta[] = [];
  for (const { saved } of clusterings) {
    const { category, centroids, cosines, counts, trainedRows, reach } = saved;
    metas.push({
      category,
      cells: counts.length,
      trainedRows,
      ...(reach !== undefined && { reach }),
      plane: await writer.add(centroids.plane),
      inverseNorms: await writer.add(centroids.inverseNorms),
      cosines: await writer.add(cosines),
      counts: await writer.add(counts),
    });
  }
  return metas;
}

async function writeGroups(
  writer: SectionWriter,
  names: TextCodes,
  uses: CodeUses,
): Promise<GroupsMeta> {
  const pages: GroupsMeta['pages'][number][] = [];
  for (let from = 0; from < uses.codes; from += PAGE_CODES) {
    const ofPage = uses.slice(from, Math.min(from + PAGE_CODES, uses.codes));
    const texts = await writeTexts(writer, names.pack(pages.length, ofPage.length));
    pages.push({ texts, uses: await writer.add(ofPage) });
  }
  return { codes: uses.codes, pages };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
