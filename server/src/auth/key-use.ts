import { ApiError } from '@likeness/shared/errors';

import type { Credential, CredentialStore } from './credentials.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** What counts the requests of keys. */
export interface KeyUse {
  readonly credentials: Pick<CredentialStore, 'noteUsed'>;
  /** Holds every key to its rate. */
  readonly rates: Pick<RateLimiter, 'take'>;
}

/**
 * Counts a request that was proven to be of the key, whichever way: it takes from the key's rate, and is its
 * last use.
 *
 * @throws {ApiError} `Throttling.User`
 */
export function countUse({ credentials, rates }: KeyUse, { accessKeyId, rate }: Credential): void {
  const retryAfterMs = rates.take(`key:${accessKeyId}`, rate);
  if (retryAfterMs !== undefined) throw new ApiError('Throttling.User', { retryAfterMs });
  credentials.noteUsed(accessKeyId);
}
