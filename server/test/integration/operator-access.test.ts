import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { OPERATOR_PREFIX } from '../../src/http/operators/operator-paths.ts';
import { TEST_KEY } from '../support/gateway-server.ts';
import { withObserved } from '../support/observed-server.ts';
import { bearer, OperatorCalls } from '../support/operator-calls.ts';
import { startOperatorServer, type OperatorServer } from '../support/operator-server.ts';
import { createPageFetch } from '../support/page-fetch.ts';
import { talk } from '../support/raw-socket.ts';
import { acs3Request, send } from '../support/signed-call.ts';
import { withFolder } from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const PICTURE = Buffer.from(tellPicture({ vector: [1, 0, 0, 0] })).toString('base64');
const NEW_LIBRARY = { library_name: 'shop_tops', mode: 'general_search' };

let server: OperatorServer;
let calls: OperatorCalls;

beforeAll(async () => {
  server = await startOperatorServer('shop_tops', 'other');
  ({ calls } = server);
});
afterAll(() => server.stop());

type Key = typeof TEST_KEY;

async function createKey(settings: Readonly<Record<string, string>>): Promise<Key> {
  const { json } = await server.administer('CreateAccessKey', settings);
  const { AccessKeyId, AccessKeySecret } = json['AccessKey'] as Record<string, string>;
  return { accessKeyId: AccessKeyId ?? '', accessKeySecret: AccessKeySecret ?? '' };
}

