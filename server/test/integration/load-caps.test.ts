import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { startGateway, type GatewayServer } from '../support/gateway-server.ts';
import { acs3Request, callAction, send } from '../support/signed-call.ts';
import { until } from '../support/until.ts';

const DETAIL = { action: 'Detail', query: { InstanceName: 'demo' } };
const HEALTH = { method: 'GET', path: '/healthz', headers: {}, body: '' };
const MEBIBYTE = 1024 * 1024;

let dataDir: string;
let server: GatewayServer | undefined;
let sockets: Socket[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-caps-'));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.stop();
  await rm(dataDir, { recursive: true });
});

async function start(environment: Readonly<Record<string, string>>): Promise<number> {
  server = await startGateway({ dataDir, environment });
  return server.port;
}

/** An open connection from any address of the loopback network. */
async function open(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  sockets.push(socket);
  const seen = connections().open + connections().refused;
  await new Promise((resolve) => socket.once('connect', resolve));
  await until(() => connections().open + connections().refused > seen);
  return socket;
}

const connections = () => server!.services.admission.load.connections;
const requests = () => server!.services.admission.load.requests;

/** Searches wait until the function that is returned is called. */
function holdSearches(): () => void {
  const search = server!.catalog.search.bind(server!.catalog);
  const hold = new EventEmitter();
  server!.catalog.search = async (...args) => {
    await once(hold, 'go');
    return search(...args);
  };
  return () => void hold.emit('go');
}

const openOf = (all: readonly Socket[]): readonly boolean[] => all.map((each) => !each.closed);

describe('connections', () => {
  test('beyond the cap close the one that has been idle for longest', async () => {
    const port = await start({ LIKENESS_MAX_CONNECTIONS: '3' });
    const all = [await open(port), await open(port), await open(port)];
    // The oldest speaks, so that it is idle for the shortest time.
    all[0]?.write('GET /healthz HTTP/1.1\r\n\r\n');
    await once(all[0]!, 'data');
    expect((await send(port, HEALTH)).status).toBe(200);
    await until(() => all[1]?.closed);
    expect(openOf(all)).toEqual([true, false, true]);
    expect(connections().refused).toBe(1);
  });

  test('that still send a body count as idle, and those whose request is worked on do not', async () => {
    const port = await start({ LIKENESS_MAX_CONNECTIONS: '2' });
    const busy = await open(port);
    const release = holdSearches();
    const body = 'InstanceName=demo&PicContent=AAAA';
    const wire = acs3Request(port, { action: 'SearchImageByPic', rawBody: body });
    const head = Object.entries(wire.headers).map(([name, value]) => `${name}: ${value}`);
    const heard: Buffer[] = [];
    busy.on('data', (chunk: Buffer) => heard.push(chunk));
    busy.write(`POST / HTTP/1.1\r\n${head.join('\r\n')}\r\ncontent-length: 33\r\n\r\n${body}`);
    await until(() => requests().taken === 1);
    const slow = await open(port);
    slow.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
    expect((await send(port, HEALTH)).status).toBe(200);
    await until(() => slow.closed);
    release();
    await until(() => heard.length > 0);
    expect(openOf([busy, slow])).toEqual([true, false]);
    expect(Buffer.concat(heard).toString()).toMatch(/^HTTP\/1\.1 200 /u);
  });

  test('of one address have a cap of their own', async () => {
    const port = await start({ LIKENESS_MAX_CONNECTIONS_PER_ADDRESS: '2' });
    const own = [await open(port), await open(port), await open(port)];
    const other = await open(port, '127.0.0.2');
    await until(() => own[2]?.closed);
    expect(openOf([...own, other])).toEqual([true, true, false, true]);
  });

  test('of a trusted proxy have no cap of their own, and are never closed for others', async () => {
    const port = await start({
      LIKENESS_MAX_CONNECTIONS: '3',
      LIKENESS_MAX_CONNECTIONS_PER_ADDRESS: '1',
      LIKENESS_TRUSTED_PROXIES: '127.0.0.1',
    });
    const proxies = [await open(port), await open(port)];
    const clients = [await open(port, '127.0.0.2'), await open(port, '127.0.0.3')];
    await until(() => clients[0]?.closed);
    expect(openOf([...proxies, ...clients])).toEqual([true, true, false, true]);
  });
});

test('answers that a client does not wait for are let go, also behind one another', async () => {
  const port = await start({});
  const release = holdSearches();
  const socket = await open(port);
  const wire = (): string => {
    const rawBody = 'InstanceName=demo&PicContent=AAAA';
    const { headers } = acs3Request(port, { action: 'SearchImageByPic', rawBody });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: 33\r\n\r\n${rawBody}`;
  };
  socket.write(wire() + wire() + wire());
  await until(() => requests().taken === 3);
  expect(requests().taken).toBe(3);
  socket.destroy();
  await until(() => connections().open === 0);
  release();
  await until(() => requests().taken === 0);
  expect(requests().taken).toBe(0);
});

test('a connection that sends on and on without waiting for answers is cut', async () => {
  const port = await start({});
  const socket = await open(port);
  socket.resume().write('GET /healthz HTTP/1.1\r\n\r\n'.repeat(100));
  await until(() => socket.closed);
  expect(socket.closed).toBe(true);
});

test('a request with too many headers is refused', async () => {
  const port = await start({});
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`x-${i}`, 'a']));
  const answer = await send(port, { ...HEALTH, headers: many });
  expect([answer.status, answer.json['Code']]).toEqual([431, 'RequestHeaderTooLarge']);
});

test('bodies that would take too much memory together are told to come back', async () => {
  const port = await start({ LIKENESS_BODY_MEMORY_MB: '16' });
  const rawBody = `InstanceName=demo&CustomContent=${'x'.repeat(6 * MEBIBYTE)}`;
  const search = { action: 'Detail', rawBody };
  const answers = await Promise.all([1, 2, 3, 4].map(() => callAction(port, search)));
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.json['Code']).toBe('ServiceUnavailable');
  expect(Number(refused[0]?.headers['x-acs-retry-after'])).toBeGreaterThan(0);
  await until(() => server?.services.admission.load.bodyBytes === 0);
  expect(server?.services.admission.load.bodyBytes).toBe(0);
  expect((await callAction(port, DETAIL)).status).toBe(200);
});
