/** Asks a server that was started with `observed-server.mjs` how it fares. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 500;
const PAUSE_MS = 20;

/**
 * @param {{ folder: string, server: { pid: number } }} bench
 * @returns {Promise<{ loop: { p50: number, p99: number, max: number } } & NodeJS.MemoryUsage>} delays since the last time, bytes in use
 */
export async function observe({ folder, server }) {
  const file = join(folder, 'observation.json');
  await rm(file, { force: true });
  process.kill(server.pid, 'SIGUSR2');
  for (let tries = 0; tries < TRIES; tries += 1) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text);
    await sleep(PAUSE_MS);
  }
  throw new Error('the server tells nothing');
}
