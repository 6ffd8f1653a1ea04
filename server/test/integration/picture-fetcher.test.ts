import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from '@jest/globals';

import { PictureFetcher, type PictureFetcherOptions } from '../../src/fetch/picture-fetcher.ts';
import { createAuthority, issueCertificate } from '../../src/http/certificate-authority.ts';

const PICTURE = Buffer.from('a picture, for all the fetcher knows');
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('PictureFetcher', () => {
  test('fetches from a host on the list, and says nothing about anybody', async () => {
    const asked: unknown[] = [];
    const { port } = await serve((request, response) => {
      asked.push(request.url, request.headers);
      response.end(PICTURE);
    });
    const fetched = await fetcher({ hosts: [`127.0.0.1:${port}`] }).fetch(
      `http://127.0.0.1:${port}/a%20b.jpg?x=1#part`,
    );
    expect(Buffer.from(fetched)).toEqual(PICTURE);
    expect(asked).toEqual([
      '/a%20b.jpg?x=1',
      {
        accept: 'image/*',
        'accept-encoding': 'identity',
        connection: 'close',
        host: `127.0.0.1:${port}`,
        'user-agent': 'Likeness',
      },
    ]);
  });

  test('fetches over TLS by the name that was checked, and only from whom it trusts', async () => {
    const authority = await createAuthority(Date.now());
    const identity = await issueCertificate(authority, ['images.test'], Date.now());
    const server = createTlsServer(
      { cert: identity.cert, key: identity.key },
      (_request, response) => void response.end(PICTURE),
    );
    const { port } = await listen(server);
    const options = {
      hosts: [`*.test:${port}`, '127.0.0.1'],
      resolveHost: () => Promise.resolve(['127.0.0.1']),
    };
    const trusting = fetcher({ ...options, authorities: authority.cert });
    expect(Buffer.from(await trusting.fetch(`https://images.test:${port}/`))).toEqual(PICTURE);
    const refusal = { code: 'InvalidPicUrl', message: expect.stringContaining('not be reached') };
    await expect(trusting.fetch(`https://other.test:${port}/`)).rejects.toMatchObject(refusal);
    await expect(fetcher(options).fetch(`https://images.test:${port}/`)).rejects.toMatchObject(
      refusal,
    );
  });

  test.each([
    ['no URL', 'picture.jpg', 'it must be http or https'],
    ['another scheme', 'file:///etc/passwd', 'it must be http or https'],
    ['a long one', `http://images.test/${'x'.repeat(2048)}`, 'at most 2048 characters'],
    ['a password', 'http://me:secret@images.test/', 'no user name and no password'],
    ['another host', 'http://example.com/', 'its host is not on the list'],
    ['a host like it', 'http://images.test.example.com/', 'its host is not on the list'],
    ['another port', 'http://images.test:8000/', 'its host is not on the list'],
    ['another scheme’s port', 'https://images.test:80/', 'its host is not on the list'],
    ['an address', 'http://127.0.0.1/', 'its host is not on the list'],
    ['an address as a number', 'http://2130706433/', 'its host is not on the list'],
    ['an address in IPv6', 'http://[::ffff:127.0.0.1]/', 'its host is not on the list'],
    ['the suffix itself', 'http://cdn.test/', 'its host is not on the list'],
  ])('refuses %s without looking anything up', async (_name, url, why) => {
    let lookups = 0;
    const resolveHost = (): Promise<string[]> => {
      lookups += 1;
      return Promise.resolve([]);
    };
    const refusal = fetcher({ hosts: ['images.test', '*.cdn.test'], resolveHost }).fetch(url);
    await expect(refusal).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      status: 400,
      message: expect.stringContaining(why),
    });
    expect(lookups).toBe(0);
  });

  test('fetches from nowhere where the list is empty', async () => {
    await expect(fetcher({ hosts: [] }).fetch('http://example.com/')).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      message: expect.stringContaining('this server fetches from no host'),
    });
  });

  test.each([
    ['this machine', '127.0.0.1'],
    ['this machine, mapped', '::ffff:127.0.0.1'],
    ['this machine, compatible', '::7f00:1'],
    ['this machine in IPv6', '::1'],
    ['no machine', '0.0.0.0'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.0.1'],
    ['a private network in IPv6', 'fd00::1'],
    ['a carrier’s network', '100.64.0.1'],
    ['what tells a cloud’s secrets', '169.254.169.254'],
    ['the link', 'fe80::1'],
    ['many', '224.0.0.1'],
    ['many in IPv6', 'ff02::1'],
    ['all', '255.255.255.255'],
    ['an IPv4 address translated', '64:ff9b::a00:1'],
    ['an IPv4 address tunnelled', '2002:7f00:1::'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('connects to no name that leads to %s, %s', async (_name, address) => {
    const resolveHost = (): Promise<string[]> => Promise.resolve([address]);
    const refusal = fetcher({ hosts: ['images.test'], resolveHost }).fetch('http://images.test/');
    await expect(refusal).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      message: expect.stringContaining('its host has no address that is fetched from'),
    });
  });

  test('knows by itself where localhost leads', async () => {
    const { port } = await serve((_request, response) => void response.end(PICTURE));
    const url = `http://localhost:${port}/`;
    const named = fetcher({ hosts: [`localhost:${port}`] });
    await expect(named.fetch(url)).rejects.toMatchObject({ code: 'InvalidPicUrl' });
    const both = fetcher({ hosts: [`localhost:${port}`, '127.0.0.0/8'] });
    expect(Buffer.from(await both.fetch(url))).toEqual(PICTURE);
  });

  test('connects to the address that was checked, whatever the name says next', async () => {
    const asked: string[] = [];
    const { port } = await serve((request, response) => {
      asked.push(request.headers.host ?? '');
      response.end(PICTURE);
    });
    const answers = [['10.0.0.1', '127.0.0.1'], ['10.0.0.1']];
    const rebinding = fetcher({
      hosts: [`images.test:${port}`, '127.0.0.1'],
      resolveHost: () => Promise.resolve(answers.shift() ?? []),
    });
    expect(Buffer.from(await rebinding.fetch(`http://images.test:${port}/`))).toEqual(PICTURE);
    expect(answers).toEqual([['10.0.0.1']]);
    await expect(rebinding.fetch(`http://images.test:${port}/`)).rejects.toMatchObject({
      message: expect.stringContaining('no address that is fetched from'),
    });
    expect(asked).toEqual([`images.test:${port}`]);
  });

  test('follows three redirects inside the list', async () => {
    const { port } = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 0) response.end(PICTURE);
      else response.writeHead(302, { location: `/${step - 1}` }).end('moved');
    });
    const some = fetcher({ hosts: [`127.0.0.1:${port}`] });
    expect(Buffer.from(await some.fetch(`http://127.0.0.1:${port}/3`))).toEqual(PICTURE);
    await expect(some.fetch(`http://127.0.0.1:${port}/4`)).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      message: expect.stringContaining('too many redirects'),
    });
  });

  test.each([
    ['another port', (port: number) => `http://127.0.0.1:${port}/`, 'it redirects to a host that'],
    ['a name that is not listed', () => 'http://localhost/', 'it redirects to a host that'],
    ['a name that leads inside', () => 'http://inside.test/', 'has no address'],
    ['another scheme', () => 'file:///etc/passwd', 'it must be http or https'],
    ['a password', (port: number) => `http://a:b@127.0.0.1:${port}/`, 'no user name'],
  ])('follows no redirect to %s', async (_name, target, why) => {
    const inside = await serve(() => {
      throw new Error('nobody may come here');
    });
    const { port } = await serve((_request, response) => {
      response.writeHead(301, { location: target(inside.port) }).end();
    });
    const some = fetcher({
      hosts: [`127.0.0.1:${port}`, 'inside.test'],
      resolveHost: () => Promise.resolve(['10.0.0.1']),
    });
    await expect(some.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      message: expect.stringContaining(why),
    });
  });

  test.each<[string, string, RequestListener]>([
    ['a missing picture', 'status 404', (_request, response) => void response.writeHead(404).end()],
    [
      'a compressed answer',
      'sent it compressed',
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    ],
    ['a broken connection', 'not be reached', (request) => void request.socket.destroy()],
    [
      'an answer that stops half-way',
      'not be reached',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => request.socket.destroy());
      },
    ],
  ])('refuses %s', async (_name, why, listener) => {
    const { port } = await serve(listener);
    const refusal = fetcher({ hosts: [`127.0.0.1:${port}`] }).fetch(`http://127.0.0.1:${port}/`);
    await expect(refusal).rejects.toMatchObject({
      code: 'InvalidPicUrl',
      message: expect.stringContaining(why),
    });
  });

  test('reads as much as a picture may have, and no byte more', async () => {
    let sent = 0;
    const { port } = await serve((request, response) => {
      if (request.url === '/told') response.writeHead(200, { 'content-length': '2000' });
      if (request.url !== '/endless')
        return void response.end(Buffer.alloc(request.url === '/full' ? 1000 : 2000));
      const more = (): void => {
        sent += 1;
        response.write(Buffer.alloc(500), more);
      };
      more();
    });
    const small = fetcher({ hosts: [`127.0.0.1:${port}`], limits: { maxBytes: 1000 } });
    const url = `http://127.0.0.1:${port}`;
    expect(await small.fetch(`${url}/full`)).toHaveLength(1000);
    for (const path of ['/told', '/untold', '/endless'])
      await expect(small.fetch(url + path)).rejects.toMatchObject({ code: 'InvalidPicContent' });
    const atTheEnd = sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent - atTheEnd).toBeLessThanOrEqual(1000);
  });

  test.each<[string, Partial<PictureFetcherOptions>, RequestListener]>([
    ['a host that says nothing', { limits: { idleMs: 50 } }, () => undefined],
    [
      'a host that stops in the middle',
      { limits: { idleMs: 50 } },
      (_request, response) => void response.write('some'),
    ],
    [
      'a host that sends a byte now and then',
      { limits: { totalMs: 200, idleMs: 10_000 } },
      (_request, response) => {
        const timer = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'a name server that says nothing',
      { limits: { totalMs: 50 }, resolveHost: () => new Promise(() => undefined) },
      () => undefined,
    ],
  ])('does not wait for %s', async (_name, options, listener) => {
    const { port } = await serve(listener);
    const impatient = fetcher({ hosts: [`images.test:${port}`, '127.0.0.1'], ...options });
    await expect(impatient.fetch(`http://images.test:${port}/`)).rejects.toMatchObject({
      code: 'TimeoutForTransferImage',
      status: 400,
    });
  });

  test('ends with the client, and closes what it had open', async () => {
    const client = new AbortController();
    const gone = new Error('the client has gone');
    let closed: Promise<unknown> = Promise.resolve();
    const { port } = await serve((request, response) => {
      closed = once(request.socket, 'close');
      response.write('some');
      client.abort(gone);
    });
    const some = fetcher({ hosts: [`127.0.0.1:${port}`] });
    await expect(some.fetch(`http://127.0.0.1:${port}/`, client.signal)).rejects.toBe(gone);
    await closed;
    await expect(some.fetch(`http://127.0.0.1:${port}/`, client.signal)).rejects.toBe(gone);
  });
});

function fetcher(options: PictureFetcherOptions): PictureFetcher {
  return new PictureFetcher({ ...resolveHere(options), ...options });
}

/** Names under `.test` lead to this machine. */
function resolveHere({ hosts }: PictureFetcherOptions) {
  return hosts.some((host) => host.includes('.test'))
    ? { resolveHost: () => Promise.resolve(['127.0.0.1']) }
    : {};
}

async function serve(listener: RequestListener): Promise<{ readonly port: number }> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<{ readonly port: number }> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}
