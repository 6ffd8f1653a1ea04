import { evaluatePlan } from '../filter/evaluate-plan.ts';
import { countBits } from '../filter/filter-plan.ts';
import type { ColumnPlace } from '../attributes/column.ts';
import { UNIT_ROWS } from '../limits.ts';
import type { ArenaView } from '../memory/arena-views.ts';
import { arenaOf, offsetOf } from '../memory/arenas.ts';

import {
  CHUNK_RECORD,
  COLUMN_FLAGS,
  COLUMN_RECORD,
  CONTROL,
  UNIT_RECORD,
  type JobRows,
} from './scan-job.ts';
import type { Workbench } from './workbench.ts';

/** A unit of a job: rows `from` to `to` of a chunk. */
export interface Unit {
  readonly number: number;
  readonly blockAt: number;
  readonly capacity: number;
  readonly liveAt: number;
  readonly firstId: number;
  readonly matchesAt: number;
  readonly from: number;
  readonly to: number;
}

/** Takes a job's units one after the other, together with whoever else works on the job. */
export class JobReader {
  readonly #rows: JobRows;
  readonly #bench: Workbench;
  readonly #control: Int32Array;
  /** Views of the memories as they were when the job began: to ask whether one has grown takes as long as a short column. */
  readonly #views: ArenaView[] = [];
  readonly #viewOf = (arena: number): ArenaView =>
    (this.#views[arena] ??= this.#bench.views.arena(arena));
  /** One unit's words: a bitmap for each of them would take longer than to compare a few rows. */
  readonly #words = new ArrayBuffer((UNIT_ROWS / 32 + 1) * 4);
  /** Views of them, by length. */
  readonly #cuts: Uint32Array[] = [];
  /** For what one term of a filter finds. */
  readonly #bits = new Uint32Array(UNIT_ROWS / 32 + 1);
  /** The columns of the chunk at this place of the table: the next unit is often of the same. */
  #columnsAt = -1;
  #known: readonly ColumnPlace[] = [];

  constructor(rows: JobRows, bench: Workbench) {
    this.#rows = rows;
    this.#bench = bench;
    this.#control = new Int32Array(rows.control);
  }

  *units(): Generator<Unit> {
    const { units, chunks, chunkRecordLength } = this.#rows;
    const count = units.length / UNIT_RECORD.length;
    while (Atomics.load(this.#control, CONTROL.isCancelled) === 0) {
      const number = Atomics.add(this.#control, CONTROL.nextUnit, 1);
      if (number >= count) return;
      const at = number * UNIT_RECORD.length;
      const chunk = (units[at + UNIT_RECORD.chunk] ?? 0) * chunkRecordLength;
      yield {
        number,
        blockAt: chunks[chunk + CHUNK_RECORD.blockAt] ?? 0,
        capacity: chunks[chunk + CHUNK_RECORD.capacity] ?? 0,
        liveAt: chunks[chunk + CHUNK_RECORD.liveAt] ?? 0,
        firstId: chunks[chunk + CHUNK_RECORD.firstId] ?? 0,
        matchesAt: chunks[chunk + CHUNK_RECORD.matchesAt] ?? 0,
        from: units[at + UNIT_RECORD.from] ?? 0,
        to: units[at + UNIT_RECORD.to] ?? 0,
      };
    }
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#control, CONTROL.isCancelled) !== 0;
  }

  /**
   * The unit's rows that are alive and pass the filter: a bit each, the first for {@link firstRow}. It may be another
   * unit's from the next call on.
   */
  matching(unit: Unit): Uint32Array {
    const { plan } = this.#rows;
    const mask = this.#living(unit);
    if (plan === undefined) return mask;
    const columns = this.#columns(unit);
    const [bench, viewOf, bits] = [this.#bench, this.#viewOf, this.#bits];
    evaluatePlan(plan, { bench, viewOf, columns, from: firstRow(unit), bits }, mask);
    return mask;
  }

  #living(unit: Unit): Uint32Array {
    const { u32 } = this.#viewOf(arenaOf(unit.liveAt));
    return this.#cut(u32, offsetOf(unit.liveAt) / 4, unit);
  }

  /** The words of a chunk's bitmap that a unit's rows are in, without the bits of other rows. */
  #cut(words: Uint32Array, start: number, { from, to }: Unit): Uint32Array {
    const begin = start + Math.floor(from / 32);
    const length = start + Math.ceil(to / 32) - begin;
    const mask = (this.#cuts[length] ??= new Uint32Array(this.#words, 0, length));
    for (let i = 0; i < length; i += 1) mask[i] = words[begin + i] ?? 0;
    if (from % 32 > 0) mask[0] = (mask[0] ?? 0) & ~(2 ** (from % 32) - 1);
    // Rows behind are of another unit, or still being written to.
    if (to % 32 > 0) mask[length - 1] = (mask[length - 1] ?? 0) & (2 ** (to % 32) - 1);
    return mask;
  }

  #columns(unit: Unit): readonly ColumnPlace[] {
    const { units, chunks, chunkRecordLength } = this.#rows;
    const chunk = (units[unit.number * UNIT_RECORD.length] ?? 0) * chunkRecordLength;
    if (chunk === this.#columnsAt) return this.#known;
    const columns: ColumnPlace[] = [];
    for (let at = CHUNK_RECORD.columns; at < chunkRecordLength; at += COLUMN_RECORD.length) {
      const flags = chunks[chunk + at + COLUMN_RECORD.flags] ?? 0;
      columns.push({
        at: chunks[chunk + at + COLUMN_RECORD.at] ?? 0,
        room: chunks[chunk + at + COLUMN_RECORD.room] ?? 0,
        size: chunks[chunk + at + COLUMN_RECORD.size] ?? 0,
        isDense: (flags & COLUMN_FLAGS.isDense) !== 0,
        isWide: (flags & COLUMN_FLAGS.isWide) !== 0,
        scale: chunks[chunk + at + COLUMN_RECORD.scale] ?? 0,
        isSorted: (flags & COLUMN_FLAGS.isSorted) !== 0,
        kinds: Math.floor(flags / COLUMN_FLAGS.kinds),
      });
    }
    this.#columnsAt = chunk;
    this.#known = columns;
    return columns;
  }
}

/** The row of a unit's first bit: rows of a cell begin anywhere. */
export function firstRow({ from }: Unit): number {
  return from - (from % 32);
}

/** Writes which rows match, of all units that nobody else takes: such begin at multiples of 32. Answers how many do. */
export function matchUnits(rows: JobRows, bench: Workbench): number {
  const reader = new JobReader(rows, bench);
  let found = 0;
  for (const unit of reader.units()) {
    const words = reader.matching(unit);
    const { u32 } = bench.views.at(unit.matchesAt);
    u32.set(words, offsetOf(unit.matchesAt) / 4 + unit.from / 32);
    found += countBits(words);
  }
  return found;
}
