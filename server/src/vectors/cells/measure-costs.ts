import type { IndexRows } from '../index-rows.ts';
import { describeRows, withUnits } from '../scan/job-rows.ts';
import type { SearchJob } from '../scan/scan-job.ts';

/** Jobs that are timed. The quickest counts: whatever else the machine does makes the others slower. */
const JOBS = 15;

/** Times what the planner reckons with: a job about nothing, and one about all rows. */
export async function measureCosts({ parts, table, stride, reclaimer }: IndexRows): Promise<void> {
  if (parts.costs.isGiven || table.isDropped) return;
  const serial = reclaimer.begin();
  try {
    const rows = describeRows(table.chunksOf(), stride, undefined);
    const megabytes = (table.chunksOf().reduce((sum, { count }) => sum + count, 0) * stride) / 1e6;
    const timed = async (units: Uint32Array): Promise<number> => {
      const began = performance.now();
      await parts.pool.run(compareAll(withUnits(rows, units), stride), parts.pool.size);
      return performance.now() - began;
    };
    const times: [number, number][] = [];
    for (let i = 0; i < JOBS; i += 1)
      times.push([await timed(new Uint32Array(0)), await timed(rows.units)]);
    const handOverMs = Math.min(...times.map(([nothing]) => nothing));
    const megabyteMs =
      Math.max(0, Math.min(...times.map(([, all]) => all)) - handOverMs) / megabytes;
    parts.costs.note({ handOverMs, megabyteMs });
  } finally {
    reclaimer.end(serial);
  }
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
