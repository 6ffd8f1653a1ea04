/**
 * Times whole signed requests over a socket beside decode and inference alone and beside a `node:http` echo of the same bodies; the event
 * loop while large bodies arrive; memory over many mixed requests.
 *
 *     npm run bench:http -- [--images 100000] [--rounds 5] [--requests 60] [--seconds 20] [--mixed 200000] [--only latency,loop,memory]
 *
 * Needs no network, and Linux for the processor's time. Requests are signed before each step by the client, a process of its own, whose processor
 * time is told and taken off.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { measureLatency } from './path/latency.mjs';
import { measureLoop } from './path/loop.mjs';
import { measureMemory } from './path/mixed.mjs';
import { openBench } from './path/bench-server.mjs';
import { describeMachine } from './path/report.mjs';

const { values: args } = parseArgs({
  options: {
    images: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '20' },
    mixed: { type: 'string', default: '200000' },
    workers: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string', default: 'latency,loop,memory' },
  },
});
const only = new Set(args.only.split(','));
const number = (name) => Number(args[name]);

console.log(`${describeMachine()}; ${args.workers} vision processes\n`);
const bench = await openBench({ images: number('images'), environment });
try {
  const { images, rounds, requests } = {
    ...args,
    rounds: number('rounds'),
    requests: number('requests'),
  };
  if (only.has('latency')) await measureLatency(bench, { images, rounds, requests });
  if (only.has('loop')) await measureLoop(bench, { seconds: number('seconds') });
  if (only.has('memory')) await measureMemory(bench, { requests: number('mixed') });
} finally {
  await bench.close();
}

/** The server tells its event loop's delays and its memory when it is asked to. */
function environment(folder) {
  const observer = fileURLToPath(new URL('path/observed-server.mjs', import.meta.url));
  return {
    LIKENESS_WORKERS: args.workers,
    OBSERVATION_FILE: join(folder, 'observation.json'),
    NODE_OPTIONS: `--import ${observer}`,
  };
}
