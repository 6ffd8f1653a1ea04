import { ApiError, missingParameter } from '@likeness/shared/errors';
import {
  parseRoaV1Authorization,
  roaV1Signature,
  roaV1StringToSign,
} from '@likeness/shared/signing';

import { NODE_HASHES } from './node-hashes.ts';
import { isSameSignature, signatureMismatch } from './signature-check.ts';
import { singleHeader, type Claim, type SignedRequest } from './signed-request.ts';
import { parseHttpDate, parseTimestamp } from './timestamps.ts';

const NONCE_ADVICE =
  'The request has no x-acs-signature-nonce, so its signature stands for one, and the same request twice in one second is refused. Send it again a second later.';

/**
 * Reads a ROA v1 signature, of the 2019-03-25 API. Legacy Go and Python send no nonce: there the
 * signature itself is the nonce, so that a request still cannot be replayed.
 *
 * @throws {ApiError} `IncompleteSignature`, `InvalidSignatureMethod`, `MissingTimestamp`.
 */
export function readRoaV1Claim(request: SignedRequest): Claim {
  const { headers } = request;
  const authorization = parseRoaV1Authorization(singleHeader(headers, 'authorization') ?? '');
  if (authorization === undefined) throw new ApiError('IncompleteSignature');
  const method = singleHeader(headers, 'x-acs-signature-method');
  if (method !== undefined && method.toUpperCase() !== 'HMAC-SHA1') {
    throw new ApiError('InvalidSignatureMethod');
  }
  const nonce = singleHeader(headers, 'x-acs-signature-nonce');
  return {
    accessKeyId: authorization.accessKeyId,
    signedAtMs: readDate(request),
    nonce: nonce ?? authorization.signature,
    ...(nonce === undefined && { nonceAdvice: NONCE_ADVICE }),
    hasSecurityToken: singleHeader(headers, 'x-acs-security-token') !== undefined,
    verify: async (secret) => verifyRoaV1(request, authorization.signature, secret),
  };
}

function readDate({ headers }: SignedRequest): number {
  const date = singleHeader(headers, 'date');
  if (date !== undefined) return parseHttpDate(date);
  const acsDate = singleHeader(headers, 'x-acs-date');
  if (acsDate === undefined) throw missingParameter('Timestamp');
  return parseTimestamp(acsDate);
}

function verifyRoaV1(request: SignedRequest, signature: string, secret: string): void {
  const stringToSign = roaV1StringToSign(request);
  if (!isSameSignature(signature, roaV1Signature(stringToSign, secret, NODE_HASHES))) {
    throw signatureMismatch(stringToSign);
  }
  // The form is covered by nothing else (docs/wire-protocol.md, ROA v1).
  const claimedMd5 = singleHeader(request.headers, 'content-md5');
  if (claimedMd5 === undefined || isSameSignature(claimedMd5, request.bodyMd5 ?? '')) return;
  throw signatureMismatch(stringToSign, ' The body is not what Content-MD5 says.');
}
