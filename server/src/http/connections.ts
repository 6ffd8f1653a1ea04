import type { Socket } from 'node:net';

import { clientGroup, type ClientAddresses } from './client-addresses.ts';

export interface ConnectionsOptions {
  readonly maxConnections: number;
  /** Of one client; trusted proxies have none. */
  readonly maxPerAddress: number;
  readonly addresses: ClientAddresses;
}

export interface ConnectionsLoad {
  readonly open: number;
  /** Connections that were closed for want of room: as they came, or because they were idle. */
  readonly refused: number;
}

interface OpenConnection {
  readonly socket: Socket;
  readonly group: string | undefined;
  requests: number;
}

/**
 * Counts connections, and makes room: where all places are taken, the connection that has been idle for
 * longest ends. Idle is every one without a request that has arrived whole, slow senders included.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #open = new Map<string, OpenConnection>();
  readonly #perGroup = new Map<string, number>();
  /** Those that may be ended, idle for longest first. */
  readonly #idle = new Map<string, OpenConnection>();
  #refused = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get load(): ConnectionsLoad {
    return { open: this.#open.size, refused: this.#refused };
  }

  /** Takes a new connection in, or closes it. Whether it stays. */
  admit(socket: Socket): boolean {
    const group = this.#groupOf(socket);
    // One that has gone already has no address.
    if (socket.remoteAddress === undefined || !this.#hasRoom(group)) {
      this.#refused += 1;
      socket.destroy();
      return false;
    }
    const name = nameOf(socket);
    const connection: OpenConnection = { socket, group, requests: 0 };
    this.#open.set(name, connection);
    if (group !== undefined) {
      this.#perGroup.set(group, (this.#perGroup.get(group) ?? 0) + 1);
      this.#idle.set(name, connection);
    }
    socket.once('close', () => this.#forget(name, connection));
    return true;
  }

  /** A request has arrived whole on the connection of `socket`, which may be the TLS socket over it. */
  begin(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): () => void {
    const name = nameOf(socket);
    const connection = this.#open.get(name);
    if (connection === undefined) return () => undefined;
    connection.requests += 1;
    this.#idle.delete(name);
    return () => {
      connection.requests -= 1;
      const isOpen = this.#open.get(name) === connection && connection.group !== undefined;
      if (isOpen && connection.requests === 0) this.#idle.set(name, connection);
    };
  }

  #hasRoom(group: string | undefined): boolean {
    const { maxConnections, maxPerAddress } = this.#options;
    if (group !== undefined && (this.#perGroup.get(group) ?? 0) >= maxPerAddress) return false;
    if (this.#open.size < maxConnections) return true;
    const [longest] = this.#idle;
    if (longest === undefined) return false;
    const [name, connection] = longest;
    this.#refused += 1;
    // Its close comes later: the place is free now.
    this.#forget(name, connection);
    connection.socket.destroy();
    return true;
  }

  /** Undefined for a proxy, whose connections are many clients'. */
  #groupOf({ remoteAddress }: Socket): string | undefined {
    const { addresses } = this.#options;
    return addresses.isTrusted(remoteAddress) ? undefined : clientGroup(remoteAddress ?? '');
  }

  #forget(name: string, connection: OpenConnection): void {
    const { group } = connection;
    if (this.#open.get(name) !== connection) return;
    this.#open.delete(name);
    this.#idle.delete(name);
    if (group === undefined) return;
    const left = (this.#perGroup.get(group) ?? 1) - 1;
    if (left === 0) this.#perGroup.delete(group);
    else this.#perGroup.set(group, left);
  }
}

/** The same for a connection's TCP and its TLS socket, and for no other that is open. */
function nameOf({
  remoteAddress,
  remotePort,
}: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}
