import type { ColumnPlace } from '../attributes/column.ts';
import { arenaOf } from '../memory/address.ts';
import type { ArenaView } from '../memory/arena-views.ts';
import { SCRATCH } from '../scan/scratch.ts';
import type { Workbench } from '../scan/workbench.ts';

import { scanDense } from './scan-dense.ts';
import { scanPairs } from './scan-pairs.ts';
import type { FilterPlan, TermPlan } from './filter-plan.ts';

/** Some rows of a chunk: those from `from`, a multiple of 32, that the mask has bits for. */
export interface RowRange {
  readonly bench: Workbench;
  /** Of the bench, by number of memory. */
  readonly viewOf: (arena: number) => ArenaView;
  /** The plan's columns in this chunk. */
  readonly columns: readonly ColumnPlace[];
  readonly from: number;
  /** As long as the mask or longer: for what a term finds. Whatever it has may be overwritten. */
  readonly bits: Uint32Array;
}

/** Leaves in the mask the rows that pass: a bit each. Rows outside it are not looked at. */
export function evaluatePlan(plan: FilterPlan, range: RowRange, mask: Uint32Array): void {
  if (plan.kind === 'term') evaluateTerm(plan, range, mask);
  else if (plan.kind === 'and') for (const term of plan.terms) evaluatePlan(term, range, mask);
  else evaluateAny(plan.terms, range, mask);
}

/** Of an `or`, each further term looks at the rows that none has passed yet. */
function evaluateAny(terms: readonly FilterPlan[], range: RowRange, mask: Uint32Array): void {
  const open = mask.slice();
  const passed = new Uint32Array(mask.length);
  mask.fill(0);
  for (const term of terms) {
    passed.set(open);
    evaluatePlan(term, range, passed);
    for (let i = 0; i < mask.length; i += 1) {
      const more = passed[i] ?? 0;
      mask[i] = (mask[i] ?? 0) | more;
      open[i] = (open[i] ?? 0) & ~more;
    }
  }
}

function evaluateTerm(term: TermPlan, range: RowRange, mask: Uint32Array): void {
  const column = range.columns[term.column];
  const { bits } = range;
  bits.fill(0);
  if (column !== undefined && column.at !== 0) {
    const { from, bench, viewOf } = range;
    const arena = arenaOf(column.at);
    const scan = column.isDense ? scanDense : scanPairs;
    const scratch = bench.scratch + SCRATCH.kept;
    const [view, kernel] = [viewOf(arena), bench.kernel(arena)];
    scan(term, { column, view, kernel, scratch, from, mask }, bits);
  }
  const flip = term.negated ? -1 : 0;
  for (let i = 0; i < mask.length; i += 1) mask[i] = (mask[i] ?? 0) & ((bits[i] ?? 0) ^ flip);
}
