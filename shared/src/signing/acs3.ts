/**
 * ACS3-HMAC-SHA256, the signature of every current SDK.
 *
 *     CanonicalRequest = METHOD \n URI \n QUERY \n HEADERS \n SIGNEDHEADERS \n HASH
 *     StringToSign     = "ACS3-HMAC-SHA256" \n hex(SHA-256(CanonicalRequest))
 *     Signature        = hex(HMAC-SHA-256(secret, StringToSign))
 *     Authorization    = ACS3-HMAC-SHA256 Credential=KEY,SignedHeaders=a;b;c,Signature=SIGNATURE
 *
 * Signing and verifying are the same steps. A verifier passes the headers that the client listed,
 * and a body hash that it computed itself: the signature covers the header, not the bytes.
 */
import { encodeHex } from '../encoding/hex.ts';
import { utf8Encode } from '../encoding/utf8.ts';
import type { Credentials } from './credentials.ts';
import type { HashFunctions } from './hash-functions.ts';
import { signedValue, type SignableHeaders } from './headers.ts';
import { canonicalPairs, type Pairs } from './pairs.ts';

export const ACS3_ALGORITHM = 'ACS3-HMAC-SHA256';

/** A request about to be signed. */
export interface Acs3Request {
  readonly method: string;
  /** As it goes on the wire, without the query. */
  readonly path: string;
  readonly query: Pairs;
  readonly headers: SignableHeaders;
  /** Lower-case hex of the SHA-256 of the body's bytes; equals the header `x-acs-content-sha256`. */
  readonly bodyHash: string;
}

/** What an `Authorization` header of this scheme says. */
export interface Acs3Authorization {
  readonly accessKeyId: string;
  /** In the client's order, lower-case. */
  readonly signedHeaders: readonly string[];
  /** As presented; lower-case hex if the client is right. */
  readonly signature: string;
}

/** Step 1: the request, written the one way both sides agree on. */
export function acs3CanonicalRequest(
  request: Acs3Request & { readonly signedHeaders: readonly string[] },
): string {
  return [
    request.method.toUpperCase(),
    canonicalPath(request.path),
    canonicalPairs(request.query),
    ...request.signedHeaders.map((name) => `${name}:${signedValue(request.headers, name)}`),
    '',
    request.signedHeaders.join(';'),
    request.bodyHash,
  ].join('\n');
}

/** Step 2: the algorithm, and the hash of step 1. */
export function acs3StringToSign(canonical: string, hash: HashFunctions): string {
  return `${ACS3_ALGORITHM}\n${encodeHex(hash.sha256(utf8Encode(canonical)))}`;
}

/** Step 3: lower-case hex HMAC-SHA-256 of step 2. */
export function acs3Signature(stringToSign: string, secret: string, hash: HashFunctions): string {
  return encodeHex(hash.hmacSha256(utf8Encode(secret), utf8Encode(stringToSign)));
}

/** Step 4: the `Authorization` header. */
export function acs3Authorization(parts: Acs3Authorization): string {
  return [
    `${ACS3_ALGORITHM} Credential=${parts.accessKeyId}`,
    `SignedHeaders=${parts.signedHeaders.join(';')}`,
    `Signature=${parts.signature}`,
  ].join(',');
}

/** Step 4 backwards; undefined if `header` is not of this scheme and form. */
export function parseAcs3Authorization(header: string): Acs3Authorization | undefined {
  const [scheme, rest] = cut(header.trim(), ' ');
  if (scheme !== ACS3_ALGORITHM) return undefined;
  const fields = new Map(rest.split(',').map((field) => cut(field.trim(), '=')));
  const accessKeyId = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders');
  const signature = fields.get('Signature');
  if (!accessKeyId || !signedHeaders || !signature) return undefined;
  return { accessKeyId, signedHeaders: signedHeaders.toLowerCase().split(';'), signature };
}

/** All steps: the `Authorization` header of a request. Signs host, content-type and every `x-acs-*`. */
export function signAcs3(
  request: Acs3Request,
  { accessKeyId, accessKeySecret }: Credentials,
  hash: HashFunctions,
): string {
  const signedHeaders = headersToSign(request.headers);
  const canonical = acs3CanonicalRequest({ ...request, signedHeaders });
  const signature = acs3Signature(acs3StringToSign(canonical, hash), accessKeySecret, hash);
  return acs3Authorization({ accessKeyId, signedHeaders, signature });
}

function headersToSign(headers: SignableHeaders): readonly string[] {
  return Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .toSorted();
}

/** The path is signed as sent, but for three characters that clients encode differently. */
function canonicalPath(path: string): string {
  return path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
