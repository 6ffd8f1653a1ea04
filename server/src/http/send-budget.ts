import type { ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

export interface SendBudgetOptions {
  /** Bytes that may be on their way to clients at once. */
  readonly maxBytes: number;
  /** How long an answer may be on its way; then its connection is cut. */
  readonly timeoutMs: number;
}

const RETRY_AFTER_MS = 1000;

/** Bounds the memory that large answers hold, however slowly their clients read. */
export class SendBudget {
  readonly #options: SendBudgetOptions;
  #held = 0;

  constructor(options: SendBudgetOptions) {
    this.#options = options;
  }

  /**
   * Runs a task that answers with about so many bytes, and resolves when they are out.
   *
   * @throws {ApiError} `ServiceUnavailable` where too many are on their way
   */
  async run(bytes: number, response: ServerResponse, send: () => Promise<void>): Promise<void> {
    const { maxBytes, timeoutMs } = this.#options;
    if (this.#held + bytes > maxBytes) {
      throw new ApiError('ServiceUnavailable', { retryAfterMs: RETRY_AFTER_MS });
    }
    this.#held += bytes;
    const timer = setTimeout(() => response.destroy(), timeoutMs);
    try {
      await send();
    } finally {
      clearTimeout(timer);
      this.#held -= bytes;
    }
  }
}
