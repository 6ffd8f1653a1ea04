import { performance } from 'node:perf_hooks';

import { UNIT_ROWS } from '../limits.ts';
import type { ArenaView } from '../memory/arena-views.ts';
import { arenaOf, offsetOf } from '../memory/arenas.ts';
import { blockOffsets } from '../memory/row-block.ts';

import { firstRow, JobReader, type Unit } from './job-reader.ts';
import type { JobRows, SearchJob, SearchPart, SharedSearchJob } from './scan-job.ts';
import { SCRATCH } from './scratch.ts';
import { UnitSearch, type Block } from './unit-search.ts';
import type { Workbench } from './workbench.ts';

/**
 * Rows scanned before the first look at what they brought. From look to look they double, up to a
 * unit: the bar rises early, and once it is high a look brings little.
 */
const FIRST_LOOK_ROWS = 64;

/** No more at once where several searches scan them: what the first reads stays in the processor's cache for the others. */
const MAX_SHARED_BYTES = 256 * 1024;

/**
 * Searches a job's units: filter, then the coarse plane of the rows that passed, then, of those
 * that may be good enough by the coarse plane and its bound, the residual plane. What it answers is
 * exact for the stored integers.
 */
export function searchUnits(job: SearchJob, bench: Workbench): SearchPart {
  const search = new UnitSearch(job, bench);
  runAll(job.rows, bench, [search]);
  return search.part();
}

/** The same for several searches: rows are read from memory once for all of them. */
export function searchTogether(
  { rows, searches }: SharedSearchJob,
  bench: Workbench,
): readonly SearchPart[] {
  const all = searches.map((job) => new UnitSearch({ ...job, rows }, bench));
  runAll(rows, bench, all);
  return all.map((search) => search.part());
}

function runAll(rows: JobRows, bench: Workbench, searches: readonly UnitSearch[]): void {
  const reader = new JobReader(rows, bench);
  const maxRows =
    searches.length === 1
      ? UNIT_ROWS
      : Math.min(UNIT_ROWS, Math.ceil(MAX_SHARED_BYTES / rows.stride));
  /** Whose query is in the scratch of each memory. */
  const owners = new Map<ArenaView, UnitSearch>();
  let lookRows = Math.min(FIRST_LOOK_ROWS, maxRows);
  let block: Block | undefined;
  let now = performance.now();
  for (const unit of reader.units()) {
    const words = reader.matching(unit);
    block = openBlock(unit, rows.stride, { bench, last: block });
    const count = listRows(block, words, { from: firstRow(unit), scratch: bench.scratch });
    if (count === 0) continue;
    for (const search of searches) now = search.begin(block, count, now);
    for (let from = 0; from < count;) {
      const part = { from, count: Math.min(lookRows, count - from) };
      for (const search of searches) {
        if (owners.get(block.view) !== search) search.writeQuery(block);
        owners.set(block.view, search);
        now = search.scan(block, part, now);
      }
      lookRows = Math.min(2 * lookRows, maxRows);
      from += part.count;
    }
  }
}

/** `last`: that of the last unit, which the next is often in. */
function openBlock(
  { blockAt, capacity, firstId }: Unit,
  stride: number,
  { bench, last }: { readonly bench: Workbench; readonly last: Block | undefined },
): Block {
  const start = offsetOf(blockAt);
  if (last?.coarse === start && last.firstId === firstId) return last;
  const arena = arenaOf(blockAt);
  const offsets = blockOffsets(capacity, stride);
  return {
    view: bench.views.arena(arena),
    kernel: bench.kernel(arena),
    coarse: start,
    residual: start + offsets.residual,
    norms: start + offsets.norms,
    slacks: start + offsets.slacks,
    groups: start + offsets.groups,
    firstId,
  };
}

/** Writes the numbers of the rows that have a bit to the scratch. */
function listRows(
  { view, kernel }: Block,
  words: Uint32Array,
  { from, scratch }: { readonly from: number; readonly scratch: number },
): number {
  view.u32.set(words, (scratch + SCRATCH.words) / 4);
  return kernel.list(scratch + SCRATCH.words, words.length, from, scratch + SCRATCH.list);
}
