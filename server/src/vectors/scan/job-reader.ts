import { evaluatePlan } from '../filter/evaluate-plan.ts';
import type { ColumnPlace } from '../attributes/column.ts';
import type { ArenaViews } from '../memory/arena-views.ts';
import { offsetOf } from '../memory/arenas.ts';

import {
  CHUNK_RECORD,
  COLUMN_FLAGS,
  COLUMN_RECORD,
  CONTROL,
  UNIT_RECORD,
  type JobRows,
  type UnitRows,
} from './scan-job.ts';

/** A unit of a job: rows `from` to `to` of a chunk. */
export interface Unit {
  readonly number: number;
  readonly blockAt: number;
  readonly capacity: number;
  readonly liveAt: number;
  readonly firstId: number;
  readonly from: number;
  readonly to: number;
}

/** Takes a job's units one after the other, together with whoever else works on the job. */
export class JobReader {
  readonly #rows: JobRows;
  readonly #views: ArenaViews;
  readonly #control: Int32Array;

  constructor(rows: JobRows, views: ArenaViews) {
    this.#rows = rows;
    this.#views = views;
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
        from: units[at + UNIT_RECORD.from] ?? 0,
        to: units[at + UNIT_RECORD.to] ?? 0,
      };
    }
  }

  /** The unit's rows that are alive and pass the filter: a bit each. */
  matching(unit: Unit): Uint32Array {
    const mask = this.#living(unit);
    const { plan } = this.#rows;
    if (plan === undefined) return mask;
    const range = { views: this.#views, columns: this.#columns(unit), from: unit.from };
    return evaluatePlan(plan, range, mask);
  }

  #living({ liveAt, from, to }: Unit): Uint32Array {
    const start = offsetOf(liveAt) / 4 + from / 32;
    const words = Math.ceil((to - from) / 32);
    const mask = this.#views.at(liveAt).u32.slice(start, start + words);
    const last = (to - from) % 32;
    // Rows behind are still being written to.
    if (last > 0) mask[words - 1] = (mask[words - 1] ?? 0) & (2 ** last - 1);
    return mask;
  }

  #columns(unit: Unit): ColumnPlace[] {
    const { units, chunks, chunkRecordLength } = this.#rows;
    const chunk = (units[unit.number * UNIT_RECORD.length] ?? 0) * chunkRecordLength;
    const columns: ColumnPlace[] = [];
    for (let at = CHUNK_RECORD.columns; at < chunkRecordLength; at += COLUMN_RECORD.length) {
      const flags = chunks[chunk + at + COLUMN_RECORD.flags] ?? 0;
      columns.push({
        at: chunks[chunk + at + COLUMN_RECORD.at] ?? 0,
        room: chunks[chunk + at + COLUMN_RECORD.room] ?? 0,
        size: chunks[chunk + at + COLUMN_RECORD.size] ?? 0,
        isDense: (flags & COLUMN_FLAGS.isDense) !== 0,
        hasHighs: (flags & COLUMN_FLAGS.hasHighs) !== 0,
        isSorted: (flags & COLUMN_FLAGS.isSorted) !== 0,
        kinds: Math.floor(flags / COLUMN_FLAGS.kinds),
      });
    }
    return columns;
  }
}

/** The matching rows of all units that nobody else takes. */
export function matchUnits(rows: JobRows, views: ArenaViews): UnitRows[] {
  const reader = new JobReader(rows, views);
  return Array.from(reader.units(), (unit) => ({
    unit: unit.number,
    words: reader.matching(unit),
  }));
}
