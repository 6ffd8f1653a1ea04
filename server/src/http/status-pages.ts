import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CatalogHealth } from '../catalog/catalog-health.ts';
import { replyJson } from './reply.ts';

export interface StatusPagesOptions {
  /** Whether requests would be served now. */
  readonly isReady: () => boolean;
  readonly health: () => Promise<Pick<CatalogHealth, 'damageCounts' | 'isWritable'>>;
}

/** `/healthz` and `/readyz`, for whoever starts, stops and routes to servers. No key is asked for, so little is told. */
export class StatusPages {
  readonly #options: StatusPagesOptions;

  constructor(options: StatusPagesOptions) {
    this.#options = options;
  }

  /** 200 as long as the process answers: a server that does not should be started again. */
  serveHealth(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return replyJson(request, response, { status: 200, body: { Status: 'ok' } });
  }

  /**
   * 200 while requests are served, 503 before and after. Damage and a disk without room leave it at 200: what is
   * whole is served, and what cannot be written is refused by itself.
   */
  async serveReadiness(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { isReady, health } = this.#options;
    const { damageCounts, isWritable } = await health();
    const damage = Object.entries(damageCounts).filter(([, count]) => count > 0);
    const body = {
      Status: isReady() ? 'ready' : 'not ready',
      Writable: isWritable,
      Damage: Object.fromEntries(damage),
    };
    return replyJson(request, response, { status: isReady() ? 200 : 503, body });
  }
}
