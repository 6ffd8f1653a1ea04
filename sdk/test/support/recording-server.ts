import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came over the socket. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to answer; `drop` closes the socket without a word, `hang` never answers. */
export type Reply =
  | 'drop'
  | 'hang'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: unknown;
    };

export interface RecordingServer {
  readonly endpoint: string;
  readonly requests: readonly RecordedRequest[];
  /** The replies of the next requests, in order; after them every request gets `{}`. */
  reply(...replies: readonly Reply[]): void;
  /** Resolves when the next request has come in whole. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

/** A real socket that writes down what it hears and answers what it was told. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const replies: Reply[] = [];
  const ears = new EventEmitter();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body: await buffer(request) });
    ears.emit('request');
    const reply = replies.shift() ?? { body: {} };
    if (reply === 'hang') return;
    if (reply === 'drop') return void request.socket.destroy();
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  };
  const server = createServer((request, response) => {
    // A client that gave up in the middle of its body has no answer to miss.
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    reply: (...next) => void replies.push(...next),
    nextRequest: async () => void (await once(ears, 'request')),
    close,
  };
}
