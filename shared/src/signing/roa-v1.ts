/**
 * ROA signature version 1.0, of the 2019-03-25 API.
 *
 *     StringToSign  = METHOD \n Accept \n Content-MD5 \n Content-Type \n Date \n HEADERS RESOURCE
 *     HEADERS       = every x-acs-* header, sorted, name:value \n
 *     RESOURCE      = path, then ? and the decoded query, sorted, name=value joined by &
 *     Signature     = base64(HMAC-SHA-1(secret, StringToSign))
 *     Authorization = acs KEY:SIGNATURE
 *
 * Host and body are not signed: the body is covered by Content-MD5 alone, where the client sends it.
 */
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8Encode } from '../encoding/utf8.ts';
import type { HashFunctions } from './hash-functions.ts';
import { signedValue, type SignableHeaders } from './headers.ts';
import { sortByName, type Pairs } from './pairs.ts';

/** A request as it was, or will be, sent. */
export interface RoaV1Request {
  readonly method: string;
  /** As it goes on the wire, without the query. */
  readonly path: string;
  readonly query: Pairs;
  readonly headers: SignableHeaders;
}

/** What an `Authorization` header of this scheme says. */
export interface RoaV1Authorization {
  readonly accessKeyId: string;
  readonly signature: string;
}

/** Steps 1 and 2: the request as both sides write it. */
export function roaV1StringToSign({ method, path, query, headers }: RoaV1Request): string {
  return [
    method.toUpperCase(),
    signedValue(headers, 'accept'),
    signedValue(headers, 'content-md5'),
    signedValue(headers, 'content-type'),
    signedValue(headers, 'date'),
    ...acsHeaderLines(headers),
    canonicalResource(path, query),
  ].join('\n');
}

/** Step 3: Base64 of the HMAC-SHA-1. */
export function roaV1Signature(stringToSign: string, secret: string, hash: HashFunctions): string {
  return encodeBase64(hash.hmacSha1(utf8Encode(secret), utf8Encode(stringToSign)));
}

/** The key and signature of `acs KEY:SIGNATURE`; undefined if `header` is not of that form. */
export function parseRoaV1Authorization(header: string): RoaV1Authorization | undefined {
  const match = /^acs ([^:\s]+):(\S+)$/u.exec(header.trim());
  return match?.[1] && match[2] ? { accessKeyId: match[1], signature: match[2] } : undefined;
}

function acsHeaderLines(headers: SignableHeaders): readonly string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-'))
    .toSorted()
    .map((name) => `${name}:${signedValue(headers, name)}`);
}

function canonicalResource(path: string, query: Pairs): string {
  if (query.length === 0) return path;
  return `${path}?${sortByName(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`;
}
