import { describe, expect, test } from '@jest/globals';
import { ApiError, ERROR_CODES, invalidParameter, missingParameter } from '@likeness/shared/errors';

import { STATUS_WORDS, wordError } from './status-words.ts';

describe('wordError', () => {
  test.each([
    [new ApiError('InvalidInstance'), 'LIBRARY_NOT_FOUND', 404],
    [new ApiError('InstanceOverQuota'), 'QUOTA_EXCEEDED', 400],
    [new ApiError('Throttling.User'), 'QUOTA_EXCEEDED', 429],
    [new ApiError('InvalidAccessKeyId.Inactive'), 'UNAUTHORIZED', 401],
    [new ApiError('SignatureNonceUsed'), 'UNAUTHORIZED', 401],
    [new ApiError('InvalidTimeStamp.Expired'), 'UNAUTHORIZED', 401],
    [new ApiError('IncompleteSignature'), 'UNAUTHORIZED', 401],
    [new ApiError('InvalidSecurityToken.Malformed'), 'UNAUTHORIZED', 401],
    [missingParameter('SignatureNonce'), 'UNAUTHORIZED', 401],
    [invalidParameter('Cursor', 'another'), 'INVALID_PARAMETER', 400],
    [new ApiError('SomethingNew'), 'INTERNAL_ERROR', 500],
  ])('says %s as %s %i', (error, word, httpStatus) => {
    expect(wordError(error)).toMatchObject({ word, httpStatus });
  });

  test('has a word for every code, whose HTTP status is of the same kind', () => {
    for (const code of Object.keys(ERROR_CODES)) {
      const error = new ApiError(code);
      const { word, httpStatus } = wordError(error);
      expect([code, word in STATUS_WORDS]).toEqual([code, true]);
      const isOurs = httpStatus >= 500;
      if (isOurs) expect([code, error.status >= 500]).toEqual([code, true]);
    }
  });

  test('says what was said precisely, and else what is true of libraries', () => {
    const precise = new ApiError('InvalidInstance', {
      message: "Image library 'a' does not exist.",
    });
    expect(wordError(precise).message).toBe("Image library 'a' does not exist.");
    for (const code of [
      'InvalidInstance',
      'InstanceStatusError',
      'InstanceAlreadyExists',
      'DeniedRequest',
    ]) {
      expect(wordError(new ApiError(code)).message).not.toMatch(/instance/iu);
    }
  });
});
