import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApiError, ImageSearchClient, type CreatedAccessKey } from '@likeness/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { PLAIN_SETTINGS } from '../support/memory-catalog.ts';
import { startGateway, TEST_KEY, type GatewayServer } from '../support/gateway-server.ts';
import { callAction } from '../support/signed-call.ts';
import { failureOf, openPopCore, openVendorSdk } from '../support/vendor-clients.ts';

type Credentials = Pick<CreatedAccessKey, 'accessKeyId' | 'accessKeySecret'>;

const ADMINISTRATION = '2026-11-01';
const PICTURE = Uint8Array.of(1, 2, 3);

let folder: string;
let server: GatewayServer;
let root: ImageSearchClient;
/** How far the server's clock is ahead. */
let aheadMs: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-keys-'));
  aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  server = await startGateway({ dataDir: join(folder, 'data'), now });
  for (const name of ['shop-1', 'shop-2', 'other']) {
    await server.catalog.createCollection({ ...PLAIN_SETTINGS, name });
  }
  root = clientOf(TEST_KEY);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  aheadMs = 0;
});

const endpoint = () => `http://127.0.0.1:${server.port}`;

function clientOf({ accessKeyId, accessKeySecret }: Credentials): ImageSearchClient {
  const retry = { maxTries: 1 };
  return new ImageSearchClient({ endpoint: endpoint(), accessKeyId, accessKeySecret, retry });
}

async function createKey(
  role: 'read' | 'write' | 'admin',
  scopes: readonly string[] = ['instance:shop-*'],
): Promise<CreatedAccessKey> {
  return (await root.createAccessKey({ name: role, role, scopes })).accessKey;
}

const imageOf = (instanceName: string) => ({
  instanceName,
  productId: 'p',
  picName: 'a.jpg',
  picContent: PICTURE,
});
const add = (client: ImageSearchClient, name: string) => client.addImage(imageOf(name));
const remove = (client: ImageSearchClient, name: string) =>
  client.deleteImage({ instanceName: name, productId: 'p' });

/** Code and status of what our SDK threw. */
async function refusalOf(call: Promise<unknown>): Promise<readonly unknown[]> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'fulfilled') throw new Error('the call succeeded');
  if (!ApiError.is(outcome.reason)) throw outcome.reason;
  return [outcome.reason.code, outcome.reason.status];
}

