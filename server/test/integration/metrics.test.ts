import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { withFolder } from '../support/stored-catalog.ts';
import { TEST_KEY } from '../support/gateway-server.ts';
import {
  parseFigures,
  SHOP,
  startObserved,
  withObserved,
  type ObservedServer,
} from '../support/observed-server.ts';
import { callAction } from '../support/signed-call.ts';
import { tellPicture } from '../support/told-vision.ts';

const BEARER = `Bearer ${TEST_KEY.accessKeyId}:${TEST_KEY.accessKeySecret}`;
const RED = { vector: [1, 0, 0, 0] };

describe('GET /metrics', () => {
  test('counts exactly what was asked for, and tells what there is', async () => {
    await withServer(async (server) => {
      await server.administer('CreateInstance', SHOP);
      for (const name of ['a', 'b', 'c']) await server.addPicture(name, { ...RED, note: name });
      const byName = { InstanceName: 'shop', ProductId: 'p1', PicName: 'a', Filter: 'int_attr=0' };
      for (let i = 0; i < 4; i += 1)
        await server.call({ action: 'SearchImageByName', form: byName });
      const PicContent = Buffer.from(tellPicture(RED)).toString('base64');
      await server.call({ action: 'SearchImageByPic', form: { InstanceName: 'shop', PicContent } });
      await server.call({ action: 'SearchImageByName', form: { ...byName, InstanceName: 'no' } });
      const key = { ...TEST_KEY, accessKeySecret: 'wrong' };
      await server.call({ action: 'Detail', form: { InstanceName: 'shop' }, key });
      await server.call({ action: 'Nonsense' });
      const figures = await server.scrape((each) =>
        each.has(requests('none', 'InvalidAction.NotFound', '')),
      );
      const root = TEST_KEY.accessKeyId;
      expect(onlyRequests(figures)).toEqual({
        [requests('CreateInstance', 'OK', root)]: 1,
        [requests('AddImage', 'OK', root)]: 3,
        [requests('SearchImageByName', 'OK', root)]: 4,
        [requests('SearchImageByPic', 'OK', root)]: 1,
        [requests('SearchImageByName', 'InvalidInstance', root)]: 1,
        [requests('Detail', 'SignatureDoesNotMatch', '')]: 1,
        [requests('none', 'InvalidAction.NotFound', '')]: 1,
      });
      const stages = ['read', 'authenticate', 'decode', 'embed', 'plan', 'scan', 'write'].map(
        (stage) => figures.get(`likeness_stage_seconds_count{stage="${stage}"}`),
      );
      const [read = 0, ...others] = stages;
      expect(read).toBeGreaterThanOrEqual(12);
      expect(others).toEqual([11, 4, 4, 5, 5, 3]);
      expect(figures.get('likeness_request_seconds_count{action="AddImage"}')).toBe(3);
      expect(figures.get('likeness_images{facade="instance",name="shop"}')).toBe(3);
      expect(figures.get('likeness_stored_bytes{facade="instance",name="shop"}')).toBeGreaterThan(
        0,
      );
      expect(figures.get('likeness_queue_length{queue="vision_search"}')).toBe(0);
      expect(figures.get('likeness_queue_refusals_total{queue="vision_search"}')).toBe(0);
      expect(figures.get('likeness_damage{kind="record"}')).toBe(0);
      expect(figures.get('likeness_writable')).toBe(1);
      await server.administer('DeleteInstance', { InstanceName: 'shop' });
      const later = await server.scrape();
      expect(later.has('likeness_images{facade="instance",name="shop"}')).toBe(false);
      expect(later.get('likeness_event_loop_delay_seconds{quantile="0.99"}')).toBeGreaterThan(0);
    });
  });

  test('tells damage, as /readyz does, and goes on serving', async () => {
    await withServer(async (server) => {
      expect(await (await server.get('/readyz')).json()).toEqual({
        Status: 'ready',
        Writable: true,
        Damage: {},
      });
      server.stored.register.note({
        kind: 'log',
        name: '1.log',
        detail: 'the log 1.log is damaged',
      });
      const response = await server.get('/readyz');
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({
        Status: 'ready',
        Writable: true,
        Damage: { log: 1 },
      });
      expect((await server.scrape()).get('likeness_damage{kind="log"}')).toBe(1);
      const { json } = await server.administer('GetServerInfo');
      expect(json['Server']).toMatchObject({
        Version: '0.1.0',
        Packs: [{ Name: 'told', Dims: 4, Languages: [] }],
        Workers: { Ready: 1, Busy: 0, Restarts: 0, Waiting: 0, Refused: 0 },
        Limits: { MaxPictureBytes: 4_194_304 },
        Disk: { IsWritable: true, FreeBytes: expect.any(Number) },
        Damage: [{ Kind: 'log', Detail: 'the log 1.log is damaged' }],
      });
    });
  });
});

