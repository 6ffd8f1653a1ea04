import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server in its own process, as an operator starts it: from the built launcher, with a data folder of its own. */
export interface LaunchedServer {
  readonly endpoint: string;
  readonly dataDir: string;
  /** What a client program finds in its environment. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** Asks it to finish, waits until it has, and removes the data folder. */
  stop(): Promise<void>;
}

const KEY = { LIKENESS_ACCESS_KEY_ID: 'test-root', LIKENESS_ACCESS_KEY_SECRET: 'test-secret' };
const LAUNCHER = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));

/** @param launcher the one of this checkout, unless another is named. */
export async function launchServer(launcher: string = LAUNCHER): Promise<LaunchedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-server-'));
  const server = spawn(process.execPath, [launcher, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...KEY,
      LIKENESS_PORT: '0',
      LIKENESS_DATA_DIR: dataDir,
      LIKENESS_WORKERS: '1',
      LIKENESS_LOG_LEVEL: 'error',
    },
  });
  const said: string[] = [];
  const exited = once(server, 'exit');
  const endpoint = await new Promise<string>((resolve, reject) => {
    const hear = (line: string) => {
      said.push(line);
      const [, url] = /listening on (https?:\/\/\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url.replace(/\/$/, ''));
    };
    createInterface({ input: server.stdout }).on('line', hear);
    createInterface({ input: server.stderr }).on('line', hear);
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`the server ended with code ${code}:\n${said.join('\n')}`));
    });
  });
  return {
    endpoint,
    dataDir,
    clientEnvironment: { ...KEY, LIKENESS_ENDPOINT: endpoint },
    stop: async () => {
      server.kill('SIGTERM');
      await exited;
      await rm(dataDir, { recursive: true });
    },
  };
}
