import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatForm } from '@likeness/shared/encoding';
import {
  roaV1Signature,
  roaV1StringToSign,
  rpcV1Signature,
  rpcV1StringToSign,
  type RpcV1SignatureMethod,
} from '@likeness/shared/signing';

import { NODE_HASHES } from '../../src/auth/node-hashes.ts';
import { startGateway, TEST_KEY, type GatewayServer } from '../support/gateway-server.ts';
import { talk } from '../support/raw-socket.ts';
import { acs3Request, send, type WireRequest } from '../support/signed-call.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const { accessKeyId, accessKeySecret } = TEST_KEY;

let server: GatewayServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-signatures-'));
  server = await startGateway({ dataDir });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});

function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

async function outcome(wire: WireRequest): Promise<unknown> {
  const { status, json } = await send(server.port, wire);
  return status === 200 ? 'ok' : json['Code'];
}

interface V1Options {
  readonly emptyValues?: 'signed' | 'left-out';
  readonly signatureMethod?: string;
  readonly changes?: Readonly<Record<string, string | undefined>>;
  readonly encode?: (pairs: readonly (readonly [string, string])[]) => string;
}

/** A GET with everything in the query. */
function rpcV1Get(options: V1Options = {}): WireRequest {
  const { emptyValues = 'signed', signatureMethod = 'HMAC-SHA1', encode = formatForm } = options;
  const params = Object.entries({
    Action: 'Detail',
    Version: '2020-12-14',
    Timestamp: timestamp(),
    SignatureNonce: randomUUID(),
    SignatureMethod: signatureMethod,
    SignatureVersion: '1.0',
    AccessKeyId: accessKeyId,
    InstanceName: 'demo',
    ...options.changes,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const stringToSign = rpcV1StringToSign('GET', params, { emptyValues });
  const method = signatureMethod as RpcV1SignatureMethod;
  const signature = rpcV1Signature(stringToSign, accessKeySecret, method, NODE_HASHES);
  const path = `/?${encode([...params, ['Signature', signature]])}`;
  return { method: 'GET', path, headers: {}, body: '' };
}

describe('an RPC v1 signature', () => {
  test.each(['signed', 'left-out'] as const)('holds with empty values %s', async (emptyValues) => {
    const changes = { SignatureType: '', Filter: '' };
    expect(await outcome(rpcV1Get({ emptyValues, changes }))).toBe('ok');
  });

  test.each(['HMAC-SHA1', 'HMAC-SHA256'])('may be %s', async (signatureMethod) => {
    expect(await outcome(rpcV1Get({ signatureMethod }))).toBe('ok');
  });

  test('holds where the client leaves reserved characters raw in the query', async () => {
    const changes = { Filter: 'a?b/c=d' };
    expect(await outcome(rpcV1Get({ encode: encodeSloppily, changes }))).toBe('ok');
  });

  test.each([
    ['AccessKeyId', undefined, 'MissingAccessKeyId'],
    ['Timestamp', undefined, 'MissingTimestamp'],
    ['SignatureNonce', undefined, 'MissingSignatureNonce'],
    ['SignatureNonce', '', 'MissingSignatureNonce'],
    ['SignatureMethod', undefined, 'MissingSignatureMethod'],
    ['SignatureMethod', 'HMAC-MD5', 'InvalidSignatureMethod'],
    ['SignatureVersion', '2.0', 'InvalidSignatureVersion'],
    ['Timestamp', '2026-11-21 04:00:00', 'InvalidTimeStamp.Format'],
    ['Timestamp', '2026-13-21T04:00:00Z', 'InvalidTimeStamp.Format'],
    ['Timestamp', '2020-01-01T00:00:00Z', 'InvalidTimeStamp.Expired'],
    ['SecurityToken', 'token', 'InvalidSecurityToken.Malformed'],
    ['Version', '2019-03-25', 'InvalidAction.NotFound'],
  ])('with %s %j is refused with %s', async (name, value, code) => {
    expect(await outcome(rpcV1Get({ changes: { [name]: value } }))).toBe(code);
  });
});

interface RoaOptions {
  readonly nonce?: string;
  readonly md5?: 'right' | 'wrong' | 'none';
  readonly path?: string;
}

/** A 2019-03-25 search, as the legacy SDKs send it. */
function roaRequest({
  nonce,
  md5 = 'right',
  path = '/v2/image/search',
}: RoaOptions = {}): WireRequest {
  const body = formatForm(
    Object.entries({ InstanceName: 'demo', Type: 'SearchByPic', PicContent: 'AAAA' }),
  );
  const hashed = md5 === 'wrong' ? `${body}x` : body;
  const contentMd5 = createHash('md5').update(hashed).digest('base64');
  const headers: Record<string, string> = {
    accept: 'application/json',
    date: new Date().toUTCString(),
    'content-type': FORM_TYPE,
    'x-acs-version': '2019-03-25',
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    ...(nonce === undefined ? {} : { 'x-acs-signature-nonce': nonce }),
    ...(md5 === 'none' ? {} : { 'content-md5': contentMd5 }),
  };
  const stringToSign = roaV1StringToSign({ method: 'POST', path, query: [], headers });
  const signature = roaV1Signature(stringToSign, accessKeySecret, NODE_HASHES);
  return {
    method: 'POST',
    path,
    headers: { ...headers, authorization: `acs ${accessKeyId}:${signature}` },
    body,
  };
}

describe('a ROA v1 signature', () => {
  test.each(['right', 'none'] as const)('holds with Content-MD5 %s', async (md5) => {
    expect(await outcome(roaRequest({ md5, nonce: randomUUID() }))).toBe('ok');
  });

  test('fails with a Content-MD5 of another body, and leaves the nonce good', async () => {
    const nonce = randomUUID();
    expect(await outcome(roaRequest({ md5: 'wrong', nonce }))).toBe('SignatureDoesNotMatch');
    expect(await outcome(roaRequest({ nonce }))).toBe('ok');
  });

  test('without a nonce is one itself', async () => {
    const wire = roaRequest();
    expect(await outcome(wire)).toBe('ok');
    expect(await send(server.port, wire)).toMatchObject({
      status: 400,
      json: {
        Code: 'SignatureNonceUsed',
        Message: expect.stringContaining('no x-acs-signature-nonce'),
      },
    });
  });

  test('is no signature of the RPC path', async () => {
    expect(await outcome(roaRequest({ path: '/', nonce: randomUUID() }))).toBe(
      'IncompleteSignature',
    );
  });
});

describe('an ACS3 signature', () => {
  test('holds on the paths of 2019-03-25', async () => {
    const path = '/v2/image/search';
    const form = { InstanceName: 'demo', Type: 'SearchByPic', PicContent: 'AAAA' };
    const call = { action: 'SearchImage', version: '2019-03-25', form, path };
    expect(await outcome(acs3Request(server.port, call))).toBe('ok');
  });

  test.each(['x-acs-date', 'x-acs-action', 'host'])(
    'with %s sent twice is incomplete',
    async (name) => {
      const wire = acs3Request(server.port, { action: 'Detail', query: { InstanceName: 'demo' } });
      const lines = Object.entries(wire.headers).map(([each, value]) => `${each}: ${value}`);
      const head = [
        `POST ${wire.path} HTTP/1.1`,
        ...lines,
        `${name}: again`,
        'connection: close',
        '',
        '',
      ];
      const { status } = await talk(server.port, [head.join('\r\n')]);
      expect(status).toBe(400);
    },
  );

  test('covers UTF-8 in a signed header', async () => {
    const name = 'Grüße/1';
    const wire = acs3Request(server.port, { action: 'Detail', query: { InstanceName: 'demo' } });
    const { authorization: _unused, ...headers } = wire.headers;
    const all: Record<string, string> = { ...headers, 'user-agent': name };
    const signed = Object.keys(all).toSorted();
    const canonical = [
      'POST',
      '/',
      'InstanceName=demo',
      ...signed.map((each) => `${each}:${all[each]}`),
      '',
      signed.join(';'),
      headers['x-acs-content-sha256'],
    ].join('\n');
    const digest = createHash('sha256').update(canonical).digest('hex');
    const signature = createHmac('sha256', accessKeySecret)
      .update(`ACS3-HMAC-SHA256\n${digest}`)
      .digest('hex');
    const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signed.join(';')},Signature=${signature}`;
    const lines = Object.entries({ ...all, authorization }).map(
      ([each, value]) => `${each}: ${value}`,
    );
    const head = [`POST ${wire.path} HTTP/1.1`, ...lines, 'connection: close', '', ''].join('\r\n');
    expect((await talk(server.port, [Buffer.from(head)])).status).toBe(200);
  });
});

function encodeSloppily(pairs: readonly (readonly [string, string])[]): string {
  const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return text.replaceAll('%2F', '/').replaceAll('%3F', '?');
}