describe('a key through the SDK', () => {
  test('of the role read searches and lists what it may see, and nothing else', async () => {
    await add(root, 'shop-1');
    const key = await createKey('read');
    const client = clientOf(key);
    const { instances } = await client.listInstances();
    expect(instances.map(({ instanceName }) => instanceName)).toEqual(['shop-1', 'shop-2']);
    expect((await client.listImages({ instanceName: 'shop-1' })).total).toBe(1);
    const found = await client.searchImageByPic({ instanceName: 'shop-1', picContent: PICTURE });
    expect(found.auctions).toHaveLength(1);
    for (const denied of [
      () => add(client, 'shop-1'),
      () => remove(client, 'shop-1'),
      () => client.clearInstance({ instanceName: 'shop-1' }),
      () => client.createInstance({ instanceName: 'shop-3', serviceType: 'generic' }),
      () => client.listAccessKeys(),
    ]) {
      expect(await refusalOf(denied())).toEqual(['NoPermission', 403]);
    }
    expect((await root.detail({ instanceName: 'shop-1' })).instance.totalCount).toBe(1);
  });

  test('meets an instance out of its scopes as one that is not there', async () => {
    const key = await createKey('write');
    const ask = async (name: string) => {
      const form = { InstanceName: name, ProductId: 'p', PicName: 'a.jpg' };
      const { status, json } = await callAction(server.port, {
        action: 'CheckImageExists',
        form,
        key,
      });
      return { status, json: { ...json, RequestId: '' } };
    };
    const hidden = await ask('other');
    expect(hidden).toMatchObject({ status: 400, json: { Code: 'InvalidInstance' } });
    expect(hidden).toEqual(await ask('shop-9'));
    expect(await refusalOf(add(clientOf(key), 'other'))).toEqual(['InvalidInstance', 400]);
  });

  test('of the role write changes pictures, and instances not', async () => {
    const client = clientOf(await createKey('write'));
    await add(client, 'shop-2');
    await remove(client, 'shop-2');
    const update = client.updateInstance({ instanceName: 'shop-2', qps: 1 });
    expect(await refusalOf(update)).toEqual(['NoPermission', 403]);
  });

  test('of the role admin administers its instances, and no keys', async () => {
    const client = clientOf(await createKey('admin'));
    await client.createInstance({ instanceName: 'shop-3', serviceType: 'generic' });
    await client.updateInstance({ instanceName: 'shop-3', qps: 9 });
    await client.deleteInstance({ instanceName: 'shop-3' });
    const beyond = client.createInstance({ instanceName: 'mine', serviceType: 'generic' });
    expect(await refusalOf(beyond)).toEqual(['NoPermission', 403]);
    for (const denied of [
      () => client.createAccessKey({ role: 'admin', scopes: 'instance:*' }),
      () => client.updateAccessKey({ userAccessKeyId: 'LK', enabled: true }),
      () => client.deleteAccessKey({ userAccessKeyId: 'LK' }),
    ]) {
      expect(await refusalOf(denied())).toEqual(['NoPermission', 403]);
    }
  });

  test('is changed from its next request on', async () => {
    const key = await createKey('read');
    const client = clientOf(key);
    const detail = () => client.detail({ instanceName: 'shop-1' });
    const change = (changes: object) =>
      root.updateAccessKey({ userAccessKeyId: key.accessKeyId, ...changes });
    await change({ role: 'write', scopes: ['instance:shop-2', 'library:*'] });
    await add(client, 'shop-2');
    expect(await refusalOf(detail())).toEqual(['InvalidInstance', 400]);
    await change({ enabled: false });
    expect(await refusalOf(detail())).toEqual(['InvalidAccessKeyId.Inactive', 400]);
    await change({ enabled: true, scopes: 'instance:*' });
    await detail();
    await root.deleteAccessKey({ userAccessKeyId: key.accessKeyId });
    expect(await refusalOf(detail())).toEqual(['InvalidAccessKeyId.NotFound', 404]);
  });

  test('ends when it expires, and tells when it was last used', async () => {
    const startMs = Date.now();
    const { accessKey } = await root.createAccessKey({
      role: 'read',
      scopes: 'instance:*',
      utcExpireTime: startMs + 60_000,
    });
    await clientOf(accessKey).listInstances();
    const listed = async () => {
      const { accessKeys } = await root.listAccessKeys();
      return accessKeys.find(({ accessKeyId }) => accessKeyId === accessKey.accessKeyId);
    };
    expect(Number((await listed())?.utcLastUsed)).toBeGreaterThanOrEqual(startMs);
    aheadMs = 60_000;
    const late = clientOf(accessKey).listInstances();
    expect(await refusalOf(late)).toEqual(['InvalidAccessKeyId.Inactive', 400]);
    expect((await listed())?.status).toBe('expired');
  });

  test('waits for its rate', async () => {
    const { accessKey: key } = await root.createAccessKey({
      role: 'read',
      scopes: 'instance:*',
      rate: 1,
    });
    const ask = () =>
      callAction(server.port, { action: 'ListInstances', version: ADMINISTRATION, key });
    expect((await ask()).status).toBe(200);
    const { status, json, headers } = await ask();
    expect([status, json['Code']]).toEqual([400, 'Throttling.User']);
    expect(Number(headers['x-acs-retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['x-acs-retry-after'])).toBeLessThanOrEqual(1000);
  });
});

describe('administration of keys', () => {
  test('tells a secret once', async () => {
    const { accessKeySecret, ...info } = await createKey('read', ['instance:a', 'library:b*']);
    expect(accessKeySecret).toHaveLength(32);
    const { accessKeys, ...rest } = await root.listAccessKeys();
    expect(accessKeys).toContainEqual(info);
    expect(JSON.stringify([accessKeys, rest])).not.toContain(accessKeySecret);
    const update = { userAccessKeyId: info.accessKeyId, name: 'other' };
    expect(JSON.stringify(await root.updateAccessKey(update))).not.toContain('ecret');
  });

  test.each<[string, Record<string, string>]>([
    ['MissingRole', { Scopes: 'instance:*' }],
    ['MissingScopes', { Role: 'read' }],
    ['InvalidRole', { Role: 'root', Scopes: 'instance:*' }],
    ['InvalidScopes', { Role: 'read', Scopes: 'shoes' }],
    ['InvalidScopes', { Role: 'read', Scopes: 'instance:a,' }],
    ['InvalidScopes', { Role: 'read', Scopes: Array(101).fill('instance:a').join(',') }],
    ['InvalidRate', { Role: 'read', Scopes: 'instance:*', Rate: '-1' }],
    ['InvalidUtcExpireTime', { Role: 'read', Scopes: 'instance:*', UtcExpireTime: 'soon' }],
    ['InvalidName', { Role: 'read', Scopes: 'instance:*', Name: 'x'.repeat(129) }],
    ['BadRequest', { Role: 'read', Scopes: 'instance:*', Enabled: 'yes' }],
  ])('refuses with %s', async (code, form) => {
    const call = { action: 'CreateAccessKey', version: ADMINISTRATION, form };
    const { status, json } = await callAction(server.port, call);
    expect([status, json['Code']]).toEqual([400, code]);
  });

  test('of a key that is not there is told', async () => {
    const gone = root.deleteAccessKey({ userAccessKeyId: 'LK0' });
    expect(await refusalOf(gone)).toEqual(['EntityNotExist.User.AccessKey', 404]);
  });
});

/** As the one SDK names it, and the other. */
const named = (name: string) => ({ instanceName: name, InstanceName: name });

describe.each(['ACS3', 'RPC v1', 'pop-core'])('a key through the vendor, %s', (way) => {
  test('is held to its rights', async () => {
    const key = await createKey('read');
    const target = { endpoint: endpoint(), ...key, ca: '' };
    const client =
      way === 'pop-core'
        ? openPopCore(target, 'POST')
        : openVendorSdk(target, way === 'RPC v1' ? 'v2' : undefined);
    const detail = await client.call('Detail', named('shop-1'));
    expect(detail).toMatchObject({ instance: { name: 'shop-1' } });
    expect(await failureOf(client.call('Detail', named('other')))).toEqual([
      'InvalidInstance',
      400,
    ]);
    const wanted = { ...named('shop-1'), productId: 'p', ProductId: 'p' };
    expect(await failureOf(client.call('DeleteImage', wanted))).toEqual(['NoPermission', 403]);
  });
});

describe('the audit log of a server', () => {
  test('tells administration and denials, and no secret and no signature', async () => {
    const key = await createKey('read');
    await refusalOf(add(clientOf(key), 'shop-1'));
    const wrong = { ...key, accessKeySecret: 'wrong-secret' };
    await refusalOf(clientOf(wrong).listInstances());
    const authorization = `Bearer ${key.accessKeyId}:${key.accessKeySecret}`;
    const headers = { authorization, via: '1.1 proxy' };
    expect((await fetch(`${endpoint()}/metrics`, { headers })).status).toBe(403);
    const address = `/pictures?AccessKeyId=${key.accessKeyId}&Expires=9999999999&Signature=x`;
    expect((await fetch(`${endpoint()}${address}`)).status).toBe(400);
    const filter = { instanceName: 'shop-1', isDeleteByFilter: true, filter: 'int_attr=77' };
    await root.deleteImage(filter);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const text = await readFile(join(server.dataDir, 'audit', 'audit.jsonl'), 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ofKey = lines.filter((line) => line['key'] === key.accessKeyId);
    expect(ofKey).toMatchObject([
      { kind: 'denied', action: 'AddImage', code: 'NoPermission', peer: '127.0.0.1' },
      { kind: 'denied', action: 'ListInstances', code: 'SignatureDoesNotMatch' },
      { kind: 'denied', action: 'GET /metrics', code: 'NoPermission' },
      { kind: 'denied', action: 'GET /pictures', code: 'SignatureDoesNotMatch' },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'administration',
        action: 'CreateAccessKey',
        key: TEST_KEY.accessKeyId,
        parameters: { Role: 'read', Scopes: 'instance:shop-*', Name: 'read' },
        result: { accessKeyId: key.accessKeyId },
      }),
    );
    expect(lines.at(-1)).toMatchObject({ kind: 'delete-by-filter', result: { removed: 0 } });
    for (const hidden of [key.accessKeySecret, wrong.accessKeySecret, TEST_KEY.accessKeySecret]) {
      expect(text).not.toContain(hidden);
    }
    expect(text).not.toMatch(/ignature"|AQID/u);
  });
});
