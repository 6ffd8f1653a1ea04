import { ApiError } from '@likeness/shared/errors';

export interface RequestSlotsOptions {
  readonly maxRequests: number;
  /** Of one client. */
  readonly maxPerClient: number;
}

const RETRY_AFTER_MS = 1000;

/** Counts the requests that are worked on, all together and by client. */
export class RequestSlots {
  readonly #options: RequestSlotsOptions;
  readonly #perClient = new Map<string, number>();
  #taken = 0;
  #refused = 0;

  constructor(options: RequestSlotsOptions) {
    this.#options = options;
  }

  get load(): { readonly taken: number; readonly refused: number } {
    return { taken: this.#taken, refused: this.#refused };
  }

  /** Throws `ServiceUnavailable`, and when to come back, where another request of `client` is one too many. */
  requireRoom(client: string): void {
    const { maxRequests, maxPerClient } = this.#options;
    const isFull = this.#taken >= maxRequests || this.#countOf(client) >= maxPerClient;
    if (!isFull) return;
    this.#refused += 1;
    throw new ApiError('ServiceUnavailable', { retryAfterMs: RETRY_AFTER_MS });
  }

  /** Takes a place, until the function that is returned is called. Throws as {@link requireRoom}. */
  take(client: string): () => void {
    this.requireRoom(client);
    this.#taken += 1;
    this.#perClient.set(client, this.#countOf(client) + 1);
    return () => {
      this.#taken -= 1;
      const left = this.#countOf(client) - 1;
      if (left === 0) this.#perClient.delete(client);
      else this.#perClient.set(client, left);
    };
  }

  #countOf(client: string): number {
    return this.#perClient.get(client) ?? 0;
  }
}
