/** A Likeness server of a measurement's own, started as users start it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { ImageSearchClient } from '@likeness/sdk';

/** Patience on a machine that has other work. */
const TIMEOUT_MS = 60_000;
const RETRY = { maxTries: 6, firstDelayMs: 200 };

/**
 * Starts `likeness serve` on a free port.
 *
 * @param {string} serverFolder holds `bin/likeness.js`, built
 * @param {string} [folder] of the data; a temporary one that `stop` removes if absent
 * @param {Readonly<Record<string, string>>} [environment] beside what it finds here
 * @returns {Promise<{
 *   client: ImageSearchClient,
 *   endpoint: string,
 *   pid: number,
 *   key: { readonly accessKeyId: string, readonly accessKeySecret: string },
 *   stop: () => Promise<void>,
 * }>}
 * @throws {Error} with what the server said, where it ends before it listens
 */
export async function launchServer(serverFolder, folder, environment = {}) {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'likeness-evaluate-')));
  const accessKeyId = 'likeness';
  const accessKeySecret = randomBytes(15).toString('base64url');
  const child = spawn(process.execPath, [join(serverFolder, 'bin', 'likeness.js'), 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LIKENESS_HOST: '127.0.0.1',
      LIKENESS_PORT: '0',
      LIKENESS_DATA_DIR: dataDir,
      LIKENESS_ACCESS_KEY_ID: accessKeyId,
      LIKENESS_ACCESS_KEY_SECRET: accessKeySecret,
      LIKENESS_LOG_LEVEL: 'error',
      ...environment,
    },
  });
  const exited = once(child, 'exit');
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const stop = async () => {
    end();
    await exited;
    process.off('exit', end);
    if (folder === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const endpoint = await listeningUrl(child);
    const patience = { timeoutMs: TIMEOUT_MS, retry: RETRY };
    return {
      client: new ImageSearchClient({ endpoint, accessKeyId, accessKeySecret, ...patience }),
      endpoint,
      pid: child.pid,
      key: { accessKeyId, accessKeySecret },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningUrl(child) {
  return new Promise((resolve, reject) => {
    const said = [];
    const hear = (line) => {
      said.push(line);
      const url = /^listening on (\S+?)\/?$/u.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', hear);
    }
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the server did not start:\n${said.join('\n')}`)));
  });
}
