import { performance } from 'node:perf_hooks';

import { setBit } from '../filter/filter-plan.ts';
import { Calibration } from '../score/calibration.ts';
import { cosineOf } from '../score/quantise.ts';

import { Candidates } from './candidates.ts';
import type { SearchJob, SearchPart } from './scan-job.ts';
import { SCRATCH } from './scratch.ts';
import { selectRows, type RowPlanes } from './select-rows.ts';
import type { Workbench } from './workbench.ts';

/** Offsets of a chunk's parts in its memory. */
export interface Block extends RowPlanes {
  readonly groups: number;
  readonly firstId: number;
}

/** Rows of the list in the scratch. */
interface ListPart {
  readonly from: number;
  readonly count: number;
}

/** One search on its way through the units of a job: what it has found so far, and how long that took. */
export class UnitSearch {
  readonly #job: SearchJob;
  readonly #bench: Workbench;
  readonly #calibration: Calibration;
  readonly #candidates: Candidates;
  readonly #groups: Uint32Array;
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

  /** Notes that the rows in the scratch's list, looked for since `began`, match. Answers what time it is. */
  begin(block: Block, rows: number, began: number): number {
    if (this.#job.minScore === 0) this.#countAll(block, rows);
    const now = performance.now();
    this.#filterMs += now - began;
    return now;
  }

  /** Puts the query where {@link scan} needs it. */
  writeQuery({ view }: Block): void {
    view.i16.set(this.#job.query, (this.#bench.scratch + SCRATCH.query) / 2);
  }

  /** Looks at some rows of the list. Answers what time it is after that. */
  scan(block: Block, { from, count }: ListPart, began: number): number {
    if (this.#job.wanted === 0 && this.#job.minScore === 0) return began;
    const { scratch } = this.#bench;
    const { minScore, queryInverseNorm, rows } = this.#job;
    const list = scratch + SCRATCH.list + from * 4;
    const kept = selectRows(
      block,
      { stride: rows.stride, list, count },
      {
        scratch,
        factor: 256 * queryInverseNorm,
        least: minScore > 0 ? this.#floor : this.#candidates.least,
      },
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

  #countAll({ view, groups }: Block, rows: number): void {
    this.#found += rows;
    if (this.#groups.length === 0) return;
    const list = (this.#bench.scratch + SCRATCH.list) / 4;
    for (let i = 0; i < rows; i += 1)
      setBit(this.#groups, view.u32[groups / 4 + (view.u32[list + i] ?? 0)] ?? 0);
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
