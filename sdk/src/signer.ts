import { formatForm, parseForm, utf8Encode } from '@likeness/shared/encoding';
import { signAcs3, signRpcV1 } from '@likeness/shared/signing';
import type { Credentials, Pairs } from '@likeness/shared/signing';

import { hashBody, nobleHash } from './hashing.ts';

/** `acs3` is ACS3-HMAC-SHA256, which covers headers and body; `rpc-v1` is the older HMAC-SHA1 over the parameters. */
export type SignatureScheme = 'acs3' | 'rpc-v1';

/** A request as it goes on the wire; `fetch` adds `host`, and lets nobody else do so. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for a GET. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An action of the RPC API, before it is signed. */
export interface UnsignedAction {
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

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The request with the proof of who asks in headers of its own. */
export async function signWithAcs3(
  { method, url, headers, body }: HttpRequest,
  { nonce, now }: Try,
  credentials: Credentials,
): Promise<HttpRequest> {
  const bodyHash = await hashBody(body);
  const dated = {
    ...headers,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': formatDate(now),
    'x-acs-signature-nonce': nonce,
  };
  const signable = {
    method,
    path: url.pathname,
    query: parseForm(url.search.slice(1)),
    headers: { ...dated, host: url.host },
    bodyHash,
  };
  const authorization = signAcs3(signable, credentials, nobleHash);
  return { method, url, headers: { ...dated, authorization }, body };
}

/** `POST endpoint` with the parameters as a form, and the action in headers. */
export function writeAction(
  { action, version, parameters }: UnsignedAction,
  endpoint: URL,
): HttpRequest {
  const headers = {
    accept: 'application/json',
    'content-type': FORM_TYPE,
    'x-acs-action': action,
    'x-acs-version': version,
  };
  return { method: 'POST', url: endpoint, headers, body: utf8Encode(formatForm(parameters)) };
}

/** `POST endpoint` with everything in the form, the signature last: in the address, proxies would log it. */
export function signActionWithRpcV1(
  { action, version, parameters }: UnsignedAction,
  { nonce, now }: Try,
  { endpoint, credentials }: { readonly endpoint: URL; readonly credentials: Credentials },
): HttpRequest {
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
    method: 'POST',
    url: endpoint,
    headers: { accept: 'application/json', 'content-type': FORM_TYPE },
    body: utf8Encode(formatForm(signed)),
  };
}

/** `YYYY-MM-DDThh:mm:ssZ`, as both schemes write a date. */
function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
