import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { talk } from '../support/raw-socket.ts';
import { acs3Request, callAction, send, type SignedCall } from '../support/signed-call.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));
const LIST: SignedCall = { action: 'ListInstances', version: '2026-11-01' };
const KEY_VARIABLES = {
  LIKENESS_ACCESS_KEY_ID: 'test-root',
  LIKENESS_ACCESS_KEY_SECRET: 'test-secret',
};

interface Run {
  readonly process: ChildProcess;
  readonly port: number;
  readonly stdout: () => string;
}

let parent: string;
let dataDir: string;
let running: ChildProcess[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'likeness-serve-'));
  dataDir = join(parent, 'data');
  running = [];
});
afterEach(async () => {
  for (const each of running) {
    if (each.exitCode === null && each.signalCode === null) {
      each.kill('SIGKILL');
      await once(each, 'exit');
    }
  }
  await rm(parent, { recursive: true });
});

function launch(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  standardError: 'pipe' | number = 'pipe',
) {
  const settings = { LIKENESS_PORT: '0', LIKENESS_DATA_DIR: dataDir, LIKENESS_WORKERS: '1' };
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: ['ignore', 'pipe', standardError],
    env: { PATH: process.env['PATH'], ...settings, LIKENESS_LOG_LEVEL: 'warn', ...variables },
  });
  const heard = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text: Buffer) => (heard.stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (heard.stderr += text.toString()));
  running.push(child);
  return { child, heard };
}

/** Starts a server, and resolves when it says that it listens. */
async function serve(
  variables: Readonly<Record<string, string>> = KEY_VARIABLES,
  standardError?: number,
): Promise<Run> {
  const { child, heard } = launch(['serve'], variables, standardError);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${heard.stderr}`)));
    child.stdout?.on('data', () => {
      const port = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/mu.exec(heard.stdout)?.[1];
      if (port !== undefined) {
        resolve({ process: child, port: Number(port), stdout: () => heard.stdout });
      }
    });
  });
}

async function finished(args: readonly string[], variables?: Readonly<Record<string, string>>) {
  const { child, heard } = launch(args, variables);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...heard };
}

async function stop({ process: child }: Run, signal: NodeJS.Signals): Promise<readonly unknown[]> {
  child.kill(signal);
  return once(child, 'exit');
}

describe('likeness serve', () => {
  test('makes a root key, shows it once, and keeps it for its owner', async () => {
    const first = await serve({});
    const secret = /LIKENESS_ACCESS_KEY_SECRET=(\S+)/u.exec(first.stdout())?.[1] ?? 'none';
    const accessKeyId = /LIKENESS_ACCESS_KEY_ID=(\S+)/u.exec(first.stdout())?.[1] ?? 'none';
    const key = { accessKeyId, accessKeySecret: secret };
    expect((await callAction(first.port, { ...LIST, key })).status).toBe(200);
    await stop(first, 'SIGTERM');
    const second = await serve({});
    expect(second.stdout()).toMatch(/^listening on /u);
    expect(second.stdout()).not.toContain('LIKENESS_ACCESS_KEY_SECRET');
    expect((await callAction(second.port, { ...LIST, key })).status).toBe(200);
    expect((await stat(join(dataDir, 'root-key.json'))).mode & 0o777).toBe(0o600);
    const endpoint = `http://127.0.0.1:${second.port}`;
    expect((await finished(['instances', 'list', '--endpoint', endpoint])).code).toBe(0);
    expect((await stat(join(dataDir, 'tls', 'ca-key.pem'))).mode & 0o777).toBe(0o600);
  });

  test('tells a second server on the same folder so', async () => {
    await serve();
    const { code, stderr } = await finished(['serve'], KEY_VARIABLES);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^another Likeness uses the folder .*\n$/u);
  });

  test('tells a port that is taken', async () => {
    const { port } = await serve();
    const other = await mkdtemp(join(tmpdir(), 'likeness-serve-'));
    const variables = { LIKENESS_PORT: String(port), LIKENESS_DATA_DIR: other };
    const { code, stderr } = await finished(['serve'], variables);
    await rm(other, { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toMatch(/EADDRINUSE.*another program listens there already\n$/u);
  });

  test('tells all that is wrong with its settings', async () => {
    const { code, stderr } = await finished(['serve', '--port', 'x'], { LIKENESS_WORKERS: '0' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('finishes what is in flight on %s', async (signal) => {
    const run = await serve();
    const wire = acs3Request(run.port, { ...LIST, rawBody: 'Num=1' });
    const lines = Object.entries(wire.headers).map(([name, value]) => `${name}: ${value}`);
    const head = ['POST / HTTP/1.1', ...lines, 'content-length: 5', '', ''].join('\r\n');
    const answer = talk(run.port, [`${head}Nu`, 1500, 'm=1']);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const exited = stop(run, signal);
    expect((await answer).status).toBe(200);
    expect((await answer).text).toMatch(/connection: close/iu);
    expect(await exited).toEqual([0, null]);
  });

  const FULL = '/dev/full';
  (existsSync(FULL) ? test : test.skip)(
    'goes on where nobody reads what it says, and its log cannot be written',
    async () => {
      const full = await open(FULL, 'w');
      const run = await serve({ ...KEY_VARIABLES, LIKENESS_LOG_LEVEL: 'debug' }, full.fd);
      run.process.stdout?.destroy();
      for (let round = 0; round < 3; round += 1) {
        expect((await callAction(run.port, LIST)).status).toBe(200);
      }
      expect(await stop(run, 'SIGTERM')).toEqual([0, null]);
      await full.close();
    },
  );

  test('refuses after kill -9 what it obeyed before', async () => {
    const first = await serve();
    const ahead = { ...LIST, nowMs: Date.now() + 60_000 };
    const wires = Array.from({ length: 20 }, () => acs3Request(first.port, ahead));
    for (const wire of wires) expect((await send(first.port, wire)).status).toBe(200);
    await stop(first, 'SIGKILL');
    const second = await serve();
    for (const wire of wires) {
      expect((await send(second.port, wire)).json['Code']).toBe('SignatureNonceUsed');
    }
    expect((await callAction(second.port, LIST)).status).toBe(200);
  });
});

describe('likeness tls', () => {
  test('shows a certificate that clients verify, and renews it under the same CA', async () => {
    const variables = { LIKENESS_TLS_NAMES: 'shop.example.com,10.1.2.3' };
    const shown = await finished(['tls', 'show'], variables);
    expect(shown.stdout).toContain('shop.example.com');
    const ca = await readFile(join(dataDir, 'tls', 'ca.pem'), 'utf8');
    const renewed = await finished(['tls', 'renew'], variables);
    expect(fingerprint(renewed.stdout)).not.toBe(fingerprint(shown.stdout));
    const { port } = await serve({ ...KEY_VARIABLES, ...variables });
    expect((await send(port, acs3Request(port, LIST), { ca })).status).toBe(200);
    const again = await finished(['tls', 'show'], variables);
    expect(fingerprint(again.stdout)).toBe(fingerprint(renewed.stdout));
  });
});

function fingerprint(shown: string): string | undefined {
  return /SHA-256 +(\S+)/u.exec(shown)?.[1];
}
