import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { Authenticator, OnClaim } from '../auth/authenticator.ts';
import { decide } from '../auth/rights.ts';
import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { auditDenials } from './denials.ts';
import { isLocalRequest, isLoopback } from './local-request.ts';
import { replyBytes } from './reply-bytes.ts';

export const METRICS_PATH = '/metrics';

export interface MetricsPageOptions {
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>;
  readonly authenticator: Pick<Authenticator, 'authenticateBearer'>;
  readonly audit: Pick<AuditLog, 'note'>;
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

  /** @throws {ApiError} as `Authenticator.authenticateBearer`; `NoPermission` for a key that does not administer */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    log: Pick<RequestLog, 'id' | 'client'>,
  ): Promise<void> {
    const { metrics, audit, host } = this.#options;
    const { authorization } = request.headers;
    if (!isLoopback(host) || !isLocalRequest(request)) {
      await auditDenials(audit, { action: `GET ${METRICS_PATH}`, log }, (onClaim) =>
        this.#requireAdministrator(authorization, onClaim),
      );
    }
    await replyBytes(response, { type: metrics.contentType, body: await metrics.render() });
  }

  async #requireAdministrator(authorization: string | undefined, onClaim: OnClaim): Promise<void> {
    const { authenticator } = this.#options;
    const { rights } = await authenticator.authenticateBearer(authorization, onClaim);
    const asked = { role: 'admin', collections: 'every', creates: false } as const;
    if (decide(rights, asked) !== 'allowed') throw new ApiError('NoPermission');
  }
}
