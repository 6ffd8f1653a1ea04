import { ApiError, missingParameter } from '@likeness/shared/errors';
import {
  ACS3_ALGORITHM,
  acs3CanonicalRequest,
  acs3Signature,
  acs3StringToSign,
  parseAcs3Authorization,
  type Acs3Authorization,
  type SignableHeaders,
} from '@likeness/shared/signing';

import { NODE_HASHES } from './node-hashes.ts';
import { isSameSignature, signatureMismatch } from './signature-check.ts';
import { singleHeader, type Claim, type SignedRequest } from './signed-request.ts';
import { parseTimestamp } from './timestamps.ts';

/** What must be signed whatever the client lists; `content-type` need not (docs/wire-protocol.md, ACS3). */
const PATH_HEADERS = ['host', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'];
const ACTION_HEADERS = [...PATH_HEADERS, 'x-acs-action', 'x-acs-version'];

/** Characters of a canonical request that a refusal repeats. */
const MAX_CANONICAL_SHOWN = 4096;

/** What ACS3 covers of a request: of its body the hash alone. */
export type Acs3Signed = Omit<SignedRequest, 'form'>;

/**
 * Reads an ACS3 signature by the client's own list of signed headers.
 *
 * @param namedBy what says what is asked for: headers, or method and path, which every signature covers
 * @throws {ApiError} `InvalidSignatureMethod` for another ACS3 algorithm, `IncompleteSignature` where
 *   something is missing or left unsigned, `MissingTimestamp`, `MissingSignatureNonce`.
 */
export function readAcs3Claim(request: Acs3Signed, namedBy: 'action' | 'path'): Claim {
  const authorization = readAuthorization(request.headers);
  const date = required(request.headers, 'x-acs-date', 'Timestamp');
  const nonce = required(request.headers, 'x-acs-signature-nonce', 'SignatureNonce');
  const needed = namedBy === 'action' ? ACTION_HEADERS : PATH_HEADERS;
  checkSignedHeaders(request.headers, authorization.signedHeaders, needed);
  return {
    accessKeyId: authorization.accessKeyId,
    signedAtMs: parseTimestamp(date),
    nonce,
    hasSecurityToken: singleHeader(request.headers, 'x-acs-security-token') !== undefined,
    verify: async (secret) => verifyAcs3(request, authorization, secret),
  };
}

function readAuthorization(headers: SignableHeaders): Acs3Authorization {
  const header = singleHeader(headers, 'authorization') ?? '';
  if (header.split(' ', 1)[0] !== ACS3_ALGORITHM) throw new ApiError('InvalidSignatureMethod');
  const authorization = parseAcs3Authorization(header);
  if (authorization === undefined) throw new ApiError('IncompleteSignature');
  // Each name adds its header to what is hashed: listed 30,000 times, a long one would make gigabytes.
  const { signedHeaders } = authorization;
  if (new Set(signedHeaders).size < signedHeaders.length) {
    throw new ApiError('IncompleteSignature', { message: 'A header is signed twice.' });
  }
  return authorization;
}

function required(headers: SignableHeaders, header: string, parameter: string): string {
  const value = singleHeader(headers, header);
  if (value === undefined) throw missingParameter(parameter);
  return value;
}

/** Whatever the server obeys is covered: the needed ones, and every other `x-acs-*` that is there. */
function checkSignedHeaders(
  headers: SignableHeaders,
  listed: readonly string[],
  needed: readonly string[],
): void {
  const present = Object.keys(headers).filter((name) => name.startsWith('x-acs-'));
  for (const name of needed) {
    if (singleHeader(headers, name) === undefined) {
      throw new ApiError('IncompleteSignature', { message: `The header ${name} is missing.` });
    }
  }
  const signed = new Set(listed);
  const unsigned = [...needed, ...present].find((name) => !signed.has(name));
  if (unsigned === undefined) return;
  throw new ApiError('IncompleteSignature', {
    message: `The header ${unsigned} is not among the SignedHeaders.`,
  });
}

function verifyAcs3(
  request: Acs3Signed,
  { signedHeaders, signature }: Acs3Authorization,
  secret: string,
): void {
  const claimedHash = singleHeader(request.headers, 'x-acs-content-sha256') ?? '';
  const canonical = acs3CanonicalRequest({ ...request, signedHeaders, bodyHash: claimedHash });
  const stringToSign = acs3StringToSign(canonical, NODE_HASHES);
  if (!isSameSignature(signature, acs3Signature(stringToSign, secret, NODE_HASHES))) {
    const shown = canonical.slice(0, MAX_CANONICAL_SHOWN);
    throw signatureMismatch(stringToSign, ` server canonical request is:${shown}\n`);
  }
  // The signature covers the header; the bytes must be what the header says (docs/wire-protocol.md, ACS3).
  if (isSameSignature(claimedHash, request.bodySha256)) return;
  throw signatureMismatch(
    stringToSign,
    ` The body's SHA-256 is ${request.bodySha256}, not what x-acs-content-sha256 says.`,
  );
}
