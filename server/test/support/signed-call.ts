import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { formatForm } from '@likeness/shared/encoding';
import { signAcs3, signRpcV1 } from '@likeness/shared/signing';

import { NODE_HASHES } from '../../src/auth/node-hashes.ts';
import { TEST_KEY } from './gateway-server.ts';

export interface SignedCall {
  readonly action: string;
  readonly version?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** ACS3; `/` if absent. */
  readonly path?: string;
  /** ACS3: the body to the letter, in place of `form`. */
  readonly rawBody?: string;
  readonly key?: typeof TEST_KEY;
  readonly nonce?: string;
  readonly nowMs?: number;
  /** Added after signing. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

const VERSION = '2020-12-14';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export interface Acs3Naming {
  /** Whether headers name action and version. True if absent. */
  readonly namesAction?: boolean;
  readonly contentType?: string;
}

/** The request of an ACS3 client. */
export function acs3Request(
  port: number,
  call: SignedCall,
  { namesAction = true, contentType = FORM_TYPE }: Acs3Naming = {},
): WireRequest {
  const { form = {}, query = {}, key = TEST_KEY, nonce = randomUUID(), nowMs = Date.now() } = call;
  const body = call.rawBody ?? formatForm(Object.entries(form));
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    ...(namesAction && { 'x-acs-action': call.action, 'x-acs-version': call.version ?? VERSION }),
    'x-acs-date': `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
    ...(body === '' ? {} : { 'content-type': contentType }),
  };
  const { path = '/' } = call;
  const signable = { method: 'POST', path, query: Object.entries(query), headers, bodyHash };
  const authorization = signAcs3(signable, key, NODE_HASHES);
  const search = formatForm(Object.entries(query));
  return {
    method: 'POST',
    path: search === '' ? path : `${path}?${search}`,
    headers: { ...headers, authorization, ...call.extraHeaders },
    body,
  };
}

/** The request of an RPC v1 client that puts everything into the body, as pop-core does. */
export function rpcV1Request(port: number, call: SignedCall): WireRequest {
  const { form = {}, key = TEST_KEY, nonce = randomUUID(), nowMs = Date.now() } = call;
  const params = Object.entries({
    Action: call.action,
    Version: call.version ?? VERSION,
    Format: 'JSON',
    Timestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    SignatureNonce: nonce,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    AccessKeyId: key.accessKeyId,
    ...form,
  });
  const body = formatForm(signRpcV1({ method: 'POST', params }, key, NODE_HASHES));
  const headers = { host: `127.0.0.1:${port}`, 'content-type': FORM_TYPE, ...call.extraHeaders };
  return { method: 'POST', path: '/', headers, body };
}

export interface SendOptions {
  readonly agent?: Agent;
  /** Over TLS, trusting this CA. */
  readonly ca?: string;
}

/** Sends it with a Content-Length, and reads the whole answer. */
export function send(
  port: number,
  wire: WireRequest,
  { agent, ca }: SendOptions = {},
): Promise<WireResponse> {
  const { method, path, headers, body } = wire;
  const options = { host: '127.0.0.1', port, method, path, ...(agent ? { agent } : {}) };
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const start = ca === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const request = start(
      { ...options, headers: { ...headers, ...length }, ...(ca === undefined ? {} : { ca }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          resolve({ status, headers: response.headers, text, json: readJson(text) });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Signs with ACS3 and sends. */
export function callAction(port: number, call: SignedCall): Promise<WireResponse> {
  return send(port, acs3Request(port, call));
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
