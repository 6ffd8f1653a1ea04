/**
 * A scan worker: answers jobs about rows in the memories it shares with the main thread, one after
 * the other. It keeps no state between them but the memories.
 */
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

import { bindKernel, loadKernel, type Kernel } from '../kernel/kernel.ts';
import type { SharedMemory } from '../kernel/web-assembly.ts';
import { ArenaViews } from '../memory/arena-views.ts';
import { arenaOf, offsetOf } from '../memory/arenas.ts';

import { JobReader, matchUnits } from './job-reader.ts';
import type { FromWorker, ReadJob, ReadPart, ScanJob, ScanPart } from './scan-job.ts';
import type { ToWorker } from './scan-job.ts';
import { SCRATCH_BYTES } from './scratch.ts';
import { searchUnits, type Workbench } from './search-units.ts';

const port = parentPort;
if (port === null) throw new Error('a scan worker runs as a thread');

const module = await loadKernel();
const memories: SharedMemory[] = [];
const kernels: Kernel[] = [];
const views = new ArenaViews(memories);
const bench: Workbench = {
  views,
  kernel: (arena) => (kernels[arena] ??= bindKernel(module, memoryOf(arena))),
  scratch: (workerData as { readonly place: number }).place * SCRATCH_BYTES,
};

port.on('message', (message: ToWorker) => {
  if (message.kind === 'arena') memories.push(message.memory);
  else port.postMessage(answer(message.ticket, message.job));
});

function answer(ticket: number, job: ScanJob): FromWorker {
  try {
    views.refresh();
    return { kind: 'done', ticket, part: perform(job) };
  } catch (error) {
    return { kind: 'failed', ticket, message: String(error) };
  }
}

function perform(job: ScanJob): ScanPart {
  switch (job.kind) {
    case 'search':
      return searchUnits(job, bench);
    case 'match':
      return { kind: 'match', units: matchUnits(job.rows, views) };
    case 'read':
      return readUnits(job);
  }
}

function readUnits({ rows }: ReadJob): ReadPart {
  const began = performance.now();
  let bytes = 0;
  for (const { blockAt, from, to } of new JobReader(rows, views).units()) {
    const length = (to - from) * rows.stride;
    bench.kernel(arenaOf(blockAt)).read(offsetOf(blockAt) + from * rows.stride, length);
    bytes += length;
  }
  return { kind: 'read', bytes, ms: performance.now() - began };
}

function memoryOf(arena: number): SharedMemory {
  const memory = memories[arena];
  if (memory === undefined) throw new RangeError('no such memory');
  return memory;
}
