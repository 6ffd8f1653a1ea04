import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { CredentialStore } from '../auth/credentials.ts';
import { decide } from '../auth/rights.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { requireBearerKey } from './bearer-key.ts';
import { isLocalRequest, isLoopback } from './local-request.ts';
import { replyBytes } from './reply-bytes.ts';

export const METRICS_PATH = '/metrics';

export interface MetricsPageOptions {
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  readonly credentials: Pick<CredentialStore, 'find'>;
  /** The address that the main port listens on. */
  readonly host: string;
}

/**
 * `GET /metrics` on the main port: open to programs on this machine where nobody else can reach the port,
 * else for keys that administer every instance.
 */
export class MetricsPage {
  readonly #options: MetricsPageOptions;

  constructor(options: MetricsPageOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} as `requireBearerKey`; `NoPermission` for a key that does not administer */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics, credentials, host } = this.#options;
    if (!isLoopback(host) || !isLocalRequest(request)) {
      const { rights } = await requireBearerKey(request.headers.authorization, credentials);
      const asked = { role: 'admin', collections: 'every', creates: false } as const;
      if (decide(rights, asked) !== 'allowed') throw new ApiError('NoPermission');
    }
    await replyBytes(response, { type: metrics.contentType, body: await metrics.render() });
  }
}
