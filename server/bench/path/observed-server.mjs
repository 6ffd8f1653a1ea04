/**
 * Loaded into a server (`node --import`): on SIGUSR2 collects garbage and writes the event loop's delays since the last time,
 * in milliseconds, and its memory, in bytes, to the file that OBSERVATION_FILE names.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const NANOSECONDS = 1e6;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('SIGUSR2', () => {
  const [p50, p99] = [50, 99].map((share) => delay.percentile(share) / NANOSECONDS);
  const loop = { p50, p99, max: delay.max / NANOSECONDS };
  collect();
  const file = process.env.OBSERVATION_FILE;
  writeFileSync(`${file}.part`, JSON.stringify({ loop, ...process.memoryUsage() }));
  renameSync(`${file}.part`, file);
  delay.reset();
});
