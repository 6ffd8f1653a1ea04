import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { Admission } from '../../src/http/admission.ts';
import { Listener } from '../../src/http/listener.ts';
import { createAuthority, issueCertificate } from '../../src/http/certificate-authority.ts';
import type { CallOptions } from '../../src/catalog/catalog.ts';
import { startGateway, type GatewayServer } from '../support/gateway-server.ts';
import { talk } from '../support/raw-socket.ts';
import { acs3Request, callAction, send, type SignedCall } from '../support/signed-call.ts';

const DETAIL: SignedCall = { action: 'Detail', query: { InstanceName: 'demo' } };
const MEBIBYTE = 1024 * 1024;
const UNLIMITED = new Admission({
  trustedProxies: [],
  maxConnections: 1000,
  maxConnectionsPerAddress: 1000,
  bodyMemoryBytes: 100 * MEBIBYTE,
  maxOpenFiles: undefined,
});

let server: GatewayServer;
let dataDir: string;
let ca: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-edges-'));
  server = await startGateway({ dataDir });
  ca = await readFile(server.services.tls.identity.caFile ?? '', 'utf8');
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});

/** A signed request as bytes, its framing left to the caller. */
function headOf(call: SignedCall, framing: readonly string[]): string {
  const wire = acs3Request(server.port, call);
  const lines = Object.entries(wire.headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${wire.path} HTTP/1.1`, ...lines, ...framing, '', ''].join('\r\n');
}

describe('one port', () => {
  test('takes plain HTTP and TLS', async () => {
    const wire = (): ReturnType<typeof acs3Request> => acs3Request(server.port, DETAIL);
    expect((await send(server.port, wire())).status).toBe(200);
    expect((await send(server.port, wire(), { ca })).status).toBe(200);
  });

  test('speaks HTTP/1.1 alone, also to a client that offers HTTP/2', async () => {
    const socket = connectTls({
      port: server.port,
      host: '127.0.0.1',
      ca,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  test('keeps an idle connection for longer than 75 seconds', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await send(server.port, acs3Request(server.port, DETAIL), { agent });
    const timeout = /timeout=(\d+)/u.exec(String(first.headers['keep-alive']))?.[1];
    expect(Number(timeout)).toBeGreaterThanOrEqual(75);
    expect((await send(server.port, acs3Request(server.port, DETAIL), { agent })).status).toBe(200);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  test.each([
    ['is no HTTP', 'HELO likeness\r\n\r\n', 400],
    ['has a head beyond all measure', `GET /?${'x'.repeat(200_000)} HTTP/1.1\r\n\r\n`, 431],
  ])('answers JSON to what %s', async (_what, bytes, status) => {
    const answer = await talk(server.port, [bytes]);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      RequestId: expect.any(String),
      Code: expect.any(String),
    });
  });
});

describe('a client', () => {
  test('that sends no Host is answered in JSON', async () => {
    const answer = await talk(server.port, ['GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n']);
    expect(answer.text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"ok"/u);
  });

  test.each(['plain', 'TLS'])(
    'that leaves without a word leaves nothing behind (%s)',
    async (how) => {
      const before = openSockets();
      for (let i = 0; i < 10; i += 1) {
        const options = { port: server.port, host: '127.0.0.1' };
        const socket = how === 'TLS' ? connectTls({ ...options, ca }) : connect(options);
        socket.on('error', () => undefined);
        await new Promise((resolve) =>
          socket.once(how === 'TLS' ? 'secureConnect' : 'connect', resolve),
        );
        if (i % 2 === 0) socket.end();
        else socket.destroy();
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(openSockets()).toBe(before);
    },
  );
});

describe('an action', () => {
  test('hears that its client has gone, and nobody is answered', async () => {
    const before = server.logged.length;
    const search = server.catalog.search.bind(server.catalog);
    const hasHeard = new Promise<void>((resolve) => {
      server.catalog.search = async (_collection, _request, options?: CallOptions) => {
        await new Promise((done) => options?.signal?.addEventListener('abort', done));
        resolve();
        throw new Error('dropped');
      };
    });
    const call = { action: 'SearchImageByPic', rawBody: 'InstanceName=demo&PicContent=AAAA' };
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${headOf(call, ['content-length: 33'])}${call.rawBody}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.destroy();
    await hasHeard;
    server.catalog.search = search;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.logged.slice(before)).toMatchObject([
      { code: 'ClientGone', status: 499, instance: 'demo' },
    ]);
  });
});

describe('a body', () => {
  test('may be chunked, in any pieces', async () => {
    const head = headOf({ action: 'Detail', rawBody: 'InstanceName=demo' }, [
      'transfer-encoding: chunked',
      'connection: close',
    ]);
    const answer = await talk(server.port, [
      head,
      '6\r\nInstan\r\n',
      50,
      'b\r\nceName=demo\r\n0\r\n\r\n',
    ]);
    expect(answer.status).toBe(200);
  });

  test('is asked for with 100 Continue where the client waits', async () => {
    const head = headOf({ action: 'Detail', rawBody: 'InstanceName=demo' }, [
      'content-length: 17',
      'expect: 100-continue',
      'connection: close',
    ]);
    const { text } = await talk(server.port, [head, 100, 'InstanceName=demo']);
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/u);
  });

  test('over the limit is refused before it is sent where the client waits', async () => {
    const head = headOf({ action: 'Detail' }, [
      `content-length: ${14 * MEBIBYTE}`,
      'expect: 100-continue',
    ]);
    const answer = await talk(server.port, [head]);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('"Code":"RequestBodyTooLarge"');
  });

  test.each(['content-length', 'transfer-encoding'])(
    'over the limit is refused by %s',
    async (framing) => {
      const body = Buffer.alloc(20 * MEBIBYTE, 'x');
      const isChunked = framing === 'transfer-encoding';
      const head = headOf({ action: 'Detail' }, [
        `${framing}: ${isChunked ? 'chunked' : body.length}`,
      ]);
      const start = isChunked ? `${body.length.toString(16)}\r\n` : '';
      const before = server.logged.length;
      const answer = await talk(server.port, [head + start, body, '\r\n0\r\n\r\n']);
      expect(answer.status).toBe(413);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const line = { code: 'RequestBodyTooLarge', status: 413 };
      expect(server.logged.slice(before)).toMatchObject([line]);
    },
  );

  test('that takes longer than 5 seconds is TimeoutForTransferImage', async () => {
    const head = headOf({ action: 'Detail' }, ['content-length: 100']);
    const answer = await talk(server.port, [head, 'slow']);
    expect([answer.status, answer.text.includes('TimeoutForTransferImage')]).toEqual([400, true]);
    expect(answer.elapsedMs).toBeGreaterThan(4900);
    expect(answer.elapsedMs).toBeLessThan(9000);
  });

  test('that is large and hardly moves is refused long before', async () => {
    const head = headOf({ action: 'Detail' }, ['content-length: 1000000']);
    const answer = await talk(server.port, [head, Buffer.alloc(1000)]);
    expect([answer.status, answer.text.includes('TimeoutForTransferImage')]).toEqual([400, true]);
    // The refusal after two seconds, and two in which the client may read it.
    expect(answer.elapsedMs).toBeLessThan(4900);
  });

  test('whose client goes is no failure', async () => {
    const before = server.logged.length;
    const head = headOf({ action: 'Detail' }, ['content-length: 100']);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`${head}half`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const lines = server.logged.slice(before);
    expect(lines).toMatchObject([{ code: 'ClientGone' }]);
  });
});

describe('a listener', () => {
  const HEAD_TIMEOUT_MS = 1000;
  const told: unknown[] = [];

  async function withListener(
    use: (port: number, listener: Listener) => Promise<void>,
  ): Promise<void> {
    const listener = new Listener({
      handle: (_request, response) => {
        setTimeout(() => response.end('late'), 400);
      },
      wantsBody: () => true,
      onError: (error) => told.push(error),
      newRequestId: () => 'ID',
      connections: UNLIMITED.connections,
      headTimeoutMs: HEAD_TIMEOUT_MS,
    });
    const { port } = await listener.listen('127.0.0.1', 0);
    try {
      await use(port, listener);
    } finally {
      await listener.close();
    }
  }

  test('goes on when a connection cannot be accepted, and tells why', async () => {
    const listening = jest.spyOn(Server.prototype, 'listen');
    await withListener(async (port) => {
      const failure = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
      // As Node does where the process has no file handle left.
      (listening.mock.contexts.at(-1) as Server).emit('error', failure);
      expect(told).toEqual([failure]);
      const { text } = await send(port, { method: 'GET', path: '/', headers: {}, body: '' });
      expect(text).toBe('late');
    });
    listening.mockRestore();
  });

  test('cuts a connection that says nothing, and one whose head does not end', async () => {
    await withListener(async (port) => {
      const [silent, slow] = await Promise.all([
        talk(port, []),
        talk(port, ['GET / HTTP/1.1\r\n', 500, 'a: b\r\n', 500, 'c: d\r\n', 500, 'e: f\r\n']),
      ]);
      expect(silent.elapsedMs).toBeLessThan(5000);
      expect(slow.elapsedMs).toBeLessThan(6000);
      expect(slow.status).toBe(408);
    });
  });

  test('cuts them inside TLS too', async () => {
    await withListener(async (port, listener) => {
      const authority = await createAuthority(Date.now());
      listener.setTls(await issueCertificate(authority, ['127.0.0.1'], Date.now()));
      const startedMs = performance.now();
      const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert });
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n');
      await new Promise((resolve) => socket.once('close', resolve).resume());
      const halfHandshake = talk(port, [Buffer.from([0x16, 0x03, 0x01])]);
      expect(performance.now() - startedMs).toBeLessThan(6000);
      expect((await halfHandshake).elapsedMs).toBeLessThan(6000);
    });
  });

  test('finishes what is in flight when it closes, and ends idle connections', async () => {
    await withListener(async (port, listener) => {
      const agent = new Agent({ keepAlive: true });
      const wire = { method: 'GET', path: '/', headers: {}, body: '' };
      await send(port, wire, { agent });
      const late = send(port, wire, { agent: new Agent() });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const startedMs = performance.now();
      await listener.close();
      expect(performance.now() - startedMs).toBeLessThan(3000);
      const { text, headers } = await late;
      expect([text, headers.connection]).toEqual(['late', 'close']);
      await expect(send(port, wire)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });
  });
});

describe('nonces', () => {
  test('are remembered after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'likeness-restart-'));
    const first = await startGateway({ dataDir: folder });
    const nowMs = Date.now() + 2000;
    const call = { ...DETAIL, nonce: 'again', nowMs };
    expect((await callAction(first.port, call)).status).toBe(200);
    await first.stop();
    const second = await startGateway({ dataDir: folder });
    const { json } = await callAction(second.port, call);
    expect(json['Code']).toBe('SignatureNonceUsed');
    await second.stop();
    await rm(folder, { recursive: true });
  });
});

/** Of both sides: clients live in this process too. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length;
}