describe('without a key', () => {
  test('a program on the machine of the server may ask, and a page of the server itself', async () => {
    expect(await calls.get('library/list')).toMatchObject({ http: 200, status: 'SUCCESS' });
    const host = `127.0.0.1:${server.port}`;
    const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    const asked = { library_name: 'shop_tops', image_id: 'a' };
    expect(await calls.post('image/query', asked, own)).toMatchObject({ http: 200 });
    const typed = { host: `[::1]:${server.port}`, 'sec-fetch-site': 'none' };
    expect(await calls.get('library/list', typed)).toMatchObject({ http: 200 });
  });

  test.each([
    ['a name that was rebound to this machine', { host: 'shop.example.com' }],
    ['a rebound name with our port', { host: 'localhost.example.com:8000' }],
    ['another port of this machine', { host: 'localhost:1' }],
    ['no port', { host: 'localhost' }],
    ['a page of another origin', { origin: 'http://shop.example.com' }],
    ['a page of another port', { origin: 'http://localhost:3000' }],
    ['a page without an origin', { origin: 'null' }],
    ['a picture in a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a script in a page of another port', { 'sec-fetch-site': 'same-site' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy that tells the host', { 'x-forwarded-host': 'shop.example.com' }],
    ['a proxy that tells the protocol', { 'x-forwarded-proto': 'https' }],
    ['a proxy that tells all', { forwarded: 'for=203.0.113.7' }],
    ['a proxy that tells itself', { via: '1.1 proxy' }],
    ['nginx', { 'x-real-ip': '203.0.113.7' }],
  ])('%s does not get in', async (_, headers) => {
    const asked = { library_name: 'shop_tops', tag_filter: { field: 'a', op: '!=', value: 1 } };
    for (const answer of [
      await calls.get('library/list', headers),
      await calls.post('image/delete', asked, headers),
    ]) {
      expect(answer).toMatchObject({ http: 401, status: 'UNAUTHORIZED', data: null });
      expect(answer.message).toContain('This needs a key');
    }
    const withKey = await calls.get('library/list', { ...headers, ...bearer() });
    expect(withKey.http).toBe(200);
  });

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'library_name=shop_tops'],
    ['JSON as text, which a page may send anywhere', 'text/plain', '{"library_name":"shop_tops"}'],
    ['a body of no type', '', '{"library_name":"shop_tops"}'],
  ])('%s does not get in', async (_, type, body) => {
    const answer = await calls.post('library/delete', body, { 'content-type': type });
    expect(answer).toMatchObject({ http: 401, status: 'UNAUTHORIZED' });
    expect(await calls.get('library/info/shop_tops')).toMatchObject({ http: 200 });
  });

  test.each([
    ['an HTTP/1.0 request, as a bare proxy sends it,', '1.0', 'Host: localhost:PORT\r\n'],
    ['a request that names no host', '1.1', 'Connection: close\r\n'],
  ])('%s does not get in', async (_, version, headers) => {
    const head = `GET ${OPERATOR_PREFIX}/library/list HTTP/${version}\r\n${headers}\r\n`;
    const { status } = await talk(server.port, [head.replace('PORT', String(server.port))]);
    expect(status).toBe(401);
  });

  test.each([
    ['LIKENESS_OPERATOR_AUTH', 'required'],
    ['LIKENESS_HOST', '0.0.0.0'],
    ['LIKENESS_TRUSTED_PROXIES', '10.0.0.1'],
    ['LIKENESS_PUBLIC_URL', 'https://images.example.com'],
  ])('nobody gets in under %s=%s', async (name, value) => {
    await withFolder((other) =>
      withObserved(other, { environment: { [name]: value } }, async ({ port }) => {
        const closed = new OperatorCalls(port);
        const refused = await closed.get('library/list');
        expect(refused).toMatchObject({
          http: 401,
          message: expect.stringContaining(name === 'LIKENESS_HOST' ? value : name),
        });
        expect((await closed.get('library/list', bearer())).http).toBe(200);
      }),
    );
  });

  test('a page whose origin may ask from a browser still needs a key', async () => {
    const origin = 'https://shop.example.com';
    const environment = { LIKENESS_CORS_ORIGINS: origin };
    await withFolder((other) =>
      withObserved(other, { environment }, async ({ port }) => {
        const ask = createPageFetch(origin);
        const url = `http://localhost:${port}${OPERATOR_PREFIX}/library/list`;
        expect((await ask(url)).status).toBe(401);
        expect((await ask(url, { headers: bearer() })).status).toBe(200);
      }),
    );
  });

  test('instances and keys stay out of reach', async () => {
    const body = `Action=ListAccessKeys&Version=2026-11-01`;
    const headers = {
      host: `localhost:${server.port}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const { status } = await send(server.port, { method: 'POST', path: '/', headers, body });
    expect(status).toBe(400);
  });

  test('thumbnails have addresses that hold', async () => {
    const key = { library_name: 'shop_tops', image_id: 'kept', image_uri: 'a.jpg' };
    await calls.post('image/add', { ...key, image_base64: PICTURE });
    const asked = { library_name: 'shop_tops', image_id: 'kept', thumbnail_width: 100 };
    const { data } = await calls.post('image/query', asked);
    const { images } = data as { images: { thumbnail_url: string }[] };
    const shown = await server.get(images[0]?.thumbnail_url ?? '');
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });
});

describe('with a key', () => {
  test.each([
    ['a wrong secret', () => bearer({ ...TEST_KEY, accessKeySecret: 'wrong' })],
    ['an unknown key', () => bearer({ accessKeyId: 'nobody', accessKeySecret: 'x' })],
    ['no secret', () => ({ authorization: 'Bearer test-root' })],
    ['another scheme', () => ({ authorization: 'Basic dGVzdDp0ZXN0' })],
  ])('%s is refused, on this machine too', async (_, headers) => {
    const answer = await calls.get('library/list', headers());
    expect(answer).toMatchObject({ http: 401, status: 'UNAUTHORIZED', data: null });
  });

  test('a disabled key is refused, and a key is held to its rate', async () => {
    const key = await createKey({ Role: 'read', Scopes: 'library:*', Rate: '1' });
    expect((await calls.get('library/list', bearer(key))).http).toBe(200);
    const second = await calls.get('library/list', bearer(key));
    expect(second).toMatchObject({ http: 429, status: 'QUOTA_EXCEEDED' });
    expect(Number(second.response.headers['x-acs-retry-after'])).toBeGreaterThan(0);
    const { json } = await server.administer('ListAccessKeys');
    const listed = (json['AccessKeys'] as Record<string, string>[]).find(
      (each) => each['AccessKeyId'] === key.accessKeyId,
    );
    expect(Number(listed?.['UtcLastUsed'])).toBeGreaterThan(0);
    const settings = { UserAccessKeyId: key.accessKeyId, Enabled: 'false', Rate: '0' };
    await server.administer('UpdateAccessKey', settings);
    expect((await calls.get('library/list', bearer(key))).http).toBe(401);
  });

  test('may do what its role allows', async () => {
    const read = bearer(await createKey({ Role: 'read', Scopes: 'library:*' }));
    const write = bearer(await createKey({ Role: 'write', Scopes: 'library:*' }));
    const image = { library_name: 'shop_tops', image_id: 'b', image_uri: 'b.jpg' };
    const add = { ...image, image_base64: PICTURE };
    expect(await calls.post('image/add', add, read)).toMatchObject({
      http: 403,
      status: 'FORBIDDEN',
    });
    expect(await calls.post('image/add', add, write)).toMatchObject({ http: 200 });
    expect(await calls.post('search/similar', image, read)).toMatchObject({ http: 200 });
    const created = await calls.post(
      'library/create',
      { ...NEW_LIBRARY, library_name: 'x' },
      write,
    );
    expect(created).toMatchObject({ http: 403, status: 'FORBIDDEN' });
  });

  test('a library out of its scopes is as if absent', async () => {
    const key = bearer(await createKey({ Role: 'admin', Scopes: 'library:shop*,instance:*' }));
    const hidden = await calls.get('library/info/other', key);
    const absent = await calls.get('library/info/nowhere', key);
    expect(hidden).toMatchObject({
      http: 404,
      status: 'LIBRARY_NOT_FOUND',
      message: "Image library 'other' does not exist.",
    });
    expect(hidden.response.text.replace('other', 'nowhere')).toBe(absent.response.text);
    expect((await calls.get('library/list', key)).data).toMatchObject({ total: 1 });
    const created = await calls.post('library/create', { ...NEW_LIBRARY, library_name: 'y' }, key);
    expect(created).toMatchObject({ http: 403, status: 'FORBIDDEN' });
    const deleted = await calls.post('library/delete', { library_name: 'other' }, key);
    expect(deleted).toMatchObject({ http: 404 });
    expect(await calls.get('library/info/other')).toMatchObject({ http: 200 });
  });
});

describe('with an ACS3 signature', () => {
  const PATH = `${OPERATOR_PREFIX}/image/query`;
  const BODY = JSON.stringify({ library_name: 'shop_tops', image_id: 'nobody' });

  /** Signed without action and version. */
  function signed(overrides: { readonly rawBody?: string; readonly nonce?: string } = {}) {
    const call = { action: '', path: PATH, rawBody: BODY, ...overrides };
    return acs3Request(server.port, call, { namesAction: false, contentType: 'application/json' });
  }

  test('gets in by method, path and body', async () => {
    const { status, json } = await send(server.port, signed());
    expect([status, json['status']]).toEqual([200, 'SUCCESS']);
  });

  test.each([
    ['another body', { body: BODY.replace('nobody', 'nobodx') }],
    ['another path', { path: `${OPERATOR_PREFIX}/image/delete` }],
    ['another query', { path: `${PATH}?a=1` }],
    ['another method', { method: 'GET', path: PATH }],
  ])('does not cover %s', async (_, changed) => {
    const { status, json } = await send(server.port, { ...signed(), ...changed });
    expect([405, 401]).toContain(status);
    expect(json['status']).not.toBe('SUCCESS');
  });

  test('is good once', async () => {
    const wire = signed({ nonce: randomUUID() });
    expect((await send(server.port, wire)).status).toBe(200);
    expect(await send(server.port, wire)).toMatchObject({
      status: 401,
      json: { status: 'UNAUTHORIZED' },
    });
  });
});

describe('what is told of it', () => {
  test('usage and metrics are counted by library and operation', async () => {
    await calls.get('library/info/other');
    const figures = await server.scrape((each) =>
      each.has('likeness_requests_total{action="library/info",code="OK",key="loopback"}'),
    );
    expect(figures.get('likeness_request_seconds_count{action="library/info"}')).toBeGreaterThan(0);
    const { json } = await server.administer('GetUsage', { GroupBy: 'InstanceName,Action' });
    expect(json['Usage']).toContainEqual(
      expect.objectContaining({ LibraryName: 'other', Action: 'library/info' }),
    );
  });

  test('administration, denials and deletes by filter are in the audit log', async () => {
    const filter = { field: 'color', op: '=', value: 'none' };
    await calls.post('image/delete', { library_name: 'other', tag_filter: filter });
    await calls.get('library/list', bearer({ ...TEST_KEY, accessKeySecret: 'wrong again' }));
    const lines = await auditLines(
      (text) => text.includes('delete-by-filter') && text.includes('denied'),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'administration',
        action: 'library/create',
        key: 'loopback',
        parameters: { library_name: 'other', mode: 'general_search' },
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'delete-by-filter',
        action: 'image/delete',
        parameters: { library_name: 'other', tag_filter: JSON.stringify(filter) },
        result: { removed: 0 },
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'denied',
        action: 'library/list',
        key: TEST_KEY.accessKeyId,
      }),
    );
  });
});

async function auditLines(isThere: (text: string) => boolean): Promise<readonly unknown[]> {
  for (let tries = 0; ; tries += 1) {
    const text = await readFile(join(server.folder, 'audit', 'audit.jsonl'), 'utf8');
    if (!isThere(text) && tries < 100) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    return text
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  }
}
