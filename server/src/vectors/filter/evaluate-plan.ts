import type { ColumnPlace } from '../attributes/column.ts';
import { arenaOf } from '../memory/address.ts';
import { SCRATCH } from '../scan/scratch.ts';
import type { Workbench } from '../scan/workbench.ts';

import { scanDense } from './scan-dense.ts';
import { scanPairs } from './scan-pairs.ts';
import type { FilterPlan, TermPlan } from './filter-plan.ts';

/** Some rows of a chunk: those from `from`, a multiple of 32, that the mask has bits for. */
export interface RowRange {
  readonly bench: Workbench;
  /** The plan's columns in this chunk. */
  readonly columns: readonly ColumnPlace[];
  readonly from: number;
}

/** The rows of a mask that pass: a bit each. Rows outside the mask are not looked at. */
export function evaluatePlan(plan: FilterPlan, range: RowRange, mask: Uint32Array): Uint32Array {
  if (plan.kind === 'term') return evaluateTerm(plan, range, mask);
  if (plan.kind === 'and') {
    let passed = mask;
    for (const term of plan.terms) passed = evaluatePlan(term, range, passed);
    return passed;
  }
  // Of an `or`, each further term looks at the rows that none has passed yet.
  const passed = new Uint32Array(mask.length);
  let open = mask;
  for (const term of plan.terms) {
    const more = evaluatePlan(term, range, open);
    const left = new Uint32Array(mask.length);
    for (let i = 0; i < mask.length; i += 1) {
      passed[i] = (passed[i] ?? 0) | (more[i] ?? 0);
      left[i] = (open[i] ?? 0) & ~(more[i] ?? 0);
    }
    open = left;
  }
  return passed;
}

function evaluateTerm(term: TermPlan, range: RowRange, mask: Uint32Array): Uint32Array {
  const column = range.columns[term.column];
  const bits = new Uint32Array(mask.length);
  if (column !== undefined && column.at !== 0) {
    const { from, bench } = range;
    const arena = arenaOf(column.at);
    const [view, kernel] = [bench.views.arena(arena), bench.kernel(arena)];
    const scan = column.isDense ? scanDense : scanPairs;
    scan(term, { column, view, kernel, scratch: bench.scratch + SCRATCH.kept, from, mask }, bits);
  }
  for (let i = 0; i < mask.length; i += 1)
    bits[i] = (term.negated ? ~(bits[i] ?? 0) : (bits[i] ?? 0)) & (mask[i] ?? 0);
  return bits;
}
