/**
 * Loaded into a server (`node --import`): on SIGUSR2 collects garbage, and writes the bytes that are in use then, and
 * those that are resident, to the file that MEMORY_FILE names. What the system counts as resident goes up and down by a quarter with the
 * collector's leisure.
 */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const told = { bytes: heapUsed + external, residentBytes: rss };
  writeFileSync(process.env.MEMORY_FILE, JSON.stringify(told));
});
