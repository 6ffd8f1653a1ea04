import { performance } from 'node:perf_hooks';

import { setBit } from '../filter/filter-plan.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ArenaView } from '../memory/arena-views.ts';
import { arenaOf, offsetOf } from '../memory/arenas.ts';
import { blockOffsets } from '../memory/row-block.ts';
import { Calibration } from '../score/calibration.ts';
import { cosineOf } from '../score/quantise.ts';

import { Candidates } from './candidates.ts';
import { firstRow, JobReader, type Unit } from './job-reader.ts';
import { multiplyRows, writeQuery } from './multiply-rows.ts';
import type { JobRows, SearchJob, SearchPart, SharedSearchJob } from './scan-job.ts';
import { SCRATCH } from './scratch.ts';
import type { Workbench } from './workbench.ts';

/** Rows scanned between two looks at what they brought: the bar rises early. */
const BLOCK_ROWS = 512;

/** A word of a bitmap with a bit for each row. */
const ALL_ROWS = 0xffff_ffff;

/**
 * Searches a job's units: filter, then the coarse plane of the rows that passed, then, of those
 * that may be good enough by the coarse plane and its bound, the residual plane. What it answers is
 * exact for the stored integers.
 */
export function searchUnits(job: SearchJob, bench: Workbench): SearchPart {
  const search = new UnitSearch(job, bench);
  runAll(job.rows, bench, [search]);
  return search.part();
}

/** The same for several searches: what one has read of a unit is near for the others. */
export function searchTogether(
  { rows, searches }: SharedSearchJob,
  bench: Workbench,
): readonly SearchPart[] {
  const all = searches.map((job) => new UnitSearch({ ...job, rows }, bench));
  runAll(rows, bench, all);
  return all.map((search) => search.part());
}

function runAll(rows: JobRows, bench: Workbench, searches: readonly UnitSearch[]): void {
  const reader = new JobReader(rows, bench);
  let now = performance.now();
  for (const unit of reader.units()) {
    const words = reader.matching(unit);
    for (const search of searches) {
      now = search.searchUnit(unit, words, now);
      // The place of a query is one for all.
      if (searches.length > 1) search.forgetQuery();
    }
  }
}

/** Offsets of a chunk's parts in its memory. */
interface Block {
  readonly view: ArenaView;
  readonly kernel: Kernel;
  readonly coarse: number;
  readonly residual: number;
  readonly norms: number;
  readonly slacks: number;
  readonly groups: number;
  readonly firstId: number;
}

/** Rows of the list, looked at since `began`. */
interface ListPart {
  readonly from: number;
  readonly count: number;
  readonly began: number;
}

class UnitSearch {
  readonly #job: SearchJob;
  readonly #bench: Workbench;
  readonly #calibration: Calibration;
  readonly #candidates: Candidates;
  readonly #groups: Uint32Array;
  /** Memories the query was written to. */
  readonly #queryIn = new Set<number>();
  /** That of the last unit: the next is often in the same chunk. */
  #block: Block | undefined;
  /** Below the floor no row has the score asked for, from the ceiling on all have. */
  readonly #floor: number;
  readonly #ceiling: number;
  #found = 0;
  #rowsScanned = 0;
  #filterMs = 0;
  #scanMs = 0;
  #rerankMs = 0;

  constructor(job: SearchJob, bench: Workbench) {
    this.#job = job;
    this.#bench = bench;
    this.#calibration = new Calibration(job.calibration);
    this.#floor = this.#calibration.floorOf(job.minScore);
    this.#ceiling = this.#calibration.ceilingOf(job.minScore);
    this.#groups = new Uint32Array(Math.ceil(job.groupCodes / 32));
    this.#candidates = new Candidates(this.#calibration, job.wanted, job.groupCodes > 0);
  }

