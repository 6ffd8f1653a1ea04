import { formatForm, utf8Encode } from '@likeness/shared/encoding';
import { signAcs3, signRpcV1 } from '@likeness/shared/signing';
import type { Credentials, Pairs } from '@likeness/shared/signing';

import { hashBody, nobleHash } from './hashing.ts';

/** `acs3` is ACS3-HMAC-SHA256, which covers headers and body; `rpc-v1` is the older HMAC-SHA1 over the parameters. */
export type SignatureScheme = 'acs3' | 'rpc-v1';

/** What is to be sent, before it is signed. */
export interface UnsignedCall {
  readonly action: string;
  readonly version: string;
  readonly parameters: Pairs;
}

/** What makes one try differ from the next. */
export interface Try {
  /** The server takes a nonce once. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CONTENT_TYPE = 'application/x-www-form-urlencoded';

/** `POST endpoint` with the parameters as a form, and the proof of who asks in headers of its own. */
export async function signWithAcs3(
  { action, version, parameters }: UnsignedCall,
  { nonce, now }: Try,
  { endpoint, credentials }: { readonly endpoint: URL; readonly credentials: Credentials },
): Promise<SignedRequest> {
  const body = utf8Encode(formatForm(parameters));
  const bodyHash = await hashBody(body);
  const headers = {
    accept: 'application/json',
    'content-type': CONTENT_TYPE,
    'x-acs-action': action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': formatDate(now),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  };
  const signable = {
    method: 'POST',
    path: endpoint.pathname,
    query: [],
    // `fetch` writes `host` itself, and lets nobody else do so.
    headers: { ...headers, host: endpoint.host },
    bodyHash,
  };
  const authorization = signAcs3(signable, credentials, nobleHash);
  return { headers: { ...headers, authorization }, body };
}

/** `POST` with everything in the form, the signature last: in the address, proxies would log it. */
export function signWithRpcV1(
  { action, version, parameters }: UnsignedCall,
  { nonce, now }: Try,
  credentials: Credentials,
): SignedRequest {
  const params: Pairs = [
    ['Action', action],
    ['Version', version],
    ['Format', 'JSON'],
    ['AccessKeyId', credentials.accessKeyId],
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureVersion', '1.0'],
    ['SignatureNonce', nonce],
    ['Timestamp', formatDate(now)],
    ...parameters,
  ];
  const signed = signRpcV1({ method: 'POST', params }, credentials, nobleHash);
  return {
    headers: { accept: 'application/json', 'content-type': CONTENT_TYPE },
    body: utf8Encode(formatForm(signed)),
  };
}

/** `YYYY-MM-DDThh:mm:ssZ`, as both schemes write a date. */
function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
