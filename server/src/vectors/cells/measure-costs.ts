import type { IndexRows } from '../index-rows.ts';
import { describeRows, withUnits } from '../scan/job-rows.ts';
import { UNIT_RECORD, type JobRows, type ScanPart, type SearchJob } from '../scan/scan-job.ts';

/** Jobs that are timed. The quickest counts: whatever else the machine does makes the others slower. */
const JOBS = 15;

/** A hand-over that takes longer waited for other searches, as all jobs of a search would. */
const MAX_HAND_OVER_MS = 0.5;

/** Units of one row each whose time says what a unit takes. */
const TINY_UNITS = 512;

/** Times what the planner reckons with: a job about nothing, one about all rows, and one about next to no rows in many units. */
export async function measureCosts(index: IndexRows): Promise<void> {
  const { parts, table, stride, reclaimer } = index;
  if (parts.costs.isGiven || table.isDropped) return;
  const serial = reclaimer.begin();
  try {
    const rows = describeRows(table.chunksOf(), stride, undefined);
    const tiny = tinyUnits(rows);
    const times: { readonly whole: number; readonly all: number; readonly tiny: number }[] = [];
    for (let i = 0; i < JOBS; i += 1) {
      const began = performance.now();
      await workMs(index, withUnits(rows, new Uint32Array(0)));
      times.push({
        whole: performance.now() - began,
        all: await workMs(index, withUnits(rows, rows.units)),
        tiny: await workMs(index, withUnits(rows, tiny)),
      });
    }
    const megabytes = (table.chunksOf().reduce((sum, { count }) => sum + count, 0) * stride) / 1e6;
    parts.costs.note({
      handOverMs: Math.min(MAX_HAND_OVER_MS, ...times.map(({ whole }) => whole)),
      megabyteMs: Math.min(...times.map(({ all }) => all)) / megabytes,
      unitMs: (Math.min(...times.map(({ tiny }) => tiny)) * UNIT_RECORD.length) / tiny.length,
    });
  } finally {
    reclaimer.end(serial);
  }
}

/** The first row of units, one after the other and over again. */
function tinyUnits({ units }: JobRows): Uint32Array {
  const tiny = new Uint32Array(TINY_UNITS * UNIT_RECORD.length);
  for (let at = 0; at < tiny.length; at += UNIT_RECORD.length) {
    const from = at % units.length;
    tiny.set(units.subarray(from, from + UNIT_RECORD.to), at);
    tiny[at + UNIT_RECORD.to] = (units[from + UNIT_RECORD.from] ?? 0) + 1;
  }
  return tiny;
}

/** Of the slowest worker, in the worker itself: what waited before is not counted. */
async function workMs({ parts, stride }: IndexRows, rows: JobRows): Promise<number> {
  const found = await parts.pool.run(compareAll(rows, stride), parts.pool.size);
  return Math.max(0, ...found.map(partMs));
}

function partMs(part: ScanPart): number {
  if (part.kind !== 'search') return 0;
  const { filterMs, scanMs, rerankMs } = part.stages;
  return filterMs + scanMs + rerankMs;
}

function compareAll(rows: JobRows, stride: number): SearchJob {
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
