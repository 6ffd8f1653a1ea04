import { BodyBudget } from './body-budget.ts';
import { ClientAddresses } from './client-addresses.ts';
import { Connections, type ConnectionsLoad } from './connections.ts';
import {
  MAX_REQUESTS,
  MAX_REQUESTS_PER_CLIENT,
  MAX_UPLOADS,
  MAX_UPLOADS_PER_KEY,
} from './limits.ts';
import { fitConnections } from './open-file-limit.ts';
import { RequestSlots } from './request-slots.ts';

export interface AdmissionOptions {
  readonly trustedProxies: readonly string[];
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly bodyMemoryBytes: number;
  /** Files that this process may have open; undefined if the system does not tell. */
  readonly maxOpenFiles: number | undefined;
}

/** What the port holds, and what it turned away since the start. */
export interface AdmissionLoad {
  readonly connections: ConnectionsLoad;
  readonly requests: { readonly taken: number; readonly refused: number };
  readonly uploads: { readonly taken: number; readonly refused: number };
  readonly bodyBytes: number;
}

/** Who gets in: the counters that connections, bodies and requests pass before any work is done. */
export class Admission {
  readonly addresses: ClientAddresses;
  readonly connections: Connections;
  readonly bodies: BodyBudget;
  readonly slots: RequestSlots;
  /** Of uploads that arrive, by access key. */
  readonly uploads: RequestSlots;

  constructor(options: AdmissionOptions) {
    this.addresses = new ClientAddresses(options.trustedProxies);
    this.connections = new Connections({
      maxConnections: fitConnections(options.maxConnections, options.maxOpenFiles),
      maxPerAddress: options.maxConnectionsPerAddress,
      addresses: this.addresses,
    });
    this.bodies = new BodyBudget(options.bodyMemoryBytes);
    this.slots = new RequestSlots({
      maxRequests: MAX_REQUESTS,
      maxPerClient: MAX_REQUESTS_PER_CLIENT,
    });
    this.uploads = new RequestSlots({
      maxRequests: MAX_UPLOADS,
      maxPerClient: MAX_UPLOADS_PER_KEY,
    });
  }

  get load(): AdmissionLoad {
    const { connections, slots, uploads, bodies } = this;
    return {
      connections: connections.load,
      requests: slots.load,
      uploads: uploads.load,
      bodyBytes: bodies.held,
    };
  }
}
