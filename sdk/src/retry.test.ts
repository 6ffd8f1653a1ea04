import { ApiError } from '@likeness/shared/errors';
import { describe, expect, test } from '@jest/globals';

import { ConnectionError } from './connection-error.ts';
import { DEFAULT_RETRY, delayBeforeRetry } from './retry.ts';

describe('delayBeforeRetry', () => {
  const lost = new ConnectionError('lost', { retryable: true });
  const options = { ...DEFAULT_RETRY, maxTries: 10 };

  test.each([
    [1, 0, 50],
    [1, 1, 100],
    [2, 1, 200],
    [3, 0.5, 300],
    [9, 1, 5000],
  ])('doubles with each try up to the longest: try %i at %d waits %i ms', (tries, fraction, ms) => {
    const failed = { error: lost, repeatable: true, tries };
    expect(delayBeforeRetry(failed, options, fraction)).toBe(ms);
  });

  test.each([
    [0, 100],
    [1234, 1234],
    [5001, undefined],
  ])(
    'never waits less than the server asks, nor longer than allowed: %i, %s',
    (retryAfterMs, ms) => {
      const error = new ApiError('Throttling.User', { retryAfterMs });
      expect(delayBeforeRetry({ error, repeatable: false, tries: 1 }, options, 1)).toBe(ms);
    },
  );

  test.each([
    ['a bug in the caller', new TypeError('bug'), true],
    ['a write that was lost', new ConnectionError('lost', { retryable: false }), false],
    ['a server error of a write', new ApiError('InternalError'), false],
    ['what the server will never do', new ApiError('UnsupportedOperationType'), true],
    ['what the server cannot do yet', new ApiError('NOT_AVAILABLE', { status: 501 }), true],
    ['what the caller did wrong', new ApiError('InvalidInstance'), true],
  ])('gives up on %s', (_what, error, repeatable) => {
    expect(delayBeforeRetry({ error, repeatable, tries: 1 }, options, 1)).toBeUndefined();
  });
});
