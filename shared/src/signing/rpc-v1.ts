/**
 * RPC signature version 1.0, of older SDKs and pop-core.
 *
 *     Canonicalized = query and form parameters but Signature, sorted, enc(name)=enc(value) joined by &
 *     StringToSign  = METHOD & "%2F" & enc(Canonicalized)
 *     Signature     = base64(HMAC-SHA-1(secret + "&", StringToSign))
 *
 * HMAC-SHA-256 is accepted in place of SHA-1. Headers are not signed. Java leaves parameters with
 * empty values out of the string although it sends them; all others sign `name=`.
 */
import { encodeBase64 } from '../encoding/base64.ts';
import { percentEncode } from '../encoding/percent.ts';
import { utf8Encode } from '../encoding/utf8.ts';
import type { Credentials } from './credentials.ts';
import type { HashFunctions } from './hash-functions.ts';
import { canonicalPairs, type Pairs } from './pairs.ts';

export type RpcV1SignatureMethod = 'HMAC-SHA1' | 'HMAC-SHA256';

export interface RpcV1StringOptions {
  /** Whether `Name=` is part of the string. A verifier tries both readings. */
  readonly emptyValues: 'signed' | 'left-out';
}

/** A request about to be signed. */
export interface RpcV1Request {
  readonly method: string;
  /** Query and form together, without `Signature`. */
  readonly params: Pairs;
}

/** Step 1: the parameters, in the one order and encoding. `Signature` among them is skipped. */
export function rpcV1CanonicalizedQuery(params: Pairs, options: RpcV1StringOptions): string {
  return canonicalPairs(
    params.filter(
      ([name, value]) => name !== 'Signature' && (value !== '' || options.emptyValues === 'signed'),
    ),
  );
}

/** Step 2: method, root path, and step 1, encoded once more. */
export function rpcV1StringToSign(
  method: string,
  params: Pairs,
  options: RpcV1StringOptions,
): string {
  return [
    method.toUpperCase(),
    percentEncode('/'),
    percentEncode(rpcV1CanonicalizedQuery(params, options)),
  ].join('&');
}

/** Step 3: Base64 of the HMAC of step 2. */
export function rpcV1Signature(
  stringToSign: string,
  secret: string,
  method: RpcV1SignatureMethod,
  hash: HashFunctions,
): string {
  const key = utf8Encode(`${secret}&`);
  const data = utf8Encode(stringToSign);
  return encodeBase64(
    method === 'HMAC-SHA256' ? hash.hmacSha256(key, data) : hash.hmacSha1(key, data),
  );
}

/**
 * All steps: the parameters with `Signature` last.
 *
 * Uses the `SignatureMethod` found among them, HMAC-SHA1 if there is none.
 */
export function signRpcV1(
  { method, params }: RpcV1Request,
  credentials: Credentials,
  hash: HashFunctions,
): Pairs {
  const named = params.find(([name]) => name === 'SignatureMethod')?.[1];
  const signature = rpcV1Signature(
    rpcV1StringToSign(method, params, { emptyValues: 'signed' }),
    credentials.accessKeySecret,
    named === 'HMAC-SHA256' ? named : 'HMAC-SHA1',
    hash,
  );
  return [...params, ['Signature', signature]];
}
