import { countBits } from '../filter/filter-plan.ts';

import { JobReader } from './job-reader.ts';
import { withUnits } from './job-rows.ts';
import { UNIT_RECORD, type JobRows } from './scan-job.ts';
import type { Workbench } from './workbench.ts';

/** Units that are looked into, and rows of each: many and few, since what passes may lie together. */
const SAMPLED_UNITS = 32;
const SAMPLED_ROWS = 64;

/** The share of a job's rows that pass its filter, by some of them. */
export function estimateShare(described: JobRows, bench: Workbench): number {
  const { units } = described;
  const count = units.length / UNIT_RECORD.length;
  const step = Math.max(1, Math.floor(count / SAMPLED_UNITS));
  const sampled: number[] = [];
  let rows = 0;
  for (let unit = Math.floor(step / 2); unit < count; unit += step) {
    const at = unit * UNIT_RECORD.length;
    const [chunk = 0, from = 0, to = 0] = units.subarray(at, at + UNIT_RECORD.length);
    const end = Math.min(to, from + SAMPLED_ROWS);
    sampled.push(chunk, from, end);
    rows += end - from;
  }
  const reader = new JobReader(withUnits(described, Uint32Array.from(sampled)), bench);
  let found = 0;
  for (const unit of reader.units()) found += countBits(reader.matching(unit));
  return rows === 0 ? 0 : found / rows;
}
