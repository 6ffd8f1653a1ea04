import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';
import sharp from 'sharp';

import { drawQuarters } from '../support/drawn-pictures.ts';
import { launchServerOn, type LaunchedServer } from '../support/launched-server.ts';
import { parseFigures } from '../support/observed-server.ts';

const SHOE = { instanceName: 'shoes', productId: 'p1', picName: 'front' };

let dataDir: string;
let server: LaunchedServer;
let client: ImageSearchClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-observed-'));
  server = await launchServerOn(dataDir);
  client = clientOf(server);
  await client.createInstance({ instanceName: 'shoes', serviceType: 'generic' });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});

function clientOf({ endpoint, clientEnvironment }: LaunchedServer): ImageSearchClient {
  return new ImageSearchClient({
    endpoint,
    accessKeyId: clientEnvironment['LIKENESS_ACCESS_KEY_ID'] ?? '',
    accessKeySecret: clientEnvironment['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
  });
}

async function figure(name: string): Promise<number | undefined> {
  const response = await fetch(new URL('/metrics', server.endpoint));
  return parseFigures(await response.text()).get(name);
}

test('a picture and its thumbnail are fetched by their addresses', async () => {
  const picContent = await drawQuarters(400).jpeg().toBuffer();
  await client.addImage({ ...SHOE, picContent });
  const { picture } = await client.getPicture(SHOE);
  const whole = await fetch(new URL(picture.url, server.endpoint));
  expect(whole.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await whole.arrayBuffer()).equals(picContent)).toBe(true);
  expect(picture).toMatchObject({ bytes: picContent.length, width: 400, height: 400 });
  const { auctions } = await client.searchImageByName({
    ...SHOE,
    thumbnailWidth: 100,
    rawScore: true,
  });
  expect(auctions[0]?.rawScore).toBe(1);
  const small = await fetch(new URL(auctions[0]?.thumbnailUrl ?? '', server.endpoint));
  const { format, width, height } = await sharp(await small.arrayBuffer()).metadata();
  expect({ format, width, height }).toEqual({ format: 'webp', width: 160, height: 160 });
});

test('a vision process that is killed is replaced, and counted', async () => {
  const { server: before } = await client.getServerInfo();
  expect(before.workers).toMatchObject({ ready: 1, restarts: 0 });
  const children = ['-o', 'pid=,args=', '--ppid', String(server.pid)];
  const listed = execFileSync('ps', children, { encoding: 'utf8' });
  const worker = listed.split('\n').find((line) => line.includes('vision.worker.js'));
  process.kill(Number.parseInt(worker ?? 'none', 10), 'SIGKILL');
  for (let tries = 0; tries < 200; tries += 1) {
    const isCounted = (await figure('likeness_worker_restarts_total')) === 1;
    if (isCounted && (await figure('likeness_vision_workers{state="ready"}')) === 1) break;
    await sleep(50);
  }
  expect((await client.getServerInfo()).server.workers).toMatchObject({ ready: 1, restarts: 1 });
});

test('usage outlives a stop', async () => {
  await client.checkImageExists(SHOE);
  await server.stop();
  server = await launchServerOn(dataDir);
  client = clientOf(server);
  const { usage } = await client.getUsage({ granularity: 'day', groupBy: 'Action' });
  expect(usage.find(({ action }) => action === 'CheckImageExists')).toMatchObject({ calls: 1 });
});
