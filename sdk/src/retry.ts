import { ApiError } from '@likeness/shared/errors';

import { ConnectionError } from './connection-error.ts';

/** How often, and how patiently, a call that failed is made again. */
export interface RetryOptions {
  /** Tries in all, the first included. Default 3; 1 never repeats. */
  readonly maxTries?: number;
  /** Milliseconds before the second try; each further wait is twice as long. Default 100. */
  readonly firstDelayMs?: number;
  /** The longest wait. A server that asks for more patience gets none: the call fails at once. Default 5000. */
  readonly maxDelayMs?: number;
}

export const DEFAULT_RETRY: Required<RetryOptions> = {
  maxTries: 3,
  firstDelayMs: 100,
  maxDelayMs: 5000,
};

/** What is answered with 500 and above though no repetition cures it. */
const LASTING_REFUSALS = new Set([
  'UnsupportedInstanceType',
  'UnsupportedOperationType',
  'NOT_AVAILABLE',
]);

interface FailedTry {
  readonly error: unknown;
  /** Whether doing it twice is the same as doing it once: see {@link isRepeatable}. */
  readonly repeatable: boolean;
  /** Tries made so far, this one included. */
  readonly tries: number;
}

/**
 * Milliseconds to wait before the next try, or undefined to give up.
 *
 * A refusal for load (`retryAfterMs`) was refused before anything was done, so any action is repeated; a lost
 * connection, a timeout or a 5xx may have been carried out, so only repeatable ones are.
 *
 * @param fraction from 0 to 1: spreads clients that failed together over the second half of the wait.
 */
export function delayBeforeRetry(
  { error, repeatable, tries }: FailedTry,
  options: Required<RetryOptions>,
  fraction: number,
): number | undefined {
  if (tries >= options.maxTries) return undefined;
  const backoffMs = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (tries - 1));
  const waitMs = backoffMs * (0.5 + fraction / 2);

  if (error instanceof ConnectionError) return error.retryable ? waitMs : undefined;
  if (!ApiError.is(error)) return undefined;
  if (error.retryAfterMs !== undefined) {
    return error.retryAfterMs > options.maxDelayMs
      ? undefined
      : Math.max(error.retryAfterMs, waitMs);
  }
  const mayPass = error.status >= 500 && !LASTING_REFUSALS.has(error.code);
  return repeatable && mayPass ? waitMs : undefined;
}
