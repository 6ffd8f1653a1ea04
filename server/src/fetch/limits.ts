import { LIMITS } from '@likeness/shared/api';

/** What fetching one picture may take. */
export interface FetchLimits {
  readonly maxBytes: number;
  /** From the look-up of the name to the last byte, redirects included. */
  readonly totalMs: number;
  /** Without a byte from the other side. */
  readonly idleMs: number;
  readonly maxRedirects: number;
}

/** The total is what the documented `TimeoutForTransferImage` says. */
export const FETCH_LIMITS: FetchLimits = {
  maxBytes: LIMITS.MAX_PICTURE_BYTES,
  totalMs: 5000,
  idleMs: 2000,
  maxRedirects: 3,
};

export const MAX_URL_LENGTH = 2048;

/** Fetches at once: each may hold a whole picture, which no body's memory counts. */
export const FETCH_GATE = {
  maxRunning: 32,
  maxWaiting: 256,
  targetWaitMs: 2000,
  maxWaitMs: 4000,
} as const;
