import { ApiError } from '@likeness/shared/errors';

import type { Disk } from '../disk/disk.ts';
import { isDiskFailure, isNoRoom, isOutage } from '../store/level-outage.ts';
import type { RecordStore } from '../store/record-store.ts';

/** Rest between two tries to reopen a store that could not write. */
const REOPEN_REST_MS = 1_000;
/** How long a look at the free space is good for. */
const FREE_SPACE_MS = 500;
const NO_ROOM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
/** A store that could not write, and one that could not be reopened since. */
const STORE_DOWN: ReadonlySet<unknown> = new Set(['StoreFailed', 'StoreUnreadable']);

export interface StoreGuardOptions {
  readonly records: RecordStore;
  readonly disk: Pick<Disk, 'freeBytes'>;
  /** Where the data lies. */
  readonly folder: string;
  /** Bytes that must stay free there; 0 asks for none. */
  readonly reserveBytes: number;
  readonly now: () => number;
  /** Runs `reopen` while no write is under way, and brings memory in line: unacknowledged writes may be there. */
  readonly onFailed: (reopen: () => Promise<void>) => Promise<void>;
}

/** Whether a write needs room. What removes is let through where there is none, to make some. */
export type WriteKind = 'store' | 'remove';

/**
 * Stands before every write: it keeps a reserve of the disk free, and after a write that failed the store is
 * reopened before the next is tried.
 */
export class StoreGuard {
  readonly #options: StoreGuardOptions;
  #recovery: Promise<void> | undefined;
  #lastTryMs = Number.NEGATIVE_INFINITY;
  /** Of the last try to reopen the store; none where it worked. */
  #lastError: unknown;
  #inLine = true;
  #roomCheckedMs = Number.NEGATIVE_INFINITY;
  #hasRoom = true;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
  }

  /** Runs a write. Throws `InsufficientStorage` or `ServiceUnavailable` when it cannot be stored. */
  async write<Result>(task: () => Promise<Result>, kind: WriteKind = 'store'): Promise<Result> {
    try {
      if (kind === 'store') await this.#requireRoom();
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

  /** Reopens a store that failed, without waiting for a write to ask for it. */
  async heal(): Promise<void> {
    if (this.#options.records.failed || !this.#inLine) await this.write(async () => undefined);
  }

  async #requireRoom(): Promise<void> {
    const { disk, folder, reserveBytes, now } = this.#options;
    if (reserveBytes === 0) return;
    const nowMs = now();
    if (Math.abs(nowMs - this.#roomCheckedMs) >= FREE_SPACE_MS) {
      this.#roomCheckedMs = nowMs;
      // Where the system does not tell, a write tells.
      const freeBytes = await disk.freeBytes(folder).catch(() => reserveBytes);
      this.#hasRoom = freeBytes >= reserveBytes;
    }
    if (!this.#hasRoom) throw new ApiError('InsufficientStorage');
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
    if (Math.abs(nowMs - this.#lastTryMs) < REOPEN_REST_MS) {
      throw this.#lastError ?? new ApiError('ServiceUnavailable');
    }
    this.#lastTryMs = nowMs;
    this.#inLine = false;
    try {
      const { records, onFailed } = this.#options;
      await onFailed(async () => {
        if (records.failed) await records.reopen();
      });
      this.#inLine = true;
      this.#lastError = undefined;
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
  if (NO_ROOM.has(code) || NO_ROOM.has(causeCode) || isNoRoom(error)) {
    return new ApiError('InsufficientStorage', { cause: error });
  }
  const isOfSystem = typeof (error as NodeJS.ErrnoException).errno === 'number';
  const isDown = STORE_DOWN.has(code) || isOfSystem || isOutage(error) || isDiskFailure(error);
  return isDown ? new ApiError('ServiceUnavailable', { cause: error }) : error;
}
