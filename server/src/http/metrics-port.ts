import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Metrics } from '../metrics/metrics.ts';
import { METRICS_PATH } from './metrics-page.ts';
import { replyBytes } from './reply-bytes.ts';

const LOOPBACK = '127.0.0.1';
/** A scraper asks for one small page. */
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 32;

export interface MetricsPortOptions {
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  readonly onError: (error: unknown) => void;
}

/** A port of this machine's own that tells the metrics to whoever asks, without a key. */
export class MetricsPort {
  readonly #options: MetricsPortOptions;
  readonly #server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => void this.#answer(request, response),
  );

  constructor(options: MetricsPortOptions) {
    this.#options = options;
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Rejects with `EADDRINUSE` and the like. */
  async listen(port: number): Promise<AddressInfo> {
    this.#server.listen({ host: LOOPBACK, port });
    await once(this.#server, 'listening');
    this.#server.on('error', this.#options.onError);
    return this.#server.address() as AddressInfo;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, onError } = this.#options;
    const isMetrics = request.url?.split('?', 1)[0] === METRICS_PATH;
    if (!isMetrics || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    try {
      await replyBytes(response, { type: metrics.contentType, body: await metrics.render() });
    } catch (error) {
      onError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }
}
