import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
const MAX_WAIT_MS = 20_000;

/** Resolves when `isSo`, however slow the machine is; after 20 s in any case, for the test to say what is not so. */
export async function until(isSo: () => boolean | undefined): Promise<void> {
  const endMs = performance.now() + MAX_WAIT_MS;
  while (isSo() !== true && performance.now() < endMs) await sleep(POLL_MS);
}
