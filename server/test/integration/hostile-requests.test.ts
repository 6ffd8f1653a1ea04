import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ERROR_CODES } from '@likeness/shared/errors';

import { makeHostileRequest, type HostileRequest } from '../support/hostile-requests.ts';
import { launchServerOn, type LaunchedServer } from '../support/launched-server.ts';
import { Random } from '../support/random-rows.ts';
import { callAction } from '../support/signed-call.ts';
import { until } from '../support/until.ts';

const IS_PROOF = process.env['LIKENESS_PROVE'] !== undefined;
const REQUESTS = IS_PROOF ? 100_000 : 1000;
const SEED = Number(process.env['LIKENESS_SEED'] ?? 6);
const AT_ONCE = 16;
const MEMORY_PROBE = fileURLToPath(new URL('../support/memory-in-use.mjs', import.meta.url));
/** After this many the memory is taken for what it is. */
const WARM_UP = REQUESTS / 4;
const MAX_GROWTH = 1.1;
/** A sender that is cut off by the server's own time limits takes 10 s. */
const MAX_ANSWER_MS = 15_000;
/** 5xx that the documents know. */
const DOCUMENTED_5XX = /^(?:ServiceUnavailable|UnsupportedInstanceType|UnsupportedOperationType)$/u;
const TIMEOUT_MS = IS_PROOF ? 7_200_000 : 120_000;

let folder: string;
let memoryFile: string;
let server: LaunchedServer;
let port: number;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-hostile-'));
  const dataDir = join(folder, 'data');
  memoryFile = join(folder, 'memory.json');
  const environment = {
    LIKENESS_LOG_LEVEL: 'fatal',
    MEMORY_FILE: memoryFile,
    NODE_OPTIONS: `--import ${MEMORY_PROBE}`,
  };
  server = await launchServerOn(dataDir, { environment });
  port = Number(new URL(server.endpoint).port);
  ca = await readFile(join(dataDir, 'tls', 'ca.pem'), 'utf8');
  const version = '2026-11-01';
  const form = { InstanceName: 'demo', ServiceType: 'generic' };
  await callAction(port, { action: 'CreateInstance', version, form });
}, TIMEOUT_MS);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

interface Memory {
  readonly bytes: number;
  readonly residentBytes: number;
}

/** What the server has in use, its garbage collected, and what is resident then. */
async function memoryInUse(): Promise<Memory> {
  await rm(memoryFile, { force: true });
  process.kill(server.pid, 'SIGUSR2');
  await until(() => existsSync(memoryFile) && statSync(memoryFile).size > 0);
  return JSON.parse(await readFile(memoryFile, 'utf8')) as Memory;
}

/** All that came back, and how long it took; a connection that hangs is cut, and told. */
async function play(hostile: HostileRequest): Promise<{ text: string; elapsedMs: number }> {
  const startedMs = performance.now();
  const options = { port, host: '127.0.0.1' };
  const socket: Socket = hostile.isTls ? connectTls({ ...options, ca }) : connect(options);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const piece of hostile.pieces) {
    if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece));
    else if (!socket.destroyed) socket.write(piece);
  }
  if (hostile.ending === 'leave') socket.destroy();
  if (hostile.ending === 'end') socket.end();
  const timer = setTimeout(() => socket.destroy(), MAX_ANSWER_MS);
  await closed;
  clearTimeout(timer);
  return {
    text: Buffer.concat(chunks).toString('latin1'),
    elapsedMs: performance.now() - startedMs,
  };
}

/** What is wrong with an answer; undefined for a documented one, or none. */
function faultOf(text: string): string | undefined {
  for (const [, status = ''] of text.matchAll(/^HTTP\/1\.1 (\d{3})/gmu)) {
    const [, code = ''] = /(?:"Code":"|<Code>)([^"<]*)/u.exec(text) ?? [];
    if (status < '400') continue;
    const isKnown = Object.hasOwn(ERROR_CODES, code) || /^(?:Missing|Invalid)\w/u.test(code);
    if (!isKnown && /\{|<Error>/u.test(text)) return `${status} with the code "${code}"`;
    if (status >= '500' && !DOCUMENTED_5XX.test(code)) return `${status} ${code}`;
  }
  return undefined;
}

test(
  'hostile requests of every kind are answered as documented, or cut off',
  async () => {
    const random = new Random(SEED);
    const faults: string[] = [];
    const kinds = new Map<string, number>();
    let [played, slowestMs] = [0, 0];
    let warm: Memory = { bytes: 0, residentBytes: 1 };
    const runOne = async (): Promise<void> => {
      while (played < REQUESTS && server.ending() === undefined) {
        played += 1;
        if (played === WARM_UP) warm = await memoryInUse();
        const hostile = makeHostileRequest(random, port);
        kinds.set(hostile.kind, (kinds.get(hostile.kind) ?? 0) + 1);
        const { text, elapsedMs } = await play(hostile);
        slowestMs = Math.max(slowestMs, elapsedMs);
        const fault = elapsedMs >= MAX_ANSWER_MS ? 'no end' : faultOf(text);
        if (fault !== undefined) faults.push(`${hostile.kind}: ${fault}: ${shown(hostile)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runOne));
    expect(server.ending()).toBeUndefined();
    // Of what the process is made of; nonces of a quarter of an hour are in it.
    const growth = 1 + ((await memoryInUse()).bytes - warm.bytes) / warm.residentBytes;
    console.log(
      `seed ${SEED}: ${REQUESTS} hostile requests, slowest ${Math.round(slowestMs)} ms, memory × ${growth.toFixed(2)} (bar ${MAX_GROWTH})`,
      Object.fromEntries(kinds),
    );
    expect(faults.slice(0, 5)).toEqual([]);
    if (IS_PROOF) expect(growth).toBeLessThan(MAX_GROWTH);
    const detail = await callAction(port, { action: 'Detail', form: { InstanceName: 'demo' } });
    expect(detail.status).toBe(200);
  },
  TIMEOUT_MS,
);

function shown({ pieces }: HostileRequest): string {
  const first = pieces.find((piece) => typeof piece !== 'number') ?? '';
  return JSON.stringify(first.toString().slice(0, 600));
}
