import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Connections } from './connections.ts';
import { writeBrokenRequestReply } from './broken-request.ts';
import { InFlight } from './in-flight.ts';
import {
  HEAD_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_HEADERS,
  MAX_HEAD_BYTES,
  REQUEST_TIMEOUT_MS,
  STOP_GRACE_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
} from './limits.ts';
import { hasBody } from './receive-body.ts';

/** A certificate chain and its key, PEM. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

export interface ListenerOptions {
  readonly handle: RequestListener;
  /** Whether the client is to be told to go on and send the body it announced. */
  readonly wantsBody: (request: IncomingMessage) => boolean;
  readonly newRequestId: () => string;
  readonly connections: Connections;
  /** Told why a connection was not accepted. */
  readonly onError: (error: unknown) => void;
  readonly headTimeoutMs?: number;
  readonly stopGraceMs?: number;
}

/** The first byte of every TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16;

/**
 * One TCP port for HTTP/1.1, plain and over TLS: the first byte tells.
 *
 * The HTTP servers inside never listen themselves, hence what is done by hand here: Node arms their
 * timeouts on `listening`, and their `close` waits for nothing.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #tcp = createTcpServer((socket) => this.#decide(socket));
  readonly #plain: Server;
  readonly #tls: TlsServer;
  readonly #undecided = new Set<Socket>();
  readonly #inFlight = new InFlight(() => this.#onIdle?.());
  #isStopping = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const headersTimeout = options.headTimeoutMs ?? HEAD_TIMEOUT_MS;
    const settings: ServerOptions = {
      headersTimeout,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      // Node would answer its absence without JSON; the schemes that need it ask for it.
      requireHostHeader: false,
    };
    this.#plain = createServer(settings);
    this.#tls = createTlsServer({
      ...settings,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      handshakeTimeout: headersTimeout,
    });
    for (const server of [this.#plain, this.#tls]) this.#attach(server);
  }

  /** The certificate for connections from now on. */
  setTls(material: TlsMaterial): void {
    this.#tls.setSecureContext(material);
  }

  /** Rejects with `EADDRINUSE` and the like. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    this.#tcp.listen({ host, port });
    await once(this.#tcp, 'listening');
    // A connection that could not be accepted, for want of a file handle say, is lost alone.
    this.#tcp.on('error', this.#options.onError);
    return this.#tcp.address() as AddressInfo;
  }

  /** Accepts nothing more, finishes what is in flight, within a grace. */
  async close(): Promise<void> {
    this.#isStopping = true;
    const isClosed = new Promise((resolve) => this.#tcp.close(resolve));
    for (const socket of this.#undecided) socket.destroy();
    for (const response of this.#inFlight.all()) if (!response.headersSent) closeAfter(response);
    this.#plain.closeIdleConnections();
    this.#tls.closeIdleConnections();
    await this.#untilIdle();
    for (const server of [this.#plain, this.#tls]) {
      server.closeAllConnections();
      server.close();
    }
    await isClosed;
  }

  async #untilIdle(): Promise<void> {
    if (this.#inFlight.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.stopGraceMs ?? STOP_GRACE_MS);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits for the first byte, within the time for a head. */
  #decide(socket: Socket): void {
    if (!this.#options.connections.admit(socket)) return;
    this.#undecided.add(socket);
    const destroy = (): void => {
      socket.destroy();
    };
    socket.setTimeout(this.#options.headTimeoutMs ?? HEAD_TIMEOUT_MS, destroy);
    socket.once('error', destroy).once('close', () => this.#undecided.delete(socket));
    socket.once('data', (first: Buffer) => {
      this.#undecided.delete(socket);
      socket.setTimeout(0);
      socket.off('timeout', destroy).off('error', destroy).pause().unshift(first);
      const server = first[0] === TLS_HANDSHAKE ? this.#tls : this.#plain;
      server.emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  #attach(server: Server | TlsServer): void {
    // One more than is accepted, so that too many are seen.
    server.maxHeadersCount = MAX_HEADERS + 1;
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      if (!this.#inFlight.add(response, request.socket)) return;
      if (this.#isStopping) closeAfter(response);
      this.#occupy(request, response);
      this.#options.handle(request, response);
    };
    server.on('request', handle);
    // Whoever waits before sending hears of a body that is too large at once.
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#options.wantsBody(request)) response.writeContinue();
      handle(request, response);
    });
    server.on('checkExpectation', handle);
    server.on('clientError', (error: Error & { readonly code?: string }, socket: Duplex) => {
      writeBrokenRequestReply(error.code, socket, this.#options.newRequestId());
    });
    server.emit('listening');
  }

  /** The connection counts as idle until the request is whole: a slow sender makes room for others. */
  #occupy(request: IncomingMessage, response: ServerResponse): void {
    let free: (() => void) | undefined;
    const begin = (): void => {
      free ??= this.#options.connections.begin(request.socket);
    };
    if (hasBody(request)) request.once('end', begin);
    else begin();
    response.once('close', () => {
      request.off('end', begin);
      free?.();
    });
  }
}

function closeAfter(response: ServerResponse): void {
  response.setHeader('Connection', 'close');
}
