import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';

import { createAuthority, issueCertificate } from '../../src/http/certificate-authority.ts';
import { startGateway, TEST_KEY, type GatewayServer } from '../support/gateway-server.ts';
import { PLAIN_SETTINGS } from '../support/memory-catalog.ts';
import { createPageFetch } from '../support/page-fetch.ts';
import { acs3Request, callAction, rpcV1Request, send } from '../support/signed-call.ts';
import { until } from '../support/until.ts';

const SHOP = 'https://shop.example.com';
const DETAIL = { action: 'Detail', form: { InstanceName: 'demo' } };

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-pages-'));
  for (const name of ['proxied', 'untrusted']) await mkdir(join(dataDir, name));
});
afterAll(() => rm(dataDir, { recursive: true }));

describe('a page', () => {
  let server: GatewayServer;
  beforeAll(async () => {
    const environment = { LIKENESS_CORS_ORIGINS: `${SHOP}, http://localhost:5173` };
    server = await startGateway({ dataDir, environment });
    await server.catalog.createCollection({ ...PLAIN_SETTINGS, name: 'slow', qps: 1 });
  });
  afterAll(() => server.stop());

  const clientOn = (origin: string) =>
    new ImageSearchClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      ...TEST_KEY,
      fetch: createPageFetch(origin),
      retry: { maxTries: 1 },
    });

  test('of an origin on the list searches with the SDK', async () => {
    const client = clientOn(SHOP);
    const detail = await client.detail({ instanceName: 'demo' });
    expect(detail.instance.name).toBe('demo');
    const search = { instanceName: 'demo', picContent: new Uint8Array([1, 2, 3]) };
    expect(await client.searchImageByPic(search)).toMatchObject({ auctions: [] });
  });

  test('sees refusals whole: code, request id, and when to come back', async () => {
    const client = clientOn('http://localhost:5173');
    const search = { instanceName: 'slow', picContent: new Uint8Array([1]) };
    await client.searchImageByPic(search);
    await expect(client.searchImageByPic(search)).rejects.toMatchObject({
      code: 'DeniedRequest',
      requestId: expect.any(String),
      retryAfterMs: expect.any(Number),
    });
  });

  test.each(['https://elsewhere.example.com', 'http://shop.example.com', 'null'])(
    'of %s gets nothing',
    async (origin) => {
      const asked = clientOn(origin).detail({ instanceName: 'demo' });
      await expect(asked).rejects.toMatchObject({ name: 'ConnectionError' });
      const answer = await callAction(server.port, { ...DETAIL, extraHeaders: { origin } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-'))).toEqual([]);
    },
  );

  test('is told apart by caches', async () => {
    const extraHeaders = { origin: SHOP, 'accept-encoding': 'gzip' };
    const { headers } = await callAction(server.port, { ...DETAIL, extraHeaders });
    expect(headers.vary).toBe('Origin');
  });

  test('with no page about, nothing is said of origins', async () => {
    expect((await callAction(server.port, DETAIL)).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });
});

/** Forwards as docs/operations.md has nginx do: Host as it came, the client's address added. */
async function startProxy(target: number): Promise<{ server: Server; ca: string; port: number }> {
  const authority = await createAuthority(Date.now());
  const identity = await issueCertificate(authority, ['127.0.0.1'], Date.now());
  const server = createTlsServer(identity, (request, response) => {
    const { method, url, headers, socket } = request;
    const before = headers['x-forwarded-for'];
    const client = socket.remoteAddress ?? '';
    const chain = before === undefined ? client : `${String(before)}, ${client}`;
    const onward = httpRequest({
      host: '127.0.0.1',
      port: target,
      method,
      path: url,
      headers: { ...headers, 'x-forwarded-for': chain, 'x-forwarded-proto': 'https' },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, ca: authority.cert, port: (server.address() as AddressInfo).port };
}

describe('behind a proxy', () => {
  test('that keeps Host, every signature holds, and the log names the client', async () => {
    const environment = { LIKENESS_TRUSTED_PROXIES: '127.0.0.0/8' };
    const server = await startGateway({ dataDir: join(dataDir, 'proxied'), environment });
    const proxy = await startProxy(server.port);
    const extraHeaders = { 'x-forwarded-for': '203.0.113.9' };
    for (const write of [acs3Request, rpcV1Request]) {
      const wire = write(proxy.port, { ...DETAIL, extraHeaders });
      expect((await send(proxy.port, wire, { ca: proxy.ca })).status).toBe(200);
    }
    await until(() => server.logged.length >= 2);
    // The proxy is 127.0.0.1, and so is its client here, which says that it forwards for another.
    expect(server.logged.slice(-2)).toMatchObject([
      { client: '203.0.113.9', status: 200 },
      { client: '203.0.113.9', status: 200 },
    ]);
    proxy.server.close();
    await server.stop();
  });

  test('that nobody trusts, the client is the proxy', async () => {
    const server = await startGateway({ dataDir: join(dataDir, 'untrusted') });
    const extraHeaders = { 'x-forwarded-for': '203.0.113.9' };
    await callAction(server.port, { ...DETAIL, extraHeaders });
    await until(() => server.logged.length > 0);
    expect(server.logged.at(-1)).toMatchObject({ client: '127.0.0.1' });
    await server.stop();
  });
});
