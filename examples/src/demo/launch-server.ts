import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Likeness server of the demo's own. */
export interface DemoServer {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Lets it finish, and removes its data folder. */
  stop(): Promise<void>;
}

const LAUNCHER = fileURLToPath(new URL('../../../server/bin/likeness.js', import.meta.url));

/**
 * Starts `likeness serve` as users do: in a process of its own, on a free port, with a temporary data folder.
 *
 * @throws {Error} with what the server said, where it ends before it listens
 */
export async function launchServer(): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-demo-data-'));
  const accessKeyId = 'demo';
  const accessKeySecret = randomBytes(15).toString('base64url');
  const child = spawn(process.execPath, [LAUNCHER, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LIKENESS_HOST: '127.0.0.1',
      LIKENESS_PORT: '0',
      LIKENESS_DATA_DIR: dataDir,
      LIKENESS_ACCESS_KEY_ID: accessKeyId,
      LIKENESS_ACCESS_KEY_SECRET: accessKeySecret,
      LIKENESS_LOG_LEVEL: 'error',
    },
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    return { endpoint: await listeningUrl(child), accessKeyId, accessKeySecret, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const hear = (line: string): void => {
      said.push(line);
      const url = /^listening on (\S+?)\/?$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', hear);
    }
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`the server did not start:\n${said.join('\n')}`));
    });
  });
}
