import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { launchServerOn } from '../support/launched-server.ts';
import { talk } from '../support/raw-socket.ts';
import { residentBytes } from '../support/resident-bytes.ts';
import { callAction } from '../support/signed-call.ts';
import { drawTexture } from '../support/textured-picture.ts';
import { addressOf, askTicket, fieldsOf, formOf, upload } from '../support/upload-forms.ts';

const IS_PROOF = process.env['LIKENESS_PROVE'] !== undefined;
const UPLOADS = IS_PROOF ? 2000 : 40;
const CLIENTS = 8;
/** After which memory is no longer that of a server that has just started. */
const WARM_UP = UPLOADS / 10;
/** One upload in so many is large, and one is used. */
const EVERY = 10;
const SMALL_BYTES = 200_000;
const LARGE_BYTES = 4 * 1024 * 1024;
const MAX_GROWTH = 1.25;
const TIMEOUT_MS = 900_000;
const HOUR_MS = 3_600_000;

type Server = Awaited<ReturnType<typeof launchServerOn>>;

const supportFile = (name: string): string =>
  fileURLToPath(new URL(`../support/${name}`, import.meta.url));

let folder: string;
let picture: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-upload-load-'));
  picture = await drawTexture(1);
});
afterAll(() => rm(folder, { recursive: true }));

const start = (aheadMs: number): Promise<Server> =>
  launchServerOn(join(folder, 'data'), {
    environment: {
      LIKENESS_UPLOAD_MB: '8192',
      LOOP_DELAY_FILE: join(folder, 'delay.json'),
      CLOCK_AHEAD_MS: String(aheadMs),
      NODE_OPTIONS: ['clock-ahead.mjs', 'loop-delay.mjs']
        .map((name) => `--import ${supportFile(name)}`)
        .join(' '),
    },
  });
const portOf = ({ endpoint }: Server): number => Number(new URL(endpoint).port);
const files = (): Promise<readonly string[]> => readdir(join(folder, 'data', 'uploads'));

const isArriving = async (): Promise<boolean> =>
  (await files()).some((name) => name.endsWith('.part'));

async function loopDelay({ pid }: Server): Promise<{ readonly p99: number; readonly max: number }> {
  process.kill(pid, 'SIGUSR2');
  await sleep(300);
  return JSON.parse(await readFile(join(folder, 'delay.json'), 'utf8')) as never;
}

/** By an address, or by the picture itself. */
async function search(port: number, picContent: string): Promise<unknown> {
  const form = { InstanceName: 'demo', PicContent: picContent };
  const { status, json } = await callAction(port, { action: 'SearchImageByPic', form });
  return status === 200 ? 'ok' : json['Code'];
}

/** The `i`th upload, used if its turn has come: how it ended. */
async function uploadOne(port: number, i: number): Promise<unknown> {
  const isLarge = i % EVERY === 1;
  const bytes = i % EVERY === 0 ? picture : randomBytes(isLarge ? LARGE_BYTES : SMALL_BYTES);
  const ticket = await askTicket(port);
  const { status, text } = await upload(port, ticket, bytes);
  if (status !== 201) return text;
  return i % EVERY === 0 ? search(port, addressOf(ticket)) : 'ok';
}

test(
  'uploads while searches go on: memory stays, and nothing is left after a kill and their time',
  async () => {
    const server = await start(0);
    const port = portOf(server);
    const instance = { InstanceName: 'demo', ServiceType: 'generic' };
    await callAction(port, { action: 'CreateInstance', version: '2026-11-01', form: instance });
    const [uploaded, searched]: [unknown[], unknown[]] = [[], []];
    let [next, warmBytes] = [0, 0];
    const uploader = async (): Promise<void> => {
      while (next < UPLOADS) {
        const i = next++;
        if (i === WARM_UP) {
          warmBytes = await residentBytes(server.pid);
          await loopDelay(server);
        }
        uploaded.push(await uploadOne(port, i));
      }
    };
    const searcher = async (): Promise<void> => {
      while (uploaded.length < UPLOADS)
        searched.push(await search(port, picture.toString('base64')));
    };
    const startedMs = performance.now();
    await Promise.all([...Array.from({ length: CLIENTS }, uploader), searcher()]);
    const seconds = (performance.now() - startedMs) / 1000;
    const { p99, max } = await loopDelay(server);
    const growth = (await residentBytes(server.pid)) / warmBytes;
    console.log(
      `${UPLOADS} uploads by ${CLIENTS} clients and ${searched.length} searches in ${seconds.toFixed(1)} s: memory × ` +
        `${growth.toFixed(2)} (bar ${MAX_GROWTH}), event loop p99 ${p99.toFixed(1)} ms (bar 20), longest ${max.toFixed(1)} ms`,
    );
    const refused = [...uploaded, ...searched].filter((each) => each !== 'ok');
    expect(refused.filter((each) => each !== 'ServiceUnavailable')).toEqual([]);
    expect(uploaded).toContain('ok');
    expect(await files()).toHaveLength(UPLOADS);
    if (IS_PROOF) expect(growth).toBeLessThan(MAX_GROWTH);

    const whole = (await files()).length;
    await killWhileUploading(server);
    const again = await start(0);
    expect(await files()).toHaveLength(whole);
    await again.kill();
    const anHourLater = await start(HOUR_MS + 1000);
    expect(await files()).toEqual([]);
    await anHourLater.stop();
  },
  TIMEOUT_MS,
);

/** Kills it when it holds an upload that has not come whole. */
async function killWhileUploading(server: Server): Promise<void> {
  const port = portOf(server);
  const form = formOf(fieldsOf(await askTicket(port), randomBytes(LARGE_BYTES)));
  const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=boundary0123456789ab\r\ncontent-length: ${form.length}\r\n\r\n`;
  const cut = talk(port, [head, form.subarray(0, form.length / 2)]);
  for (let tries = 0; tries < 500 && !(await isArriving()); tries += 1) await sleep(20);
  expect(await isArriving()).toBe(true);
  await server.kill();
  await cut;
}
