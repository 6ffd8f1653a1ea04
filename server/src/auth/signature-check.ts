import { timingSafeEqual } from 'node:crypto';

import { ApiError, ERROR_CODES } from '@likeness/shared/errors';

import { MAX_STRING_TO_SIGN_SHOWN } from './signed-request.ts';

/** Compares two signatures in a time that depends on their lengths alone. */
export function isSameSignature(presented: string, expected: string): boolean {
  const a = Buffer.from(presented, 'utf8');
  const b = Buffer.from(expected, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The refusal of a signature. Its message ends with the string that the server signed, after a colon:
 * the vendor's legacy Python core fails on a message without one (docs/wire-protocol.md, What clients do).
 */
export function signatureMismatch(stringToSign: string, detail = ''): ApiError {
  const { message } = ERROR_CODES.SignatureDoesNotMatch;
  const shown = stringToSign.slice(0, MAX_STRING_TO_SIGN_SHOWN);
  return new ApiError('SignatureDoesNotMatch', {
    message: `${message}${detail} server string to sign is:${shown}`,
  });
}
