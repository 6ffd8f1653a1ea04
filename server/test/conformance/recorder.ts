/** Stands between an SDK and a server, passes bytes on, and can send what it passed a second time. */
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { Outcome } from './judgement.ts';

export interface Recorder {
  /** Host and port. */
  readonly address: string;
  /** Forgets what it passed. */
  clear(): void;
  /** Sends the last connection's bytes again; what the server then says. */
  replay(): Promise<Outcome>;
  close(): Promise<void>;
}

const REPLAY_TIMEOUT_MS = 10_000;

/** @param server host and port, plain HTTP */
export async function openRecorder(server: string): Promise<Recorder> {
  const [host = '', port] = server.split(':');
  const connect = () => createConnection({ host, port: Number(port) });
  let passed: Buffer[] = [];
  const relay = createServer((client) => {
    const upstream = connect();
    const connection: Buffer[] = [];
    passed = connection;
    client.on('data', (bytes) => connection.push(bytes));
    for (const socket of [client, upstream]) {
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  relay.listen(0, host);
  await once(relay, 'listening');
  return {
    address: `${host}:${(relay.address() as AddressInfo).port}`,
    clear: () => {
      passed = [];
    },
    replay: async () => {
      const socket = connect();
      socket.setTimeout(REPLAY_TIMEOUT_MS, () => socket.destroy());
      socket.write(Buffer.concat(passed));
      return readOutcome(socket);
    },
    close: async () => {
      relay.close();
      await once(relay, 'close');
    },
  };
}

async function readOutcome(socket: AsyncIterable<Buffer>): Promise<Outcome> {
  let text = '';
  for await (const bytes of socket) {
    text += bytes.toString();
    const [, status, json] = /^HTTP\/1\.1 (\d+)[^]*?\r\n\r\n[^{]*(\{[^]*\})/u.exec(text) ?? [];
    if (json === undefined) continue;
    const body = JSON.parse(json) as { readonly Code?: unknown; readonly Message?: string };
    if (Number(status) < 400) return { body };
    const { Code, Message = '' } = body;
    return { error: { code: String(Code), status: Number(status), message: Message } };
  }
  return { error: { code: 'none', message: 'the server closed the connection without an answer' } };
}
