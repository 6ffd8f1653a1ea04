import type { Chunk } from '../memory/chunk.ts';
import type { Calibration } from '../score/calibration.ts';
import type { VectorAnswer } from '../vector-index.ts';

import type { CellPlan } from './cell-plan.ts';
import { withUnits } from './job-rows.ts';
import { searchParts } from './shared-scans.ts';
import type { ScanJob, ScanPart, SearchJob, SearchPart } from './scan-job.ts';

/** Has the scan workers do a job. */
export type Ask = (job: ScanJob) => Promise<readonly ScanPart[]>;

export interface SearchFindings extends Pick<VectorAnswer, 'mode'> {
  readonly parts: readonly SearchPart[];
  /** Rows that match, where the parts do not tell. */
  readonly found?: number;
}

/**
 * Compares the rows of the most promising cells, then those of all others that may, by their bound,
 * have a row as good as the last of the hits found so far. With fewer hits than wanted that is every
 * cell. The same rows and query give the same cells, whichever page is asked for.
 */
export async function searchCells(
  ask: Ask,
  job: SearchJob,
  plan: CellPlan,
  { calibration, chunks }: { readonly calibration: Calibration; readonly chunks: readonly Chunk[] },
): Promise<SearchFindings> {
  const { depth, cells, firstCells, unlaid, unitsOf } = plan;
  // As of now: rows may be written while the workers are at it.
  const found = chunks.reduce((sum, { size }) => sum + size, 0);
  // What is best comes first, and raises the bar for all others.
  const [best, good] = [cells.slice(0, 1), cells.slice(1, firstCells)];
  const near = Uint32Array.from([...unitsOf(best), ...unlaid, ...unitsOf(good)]);
  const others = cells.slice(firstCells);
  const search = async (units: Uint32Array): Promise<readonly SearchPart[]> =>
    searchParts(await ask({ ...job, wanted: depth, rows: withUnits(job.rows, units) }));
  const first = await search(near);
  const least = leastOf(first, depth, calibration);
  const rest = others.filter(({ bound }) => bound >= least);
  const second = rest.length === 0 ? [] : await search(unitsOf(rest));
  const isWhole = rest.length === others.length;
  return { parts: [...first, ...second], found, mode: isWhole ? 'exact' : 'approximate' };
}

/** The least cosine of a row that ranks with the best `depth` of those found. */
function leastOf(parts: readonly SearchPart[], depth: number, calibration: Calibration): number {
  const cosines = Float64Array.from(parts.flatMap(({ cosines }) => [...cosines])).sort();
  const last = cosines[cosines.length - depth];
  if (last === undefined) return Number.NEGATIVE_INFINITY;
  return calibration.floorOf(calibration.scoreOf(last));
}
