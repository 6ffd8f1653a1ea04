import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { runProgram } from '../../../examples/test/support/run-program.ts';
import { launchServerOn, type LaunchedServer } from '../support/launched-server.ts';
import { acs3Request, callAction, send, type SignedCall } from '../support/signed-call.ts';
import { drawTexture } from '../support/textured-picture.ts';
import { until } from '../support/until.ts';

const IS_PROOF = process.env['LIKENESS_PROVE'] !== undefined;
const OVERLOAD_S = IS_PROOF ? 60 : 3;
const CALM_S = IS_PROOF ? 10 : 1;
const RECOVERY_MS = IS_PROOF ? 10_000 : 3000;
const IDLE = IS_PROOF ? 5000 : 60;
const SLOW = IS_PROOF ? 500 : 10;
/** Slow senders are cut off after 2 s, and come again. */
const SIEGE_S = IS_PROOF ? 20 : 1;
const BUSY_S = IS_PROOF ? 30 : 2;
const TIMEOUT_MS = 300_000;
/** The last where the machine does not get to read 5.9 MB within 5 s. */
const TOLD_UNDER_LOAD = new Set(['ok', 'ServiceUnavailable', 'TimeoutForTransferImage']);
/** Just under the 4 MiB that are accepted. */
const BIG_SIDE_PX = 1170;

const supportFile = (name: string): string =>
  fileURLToPath(new URL(`../support/${name}`, import.meta.url));

interface Outcome {
  readonly status: number;
  readonly code: unknown;
  readonly ms: number;
  readonly retryAfterMs: number;
}

let folder: string;
let server: LaunchedServer;
let port: number;
let search: SignedCall;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-load-'));
  const environment = {
    LOOP_DELAY_FILE: join(folder, 'delay.json'),
    NODE_OPTIONS: `--import ${supportFile('loop-delay.mjs')}`,
  };
  server = await launchServerOn(join(folder, 'data'), { environment });
  port = Number(new URL(server.endpoint).port);
  const picture = await drawTexture(1);
  await writeFile(join(folder, 'small.png'), picture);
  const version = '2026-11-01';
  await callAction(port, {
    action: 'CreateInstance',
    version,
    form: { InstanceName: 'demo', ServiceType: 'generic' },
  });
  const form = { InstanceName: 'demo', PicContent: picture.toString('base64') };
  const added = { ...form, ProductId: 'p', PicName: 'a' };
  expect((await callAction(port, { action: 'AddImage', form: added })).status).toBe(200);
  search = { action: 'SearchImageByPic', form };
}, TIMEOUT_MS);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

async function ask(agent: Agent): Promise<Outcome> {
  const wire = acs3Request(port, search);
  const startedMs = performance.now();
  const { status, json, headers } = await send(port, wire, { agent });
  const retryAfterMs = Number(headers['x-acs-retry-after'] ?? Number.NaN);
  return { status, code: json['Code'], ms: performance.now() - startedMs, retryAfterMs };
}

/** Two clients that ask again as soon as they are answered: what the server bears. */
async function askInTurn(seconds: number): Promise<readonly Outcome[]> {
  const agent = new Agent({ keepAlive: true });
  const outcomes: Outcome[] = [];
  const endMs = performance.now() + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) outcomes.push(await ask(agent));
  };
  await Promise.all([client(), client()]);
  agent.destroy();
  return outcomes;
}

/** So many a second, whatever becomes of them. */
async function askAtRate(perSecond: number, seconds: number): Promise<readonly Outcome[]> {
  const agent = new Agent({ keepAlive: true });
  const asked: Promise<Outcome>[] = [];
  const startedMs = performance.now();
  for (let i = 0; i < perSecond * seconds; i += 1) {
    await sleep(Math.max(0, startedMs + (i / perSecond) * 1000 - performance.now()));
    asked.push(ask(agent));
  }
  const outcomes = await Promise.all(asked);
  agent.destroy();
  return outcomes;
}

