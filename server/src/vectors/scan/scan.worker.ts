/**
 * A scan worker: answers jobs about rows in the memories it shares with the main thread, one after
 * the other. It keeps no state between them but the memories.
 */
import { setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

import { assignCells } from '../cells/assign-cells.ts';
import { trainCentroids } from '../cells/train-centroids.ts';
import { hasBit } from '../filter/filter-plan.ts';
import { loadKernel } from '../kernel/kernel.ts';
import type { SharedMemory } from '../kernel/web-assembly.ts';
import { arenaOf, offsetOf } from '../memory/arenas.ts';
import { loadSections } from '../snapshot/load-sections.ts';

import { JobReader, matchUnits } from './job-reader.ts';
import type { FromWorker, ReadJob, ReadPart, ScanPart, WorkerJob } from './scan-job.ts';
import type { ToWorker } from './scan-job.ts';
import { searchTogether, searchUnits } from './search-units.ts';
import { createWorkbench } from './workbench.ts';

const port = parentPort;
if (port === null) throw new Error('a scan worker runs as a thread');

const { place, niceness } = workerData as { readonly place: number; readonly niceness: number };
// On Linux a priority is a thread's own. Where it is the process's it stays.
if (niceness > 0 && process.platform === 'linux') setPriority(niceness);
const module = loadKernel();
const memories: SharedMemory[] = [];
const bench = createWorkbench(module, memories, place);

port.on('message', (message: ToWorker) => {
  if (message.kind === 'arena') memories.push(message.memory);
  else port.postMessage(answer(message.ticket, message.job));
});

function answer(ticket: number, job: WorkerJob): FromWorker {
  try {
    bench.views.refresh();
    return { kind: 'done', ticket, part: perform(job) };
  } catch (error) {
    return { kind: 'failed', ticket, message: String(error) };
  }
}

function perform(job: WorkerJob): ScanPart {
  switch (job.kind) {
    case 'search':
      return searchUnits(job, bench);
    case 'shared':
      return { kind: 'shared', parts: searchTogether(job, bench) };
    case 'match':
      return { kind: 'match', found: matchUnits(job.rows, bench) };
    case 'train':
      return trainCentroids(job, bench, module);
    case 'assign':
      return assignCells(job, bench, module);
    case 'read':
      return readUnits(job);
    case 'load':
      loadSections(job);
      return { kind: 'load' };
  }
}

/** Reads each run of matching rows at once; the time to find them is not counted. */
function readUnits({ rows }: ReadJob): ReadPart {
  const reader = new JobReader(rows, bench);
  let [bytes, ms] = [0, 0];
  for (const unit of reader.units()) {
    const kernel = bench.kernel(arenaOf(unit.blockAt));
    const runs = runsOf(reader.matching(unit), unit.to - unit.from);
    const start = offsetOf(unit.blockAt) + unit.from * rows.stride;
    const began = performance.now();
    for (const { from, to } of runs) {
      kernel.read(start + from * rows.stride, (to - from) * rows.stride);
      bytes += (to - from) * rows.stride;
    }
    ms += performance.now() - began;
  }
  return { kind: 'read', bytes, ms };
}

function runsOf(
  words: Uint32Array,
  rows: number,
): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let row = 0; row < rows; row += 1) {
    if (!hasBit(words, row)) continue;
    const last = runs.at(-1);
    if (last?.to === row) last.to = row + 1;
    else runs.push({ from: row, to: row + 1 });
  }
  return runs;
}