describe('who may read metrics', () => {
  let folder: string;
  let server: ObservedServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'likeness-metrics-'));
    server = await startObserved(folder, { environment: { LIKENESS_METRICS_PORT: '0' } });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  test.each([
    ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
    ['a page', { origin: 'http://127.0.0.1:8000' }],
    ['a proxy that says so', { forwarded: 'for=10.0.0.1' }],
  ])('%s needs a key', async (_, headers) => {
    expect((await server.get('/metrics', headers)).status).toBe(401);
    expect((await server.get('/metrics', { ...headers, authorization: BEARER })).status).toBe(200);
  });

  test('a wrong secret and a key of no administrator are refused', async () => {
    const headers = { via: '1.1 proxy' };
    const wrong = await server.get('/metrics', { ...headers, authorization: `${BEARER}x` });
    expect(await wrong.json()).toMatchObject({ Code: 'SignatureDoesNotMatch' });
    const { json } = await server.administer('CreateAccessKey', {
      Role: 'write',
      Scopes: 'instance:*',
    });
    const { AccessKeyId, AccessKeySecret } = (
      json as { AccessKey: { AccessKeyId: string; AccessKeySecret: string } }
    ).AccessKey;
    const authorization = `Bearer ${AccessKeyId}:${AccessKeySecret}`;
    const denied = await server.get('/metrics', { ...headers, authorization });
    expect(denied.status).toBe(403);
  });

  test('a scraper takes from the rate of its key, and is its last use', async () => {
    const { json } = await server.administer('CreateAccessKey', {
      Role: 'admin',
      Scopes: 'instance:*,library:*',
      Rate: '1',
    });
    const { AccessKeyId, AccessKeySecret } = json['AccessKey'] as Record<string, string>;
    const headers = { via: '1.1 proxy', authorization: `Bearer ${AccessKeyId}:${AccessKeySecret}` };
    expect((await server.get('/metrics', headers)).status).toBe(200);
    const second = await server.get('/metrics', headers);
    expect(await second.json()).toMatchObject({ Code: 'Throttling.User' });
    expect(Number(second.headers.get('x-acs-retry-after'))).toBeGreaterThan(0);
    const listed = (await server.administer('ListAccessKeys')).json['AccessKeys'];
    const key = (listed as Record<string, unknown>[]).find(
      (each) => each['AccessKeyId'] === AccessKeyId,
    );
    expect(key?.['UtcLastUsed']).not.toBe('');
  });

  test('the port of metrics asks for none, and tells nothing else', async () => {
    const url = `http://127.0.0.1:${server.services.observation.metricsPort}`;
    const response = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect(parseFigures(await response.text()).get('likeness_writable')).toBe(1);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  test('on an address that others reach, even this machine needs a key', async () => {
    await withFolder(async (folder) => {
      const environment = { LIKENESS_HOST: '0.0.0.0' };
      await withObserved(folder, { environment }, async (open) => {
        expect((await open.get('/metrics')).status).toBe(401);
        expect((await callAction(open.port, { action: 'Detail' })).status).toBe(400);
      });
    });
  });
});

function withServer(use: (server: ObservedServer) => Promise<void>): Promise<void> {
  return withFolder((folder) => withObserved(folder, {}, use));
}

function requests(action: string, code: string, key: string): string {
  return `likeness_requests_total{action="${action}",code="${code}",key="${key}"}`;
}

function onlyRequests(figures: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(
    [...figures].filter(
      ([name]) => name.startsWith('likeness_requests_total') && !name.includes('GET /'),
    ),
  );
}