function percentile(outcomes: readonly { readonly ms: number }[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
}

/** Some are answered; a machine that is too slow for more says so, and nothing else. */
function expectService(outcomes: readonly Outcome[]): void {
  expect(outcomes.some(({ status }) => status === 200)).toBe(true);
  const others = outcomes.filter(({ status }) => status !== 200);
  expect(others.filter(({ code }) => code !== 'ServiceUnavailable')).toEqual([]);
}

test(
  'twice the load it bears: some are answered in time, the others refused at once',
  async () => {
    await askInTurn(CALM_S);
    const before = await askInTurn(CALM_S);
    const perSecond = (2 * before.length) / CALM_S;
    const outcomes = await askAtRate(perSecond, OVERLOAD_S);
    await sleep(RECOVERY_MS);
    const after = await askInTurn(CALM_S);
    const answered = outcomes.filter(({ status }) => status === 200);
    const refused = outcomes.filter(({ status }) => status !== 200);
    console.log(
      `${Math.round(perSecond)} searches a second for ${OVERLOAD_S} s: ${answered.length} answered, slowest ` +
        `${percentile(answered, 1)} ms (bar 3000); ${refused.length} refused, p99 ${percentile(refused, 0.99)} ms ` +
        `(bar 100); p95 ${percentile(before, 0.95)} ms before, ${percentile(after, 0.95)} ms after (bar × 1.2)`,
    );
    for (const { retryAfterMs } of refused) expect(retryAfterMs).toBeGreaterThan(0);
    expectService(outcomes);
    expectService(after);
  },
  TIMEOUT_MS,
);

test(
  'idle connections and slow senders keep nobody from being answered',
  async () => {
    const before = await askInTurn(SIEGE_S);
    const over = new AbortController();
    const sockets = new Set<Socket>();
    // Loopback addresses by turns: one alone may have 1,000 connections.
    const open = async (i: number): Promise<Socket> => {
      const localAddress = `127.0.1.${1 + (i % 20)}`;
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      sockets.add(socket);
      await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      return socket;
    };
    // After a request: one that never says anything is cut off after 10 s.
    const openIdle = async (i: number): Promise<void> => {
      const socket = await open(i);
      socket.write('GET /healthz HTTP/1.1\r\n\r\n');
      await once(socket, 'data');
    };
    for (let i = 0; i < IDLE; i += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, next) => openIdle(i + next)));
    }
    const drip = async (i: number): Promise<void> => {
      while (!over.signal.aborted) {
        const socket = await open(i);
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n');
        while (!over.signal.aborted && !socket.closed) {
          socket.write('x');
          await sleep(200);
        }
      }
    };
    const drips = Array.from({ length: SLOW }, (_, i) => drip(i));
    const during = await askInTurn(SIEGE_S);
    over.abort();
    const held = sockets.size;
    for (const socket of sockets) socket.destroy();
    await Promise.all(drips);
    console.log(
      `${IDLE} idle connections and ${SLOW} slow senders: p95 ${percentile(before, 0.95)} ms before, ` +
        `${percentile(during, 0.95)} ms with them (bar × 2)`,
    );
    expect(held).toBeGreaterThanOrEqual(IDLE);
    expectService(during);
  },
  TIMEOUT_MS,
);

test(
  'searches and large adds leave the event loop free',
  async () => {
    const noise = randomBytes(BIG_SIDE_PX * BIG_SIDE_PX * 3);
    const raw = { width: BIG_SIDE_PX, height: BIG_SIDE_PX, channels: 3 } as const;
    const big = await sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer();
    await writeFile(join(folder, 'big.png'), big);
    const delay = async (): Promise<{ p99: number; max: number }> => {
      const file = join(folder, 'delay.json');
      await rm(file, { force: true });
      process.kill(server.pid, 'SIGUSR2');
      await until(() => existsSync(file) && statSync(file).size > 0);
      return JSON.parse(await readFile(file, 'utf8')) as never;
    };
    await delay();
    const files = [join(folder, 'small.png'), join(folder, 'big.png')];
    const args = [supportFile('load-client.mjs'), server.endpoint, `${BUSY_S}`, '8', '2', ...files];
    const { output } = await runProgram('nice', ['-n', '10', process.execPath, ...args], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: server.clientEnvironment,
      timeLimitMs: TIMEOUT_MS,
    });
    const { p99, max } = await delay();
    const calls = JSON.parse(output) as Record<'search' | 'add', { ms: number; code: string }[]>;
    console.log(
      `event loop with 8 searching and 2 adding ${(big.length / 1e6).toFixed(1)} MB for ${BUSY_S} s: p99 ` +
        `${p99.toFixed(1)} ms (bar 20), longest ${max.toFixed(1)} ms; ${calls.search.length} searches, p95 ` +
        `${percentile(calls.search, 0.95)} ms, ${calls.add.length} adds, p95 ${percentile(calls.add, 0.95)} ms`,
    );
    const codes = new Set([...calls.search, ...calls.add].map(({ code }) => code));
    expect([...codes].filter((code) => !TOLD_UNDER_LOAD.has(code))).toEqual([]);
    expect(calls.search.some(({ code }) => code === 'ok')).toBe(true);
    expect(calls.add.some(({ code }) => code === 'ok')).toBe(true);
  },
  TIMEOUT_MS,
);
