import type { IndexRows } from '../index-rows.ts';
import { LAYING_SHARE, MAX_CELLS, MAX_LAYING_ROWS, MIN_LAYING_ROWS } from '../limits.ts';
import type { Chunk } from '../memory/chunk.ts';
import { describeRows } from '../scan/job-rows.ts';

import { Clustering } from './clustering.ts';
import { layRows } from './lay-rows.ts';
import { measureCosts } from './measure-costs.ts';
import { measureReach } from './measure-reach.ts';

/** Writes after which it is looked whether there is something to do, and how long they rest first. */
const CHECK_WRITES = 256;
const CHECK_MS = 500;

/** Rows of a category for each row that the centroids are learnt from, at least; and cells for each. */
const SAMPLE_ROWS_A_CELL = 32;

/** Rows without a cell: as many as this share of the category, or of the least that has cells, stay so. */
const UNLAID_SHARE = 1 / 32;
const UNLAID_SHARE_OF_LEAST = 1 / 4;

/** Clusters are found anew when a category has so many times the rows, or so small a share of them. */
const GROWTH = 4;

/** Chunks whose rows are removed but for this share of them are laid again. */
const LIVING_SHARE = 0.75;

/** How much a category changes before it is measured again how its cells are to be searched. */
const MEASURE_SHARE = 0.25;

/**
 * Keeps the rows of large categories in the order of cells, in the background: finds clusters, lays
 * rows, lays what was written since, joins small layings to larger ones, lays chunks again that
 * have become empty, and finds clusters anew when they no longer fit.
 */
export class CellKeeper {
  readonly #rows: IndexRows;
  readonly #clusterings = new Map<number, Clustering>();
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> | undefined;
  #writesSeen = 0;

  constructor(rows: IndexRows) {
    this.#rows = rows;
  }

  /** Says that rows were written. */
  noteWrite(): void {
    const { table, parts, order } = this.#rows;
    if (this.#timer !== undefined || this.#work !== undefined || table.isDropped) return;
    if (order.size < parts.minClusteredRows) return;
    if (table.writes - this.#writesSeen < Math.min(CHECK_WRITES, parts.minClusteredRows)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.settle();
    }, CHECK_MS).unref();
  }

  /** Takes up a clustering that chunks were laid by. */
  adopt(clustering: Clustering): void {
    this.#clusterings.set(clustering.category, clustering);
  }

  /** Resolves when all is done that there is to do now. A failure costs speed alone: the rows are searched as they lie. */
  async settle(): Promise<void> {
    this.#work ??= this.#tidy().finally(() => {
      this.#work = undefined;
      this.noteWrite();
    });
    await this.#work.catch((error: unknown) => {
      if (!this.#rows.table.isDropped) this.#rows.parts.onError(error);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #tidy(): Promise<void> {
    this.#writesSeen = this.#rows.table.writes;
    for (const category of this.#rows.table.categories) {
      if (this.#sizeOf(category) < this.#rows.parts.minClusteredRows) continue;
      const clustering = await this.#clusteringOf(category);
      for (let batch = this.#nextBatch(clustering); batch.length > 0;) {
        await layRows(this.#rows, clustering, batch);
        await this.#untilFreed();
        batch = this.#nextBatch(clustering);
      }
      await this.#measure(clustering);
    }
  }

  /** Until the places that rows were moved from are free: a save holds them for seconds. */
  async #untilFreed(): Promise<void> {
    await new Promise<void>((resolve) => this.#rows.reclaimer.retire(resolve));
  }

  async #clusteringOf(category: number): Promise<Clustering> {
    const known = this.#clusterings.get(category);
    const size = this.#sizeOf(category);
    const fits = (trained: number): boolean => size < trained * GROWTH && size > trained / GROWTH;
    if (known !== undefined && fits(known.trainedRows)) return known;
    const clustering = await this.#train(category, size);
    this.#clusterings.set(category, clustering);
    return clustering;
  }

  async #train(category: number, size: number): Promise<Clustering> {
    const { table, stride, parts, reclaimer } = this.#rows;
    const cells = Math.min(MAX_CELLS, Math.round(Math.sqrt(size)));
    const every = Math.max(1, Math.floor(size / (cells * SAMPLE_ROWS_A_CELL)));
    const serial = reclaimer.begin();
    try {
      const rows = describeRows(table.chunksOf([category]), stride, undefined);
      const found = await parts.background().run({ kind: 'train', rows, cells, every }, 1);
      const [centroids] = found.flatMap((part) => (part.kind === 'train' ? part.centroids : []));
      if (centroids === undefined) throw new Error('no centroids were found');
      const { length } = centroids.inverseNorms;
      return new Clustering(parts.kernel, {
        category,
        centroids,
        cosines: new Float64Array(length),
        counts: new Float64Array(length),
        trainedRows: size,
        reach: undefined,
      });
    } finally {
      reclaimer.end(serial);
    }
  }

  /** The chunks to lay next; none if all is well. */
  #nextBatch(clustering: Clustering): readonly Chunk[] {
    const { table, parts } = this.#rows;
    if (table.isDropped) return [];
    const chunks = table.chunksOf([clustering.category]);
    const size = sumOf(chunks);
    const stale = chunks.filter(({ layout }) => layout?.clustering !== clustering);
    const bySize = layingsOf(chunks, clustering).sort((a, b) => sumOf(a) - sumOf(b));
    const most = Math.max(size * UNLAID_SHARE, parts.minClusteredRows * UNLAID_SHARE_OF_LEAST);
    const isOld = stale.some(({ layout }) => layout !== undefined);
    const room = Math.min(MAX_LAYING_ROWS, Math.max(MIN_LAYING_ROWS, size * LAYING_SHARE));
    const batch = isOld || sumOf(stale) >= most ? upTo(stale, room) : bySize.find(isHollow);
    if (batch === undefined) return [];
    // As large as what it joins, or larger: so a row is laid again only as often as the rows double.
    const joined = [...batch];
    for (const laying of bySize) {
      if (laying === batch || sumOf(laying) > sumOf(joined)) continue;
      if (sumOf(laying) + sumOf(joined) <= room) joined.push(...laying);
    }
    return joined;
  }

  async #measure(clustering: Clustering): Promise<void> {
    const { reach, category } = clustering;
    const size = this.#sizeOf(category);
    if (reach !== undefined && Math.abs(size - reach.rows) < MEASURE_SHARE * reach.rows) return;
    await measureCosts(this.#rows);
    clustering.reach = (await measureReach(this.#rows, clustering)) ?? reach;
  }

  #sizeOf(category: number): number {
    return sumOf(this.#rows.table.chunksOf([category]));
  }
}

/** Chunks of one laying together. */
function layingsOf(chunks: readonly Chunk[], clustering: Clustering): (readonly Chunk[])[] {
  const layings = new Map<number, Chunk[]>();
  for (const chunk of chunks) {
    if (chunk.layout?.clustering !== clustering) continue;
    const { laying } = chunk.layout;
    layings.set(laying, [...(layings.get(laying) ?? []), chunk]);
  }
  return [...layings.values()];
}

function isHollow(chunks: readonly Chunk[]): boolean {
  return sumOf(chunks) < LIVING_SHARE * chunks.reduce((sum, { count }) => sum + count, 0);
}

function upTo(chunks: readonly Chunk[], rows: number): readonly Chunk[] {
  let sum = 0;
  return chunks.filter(({ size }) => {
    if (sum > 0 && sum + size > rows) return false;
    sum += size;
    return true;
  });
}

function sumOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}
