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
  /** Its process. */
  readonly pid: number;
  /** How it ended, and what it said last; undefined while it runs. */
  readonly ending: () => string | undefined;
  /** What a client program finds in its environment. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** Asks it to finish, and waits until it has; removes the data folder that was made for it. */
  stop(): Promise<void>;
}

interface LaunchOptions {
  readonly launcher?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A program that runs it, with its arguments. */
  readonly under?: readonly string[];
}

/** Of what it said, in an error. */
const LAST_LINES = 50;

const KEY = { LIKENESS_ACCESS_KEY_ID: 'test-root', LIKENESS_ACCESS_KEY_SECRET: 'test-secret' };
const LAUNCHER = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));

/** @param launcher the one of this checkout, unless another is named. */
export async function launchServer(launcher: string = LAUNCHER): Promise<LaunchedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'likeness-server-'));
  const server = await launchServerOn(dataDir, { launcher });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** The same over a folder that is kept; `kill` ends it at once. */
export async function launchServerOn(
  dataDir: string,
  { launcher = LAUNCHER, environment = {}, under = [] }: LaunchOptions = {},
): Promise<LaunchedServer & { kill(): Promise<void> }> {
  const [command, ...args] = [...under, process.execPath, launcher, 'serve'];
  const server = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what runs the server ends with it.
    detached: under.length > 0,
    env: {
      ...process.env,
      ...KEY,
      LIKENESS_PORT: '0',
      LIKENESS_DATA_DIR: dataDir,
      LIKENESS_WORKERS: '1',
      LIKENESS_LOG_LEVEL: 'error',
      ...environment,
    },
  });
  const said: string[] = [];
  let ending: string | undefined;
  server.once('exit', (code, signal) => {
    ending = `the server ended with ${signal ?? `code ${code}`}:\n${said.slice(-LAST_LINES).join('\n')}`;
  });
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
    server.once('exit', () => reject(new Error(ending)));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (under.length === 0) server.kill(signal);
    else endGroup(server.pid, signal);
    await exited;
  };
  return {
    endpoint,
    dataDir,
    pid: server.pid ?? 0,
    ending: () => ending,
    clientEnvironment: { ...KEY, LIKENESS_ENDPOINT: endpoint },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // It ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
