import { ApiError } from '@likeness/shared/errors';

import type { RecordStore } from '../store/record-store.ts';

/** Rest between two tries to reopen a store that could not write. */
const REOPEN_REST_MS = 1_000;
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);

export interface StoreGuardOptions {
  readonly records: RecordStore;
  readonly now: () => number;
  /** Runs `reopen` while no write is under way, and brings memory in line: unacknowledged writes may be there. */
  readonly onFailed: (reopen: () => Promise<void>) => Promise<void>;
}

/** Stands before every write: after a failed one the store is reopened before the next is tried. */
export class StoreGuard {
  readonly #options: StoreGuardOptions;
  #recovery: Promise<void> | undefined;
  #lastTryMs = Number.NEGATIVE_INFINITY;
  #lastError: unknown;
  #inLine = true;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
  }

  /** Runs a write. Throws `InsufficientStorage` or `ServiceUnavailable` when it cannot be stored. */
  async write<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      if (this.#options.records.failed || !this.#inLine) await this.#recover();
      return await task();
    } catch (error) {
      throw describeFailure(error);
    }
  }

  /** Throws `ServiceUnavailable` for a write that began before another one failed. */
  requireInLine(): void {
    if (this.#options.records.failed || !this.#inLine) throw new ApiError('ServiceUnavailable');
  }

  async #recover(): Promise<void> {
    this.#recovery ??= this.#tryOnce().finally(() => {
      this.#recovery = undefined;
    });
    await this.#recovery;
  }

  async #tryOnce(): Promise<void> {
    const nowMs = this.#options.now();
    // A clock that was set back must not forbid writing until it has caught up.
    if (Math.abs(nowMs - this.#lastTryMs) < REOPEN_REST_MS) throw this.#lastError;
    this.#lastTryMs = nowMs;
    this.#inLine = false;
    try {
      const { records, onFailed } = this.#options;
      await onFailed(async () => {
        if (records.failed) await records.reopen();
      });
      this.#inLine = true;
    } catch (error) {
      this.#lastError = error;
      throw error;
    }
  }
}

/** What the caller is told: no room, or try again later. Anything else stays what it is. */
function describeFailure(error: unknown): unknown {
  if (ApiError.is(error)) return error;
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  const causeCode = (cause as { readonly code?: unknown } | undefined)?.code;
  if (NO_ROOM.has(code) || NO_ROOM.has(causeCode)) {
    return new ApiError('InsufficientStorage', { cause: error });
  }
  const isOutage =
    code === 'StoreFailed' || typeof (error as NodeJS.ErrnoException).errno === 'number';
  return isOutage ? new ApiError('ServiceUnavailable', { cause: error }) : error;
}