  part(): SearchPart {
    return {
      kind: 'search',
      ...this.#candidates.take(),
      found: this.#found,
      groups: this.#groups,
      rowsScanned: this.#rowsScanned,
      stages: { filterMs: this.#filterMs, scanMs: this.#scanMs, rerankMs: this.#rerankMs },
    };
  }

  /** `words`: the unit's rows that pass, looked for since `began`. Answers what time it is after that. */
  searchUnit(unit: Unit, words: Uint32Array, began: number): number {
    const block = this.#open(unit);
    const rows = this.#listRows(block.view, words, firstRow(unit));
    if (rows === 0) return began;
    if (this.#job.minScore === 0) this.#countAll(block, rows);
    let now = performance.now();
    this.#filterMs += now - began;
    if (this.#job.wanted === 0 && this.#job.minScore === 0) return now;
    for (let from = 0; from < rows; from += BLOCK_ROWS)
      now = this.#scan(block, { from, count: Math.min(BLOCK_ROWS, rows - from), began: now });
    return now;
  }

  /** Says that another search writes its query where this one's is. */
  forgetQuery(): void {
    this.#queryIn.clear();
    this.#block = undefined;
  }

  #open({ blockAt, capacity, firstId }: Unit): Block {
    if (this.#block?.coarse === offsetOf(blockAt) && this.#block.firstId === firstId)
      return this.#block;
    const { stride } = this.#job.rows;
    const arena = arenaOf(blockAt);
    const offsets = blockOffsets(capacity, stride);
    const start = offsetOf(blockAt);
    const view = this.#bench.views.arena(arena);
    if (!this.#queryIn.has(arena)) {
      writeQuery(view, this.#job.query, this.#bench.scratch);
      this.#queryIn.add(arena);
    }
    this.#block = {
      view,
      kernel: this.#bench.kernel(arena),
      coarse: start,
      residual: start + offsets.residual,
      norms: start + offsets.norms,
      slacks: start + offsets.slacks,
      groups: start + offsets.groups,
      firstId,
    };
    return this.#block;
  }

  /** Writes the numbers of the rows that have a bit to the scratch. */
  #listRows({ u32 }: ArenaView, words: Uint32Array, from: number): number {
    const list = (this.#bench.scratch + SCRATCH.list) / 4;
    let count = 0;
    for (let i = 0; i < words.length; i += 1) {
      const first = from + i * 32;
      let word = words[i] ?? 0;
      if (word === ALL_ROWS) {
        for (let bit = 0; bit < 32; bit += 1) u32[list + count + bit] = first + bit;
        count += 32;
        continue;
      }
      while (word !== 0) {
        const lowest = word & -word;
        u32[list + count] = first + 31 - Math.clz32(lowest);
        count += 1;
        word ^= lowest;
      }
    }
    return count;
  }

  #countAll({ view, groups }: Block, rows: number): void {
    this.#found += rows;
    if (this.#groups.length === 0) return;
    const list = (this.#bench.scratch + SCRATCH.list) / 4;
    for (let i = 0; i < rows; i += 1)
      setBit(this.#groups, view.u32[groups / 4 + (view.u32[list + i] ?? 0)] ?? 0);
  }

  /** Answers what time it is after that. */
  #scan(block: Block, { from, count, began }: ListPart): number {
    const { scratch } = this.#bench;
    const { minScore, queryInverseNorm, rows } = this.#job;
    const list = scratch + SCRATCH.list + from * 4;
    const products = scratch + SCRATCH.products;
    multiplyRows(block, { stride: rows.stride, list, count, scratch });
    const kept = block.kernel.select(
      list,
      count,
      products,
      block.norms,
      block.slacks,
      256 * queryInverseNorm,
      minScore > 0 ? this.#floor : this.#candidates.least,
      scratch + SCRATCH.kept,
    );
    const scanned = performance.now();
    this.#rowsScanned += count;
    this.#scanMs += scanned - began;
    if (kept === 0) return scanned;
    this.#rerank(block, list, kept);
    const reranked = performance.now();
    this.#rerankMs += reranked - scanned;
    return reranked;
  }

  /** Looks closer at the rows that were kept. */
  #rerank(block: Block, list: number, kept: number): void {
    const { scratch } = this.#bench;
    const { u32, f64, f32 } = block.view;
    const [rows, count] = [(scratch + SCRATCH.rerankList) / 4, this.#listUnsure(block, list, kept)];
    if (count === 0) return;
    const [query, out] = [scratch + SCRATCH.query, scratch + SCRATCH.rerankProducts];
    block.kernel.touch(block.residual, this.#job.rows.stride, rows * 4, count);
    block.kernel.dots(block.residual, this.#job.rows.stride, rows * 4, count, query, out);
    const positions = (scratch + SCRATCH.kept) / 4;
    const products = (scratch + SCRATCH.products) / 8;
    for (let i = 0; i < count; i += 1) {
      const row = u32[rows + i] ?? 0;
      const coarse = f64[products + (u32[positions + i] ?? 0)] ?? 0;
      const product = 256 * coarse + (f64[out / 8 + i] ?? 0);
      const norm = f32[block.norms / 4 + row] ?? 0;
      this.#judge(block, row, cosineOf(product, norm, this.#job.queryInverseNorm));
    }
  }

  /** Of the kept positions, leaves those that the coarse plane does not decide, and lists their rows. */
  #listUnsure(block: Block, list: number, kept: number): number {
    const { scratch } = this.#bench;
    const { u32, f64 } = block.view;
    const rows = (scratch + SCRATCH.rerankList) / 4;
    const positions = (scratch + SCRATCH.kept) / 4;
    const products = (scratch + SCRATCH.products) / 8;
    let count = 0;
    for (let i = 0; i < kept; i += 1) {
      const position = u32[positions + i] ?? 0;
      const row = u32[list / 4 + position] ?? 0;
      if (this.#isSure(block, row, f64[products + position] ?? 0)) continue;
      u32[positions + count] = position;
      u32[rows + count] = row;
      count += 1;
    }
    return count;
  }

  /**
   * Counts a row without its residual if its score is surely high enough, and just as surely not
   * among the best.
   */
  #isSure(block: Block, row: number, product: number): boolean {
    if (this.#job.minScore === 0) return false;
    const norm = block.view.f32[block.norms / 4 + row] ?? 0;
    const slack = block.view.f32[block.slacks / 4 + row] ?? 0;
    const cosine = product * 256 * this.#job.queryInverseNorm * norm;
    if (cosine - slack < this.#ceiling || cosine + slack >= this.#candidates.least) return false;
    this.#count(block, row);
    return true;
  }

  #judge(block: Block, row: number, cosine: number): void {
    if (this.#job.minScore > 0) {
      if (this.#calibration.scoreOf(cosine) < this.#job.minScore) return;
      this.#count(block, row);
    }
    const group = block.view.u32[block.groups / 4 + row] ?? 0;
    this.#candidates.add(block.firstId + row, cosine, group);
  }

  #count(block: Block, row: number): void {
    this.#found += 1;
    if (this.#groups.length > 0) setBit(this.#groups, block.view.u32[block.groups / 4 + row] ?? 0);
  }
}
