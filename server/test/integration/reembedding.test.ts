import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';

import { launchServerOn } from '../support/launched-server.ts';
import { makeNetworkPack } from '../support/network-pack.ts';
import { drawTexture } from '../support/textured-picture.ts';

/** Three batches: enough to be killed between two of them. */
const PICTURES = 34;
/** Large enough that a batch takes a while to decode. */
const SIDE_PX = 640;
const POLL_MS = 5;

type Server = Awaited<ReturnType<typeof launchServerOn>>;

let dataDir: string;
let otherPack: string;
let running: Server | undefined;
const pictures = new Map<string, Uint8Array>();

async function start(
  environment: Readonly<Record<string, string>> = {},
): Promise<ImageSearchClient> {
  running = await launchServerOn(dataDir, { environment });
  const { endpoint, clientEnvironment } = running;
  return new ImageSearchClient({
    endpoint,
    accessKeyId: clientEnvironment['LIKENESS_ACCESS_KEY_ID'] ?? '',
    accessKeySecret: clientEnvironment['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
  });
}

async function statusOf(client: ImageSearchClient, instanceName: string) {
  const { instance } = await client.detail({ instanceName });
  return { status: instance.status, left: instance.unembeddedCount, total: instance.totalCount };
}

/** Polls until it is embedded so far, or ready. */
async function waitUntil(
  client: ImageSearchClient,
  isReached: (state: { readonly status: string; readonly left: number }) => boolean,
): Promise<void> {
  for (let state = await statusOf(client, 'shop'); !isReached(state);) {
    await sleep(POLL_MS);
    state = await statusOf(client, 'shop');
  }
}

/** Every `step`th picture is found first, with all that was told of it. */
async function expectFound(client: ImageSearchClient, step: number): Promise<void> {
  for (const [productId, picContent] of [...pictures].filter((_, i) => i < 2 || i % step === 0)) {
    const { auctions, head } = await client.searchImageByPic({
      instanceName: 'shop',
      picContent,
      crop: productId !== 'whole',
      ...(productId === 'part' && { region: PART }),
      num: 1,
    });
    expect([productId, head.docsFound, auctions[0]]).toMatchObject([
      productId,
      PICTURES,
      { productId, score: 1, customContent: `about ${productId}`, intAttr: productId.length },
    ]);
  }
}

const PART = { x1: 100, y1: 200, x2: 400, y2: 600 };

describe('a server that is started with another model pack', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'likeness-reembedding-'));
    otherPack = await makeNetworkPack();
    const client = await start();
    await client.createInstance({ instanceName: 'shop', serviceType: 'generic' });
    for (let i = 0; i < PICTURES; i += 1) {
      const productId = ['whole', 'part'][i] ?? `p${i}`;
      const picContent = await drawTexture(i + 1, SIDE_PX);
      pictures.set(productId, picContent);
      await client.addImage({
        instanceName: 'shop',
        productId,
        picName: 'front',
        picContent,
        customContent: `about ${productId}`,
        intAttr: productId.length,
        crop: productId !== 'whole',
        ...(productId === 'part' && { region: PART }),
      });
    }
    await running?.stop();
  });
  afterAll(async () => {
    await running?.stop();
    await rm(dataDir, { recursive: true });
    await rm(otherPack, { recursive: true });
  });

  test('refuses searches until every picture is embedded again, and answers rightly then', async () => {
    const client = await start({ LIKENESS_MODEL: otherPack });
    const [picContent] = pictures.values();
    const search = { instanceName: 'shop', picContent: picContent ?? new Uint8Array() };
    expect(await statusOf(client, 'shop')).toMatchObject({ status: 'embedding', total: PICTURES });
    await expect(client.searchImageByPic(search)).rejects.toMatchObject({
      code: 'InstanceStatusError',
      status: 409,
    });
    const { instances } = await client.listInstances();
    expect(instances).toMatchObject([{ instanceName: 'shop', status: 'embedding' }]);

    await waitUntil(client, ({ left }) => left < PICTURES);
    await running?.kill();
    const again = await start({ LIKENESS_MODEL: otherPack });
    const { left } = await statusOf(again, 'shop');
    expect(left).toBeLessThan(PICTURES);
    expect(left).toBeGreaterThan(0);
    await waitUntil(again, ({ status }) => status === 'ready');
    expect(await statusOf(again, 'shop')).toMatchObject({ left: 0, total: PICTURES });
    await expectFound(again, 1);
    await running?.stop();

    const later = await start({ LIKENESS_MODEL: otherPack });
    expect(await statusOf(later, 'shop')).toMatchObject({ status: 'ready' });
    await expectFound(later, 8);
    await running?.stop();
  });

  test('goes back to the first pack in the same way', async () => {
    const client = await start();
    expect(await statusOf(client, 'shop')).toMatchObject({ status: 'embedding' });
    await waitUntil(client, ({ status }) => status === 'ready');
    await expectFound(client, 8);
    await running?.stop();
  });
});

test('a folder that is no model pack is told in one line', async () => {
  const environment = { LIKENESS_MODEL: tmpdir() };
  const folder = await mkdtemp(join(tmpdir(), 'likeness-no-pack-'));
  const started = launchServerOn(folder, { environment });
  await expect(started).rejects.toThrow(/cannot read "pack.json" of the model pack in/);
  await expect(started).rejects.not.toThrow(/ at /);
  await rm(folder, { recursive: true });
});
