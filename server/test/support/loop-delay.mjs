/**
 * Loaded into a server (`node --import`): on SIGUSR2 writes the event loop's delays since the last time,
 * in milliseconds, to the file that LOOP_DELAY_FILE names.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS = 1e6;
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  const told = { p99: delay.percentile(99) / NANOSECONDS, max: delay.max / NANOSECONDS };
  writeFileSync(process.env.LOOP_DELAY_FILE, JSON.stringify(told));
  delay.reset();
});
