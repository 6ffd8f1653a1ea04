import type { IndexRows } from '../index-rows.ts';
import { describeRows, withUnits } from '../scan/job-rows.ts';
import type { ScanPart, SearchJob } from '../scan/scan-job.ts';

/** Jobs that are timed. The quickest counts: whatever else the machine does makes the others slower. */
const JOBS = 15;

/** A hand-over that takes longer waited for other searches, as all jobs of a search would. */
const MAX_HAND_OVER_MS = 0.5;

/** Times what the planner reckons with: a job about nothing, and one about all rows. */
export async function measureCosts({ parts, table, stride, reclaimer }: IndexRows): Promise<void> {
  if (parts.costs.isGiven || table.isDropped) return;
  const serial = reclaimer.begin();
  try {
    const rows = describeRows(table.chunksOf(), stride, undefined);
    const megabytes = (table.chunksOf().reduce((sum, { count }) => sum + count, 0) * stride) / 1e6;
    const times: { readonly wholeMs: number; readonly workedMs: number }[] = [];
    for (let i = 0; i < JOBS; i += 1) {
      const began = performance.now();
      await parts.pool.run(
        compareAll(withUnits(rows, new Uint32Array(0)), stride),
        parts.pool.size,
      );
      const wholeMs = performance.now() - began;
      const found = await parts.pool.run(
        compareAll(withUnits(rows, rows.units), stride),
        parts.pool.size,
      );
      times.push({ wholeMs, workedMs: Math.max(0, ...found.map(workedMs)) });
    }
    const handOverMs = Math.min(MAX_HAND_OVER_MS, ...times.map(({ wholeMs }) => wholeMs));
    const megabyteMs = Math.min(...times.map(({ workedMs }) => workedMs)) / megabytes;
    parts.costs.note({ handOverMs, megabyteMs });
  } finally {
    reclaimer.end(serial);
  }
}

/** In the worker itself: what waited before is not counted. */
function workedMs(part: ScanPart): number {
  return part.kind === 'search' ? part.stages.scanMs + part.stages.rerankMs : 0;
}

function compareAll(rows: SearchJob['rows'], stride: number): SearchJob {
  return {
    kind: 'search',
    rows,
    query: new Int16Array(stride).fill(1),
    queryInverseNorm: 1 / Math.sqrt(stride),
    calibration: [
      [-1, 0],
      [1, 1],
    ],
    wanted: 10,
    minScore: 0,
    groupCodes: 0,
  };
}
