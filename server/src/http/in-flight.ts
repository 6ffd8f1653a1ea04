import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { MAX_PIPELINED } from './limits.ts';

/**
 * The answers that are not out yet, by connection.
 *
 * Node tells only the first of a connection's answers that its client has gone; those of requests that
 * were pipelined behind it would wait for ever, and so would what they hold.
 */
export class InFlight {
  readonly #all = new Set<ServerResponse>();
  readonly #bySocket = new WeakMap<Socket, Set<ServerResponse>>();
  readonly #onIdle: () => void;

  /** @param onIdle called whenever the last answer has gone */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get size(): number {
    return this.#all.size;
  }

  all(): Iterable<ServerResponse> {
    return this.#all;
  }

  /** Takes an answer up until it closes. False where the connection has too many, which ends it. */
  add(response: ServerResponse, socket: Socket): boolean {
    const own = this.#ownOf(socket);
    if (own.size >= MAX_PIPELINED) {
      socket.destroy();
      return false;
    }
    own.add(response);
    this.#all.add(response);
    response.once('close', () => {
      own.delete(response);
      this.#all.delete(response);
      if (this.#all.size === 0) this.#onIdle();
    });
    return true;
  }

  #ownOf(socket: Socket): Set<ServerResponse> {
    const known = this.#bySocket.get(socket);
    if (known !== undefined) return known;
    const own = new Set<ServerResponse>();
    this.#bySocket.set(socket, own);
    // After Node has told the one it tells.
    socket.once('close', () => setImmediate(() => own.forEach(closeUntold)));
    return own;
  }
}

function closeUntold(response: ServerResponse): void {
  response.destroy();
  response.emit('close');
}
