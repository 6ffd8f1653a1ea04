import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startGateway, TEST_KEY, type GatewayServer } from '../support/gateway-server.ts';
import { PLAIN_SETTINGS } from '../support/memory-catalog.ts';
import { talk } from '../support/raw-socket.ts';
import {
  acs3Request,
  callAction,
  rpcV1Request,
  send,
  type SignedCall,
} from '../support/signed-call.ts';

const MINUTE_MS = 60_000;
const PICTURE = Buffer.alloc(200_000, 'picture');
const BASE64 = PICTURE.toString('base64');
const ADMINISTRATION = { version: '2026-11-01', form: { InstanceName: 'demo' } };
const KEY = { InstanceName: 'demo', ProductId: 'p1', PicName: 'a.jpg' };
const DETAIL: SignedCall = { action: 'Detail', query: { InstanceName: 'demo' } };

let server: GatewayServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-gateway-'));
  server = await startGateway({ dataDir });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});

const refusal = async (
  wire: ReturnType<typeof acs3Request>,
): Promise<readonly [number, unknown]> => {
  const { status, json } = await send(server.port, wire);
  return [status, json['Code']];
};

describe('an answer', () => {
  test('is a JSON object with the request id of the header, in upper case', async () => {
    const { status, headers, json } = await callAction(server.port, DETAIL);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json;charset=utf-8');
    expect(json).toMatchObject({ Success: true, Instance: { Name: 'demo' } });
    expect(json['RequestId']).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/u);
    expect(headers['x-acs-request-id']).toBe(json['RequestId']);
  });

  test('that refuses has the same shape, and names the host', async () => {
    const { status, headers, json } = await send(server.port, {
      method: 'POST',
      path: '/elsewhere',
      headers: { host: 'images.example.com' },
      body: '',
    });
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/json;charset=utf-8');
    expect(json).toEqual({
      RequestId: headers['x-acs-request-id'],
      HostId: 'images.example.com',
      Code: 'InvalidAction.NotFound',
      Message: 'Specified api is not found, please check your url and method.',
    });
  });

  test.each([
    ['gzip, deflate', 'gzip'],
    ['identity', undefined],
    ['gzip;q=0', undefined],
    [undefined, undefined],
  ])('to Accept-Encoding %j is encoded as %j', async (accepted, encoding) => {
    for (let i = 0; i < 12; i += 1) {
      await callAction(server.port, {
        action: 'AddImage',
        form: { ...KEY, PicName: `gzip-${i}`, PicContent: 'AAAA', StrAttr: 'x'.repeat(128) },
      });
    }
    const wire = acs3Request(server.port, {
      action: 'SearchImageByPic',
      form: { InstanceName: 'demo', PicContent: 'AAAA' },
      ...(accepted === undefined ? {} : { extraHeaders: { 'accept-encoding': accepted } }),
    });
    const { status, headers } = await send(server.port, wire);
    expect([status, headers['content-encoding']]).toEqual([200, encoding]);
  });

  test('that was compressed unpacks to the JSON it is', async () => {
    const wire = acs3Request(server.port, {
      action: 'SearchImageByPic',
      form: { InstanceName: 'demo', PicContent: 'AAAA', Num: '20' },
      extraHeaders: { 'accept-encoding': 'gzip', connection: 'close' },
    });
    const lines = Object.entries(wire.headers).map(([name, value]) => `${name}: ${value}`);
    const head = ['POST / HTTP/1.1', ...lines, `content-length: ${wire.body.length}`, '', ''];
    const answer = await talk(server.port, [head.join('\r\n') + wire.body]);
    const body = answer.bytes.subarray(answer.bytes.indexOf('\r\n\r\n') + 4);
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ Success: true, Code: 0 });
  });

  test.each(['/healthz', '/readyz'])('to %s needs no signature', async (path) => {
    const { status } = await send(server.port, { method: 'GET', path, headers: {}, body: '' });
    expect(status).toBe(200);
  });
});

describe('parameters', () => {
  const decodings: readonly (readonly [string, string])[] = [
    [
      'percent-encoded',
      BASE64.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D'),
    ],
    ['with a raw plus for a plus', BASE64],
    ['with the URL alphabet and no padding', PICTURE.toString('base64url')],
    ['broken into lines', BASE64.replaceAll(/(.{76})/gu, '$1%0D%0A')],
  ];
  test.each(decodings)('take Base64 %s', async (_how, content) => {
    const text = `InstanceName=demo&ProductId=p2&PicName=b.jpg&PicContent=${content}`;
    const { json } = await callAction(server.port, { action: 'AddImage', rawBody: text });
    expect(json).toMatchObject({ Success: true });
    const [hit] = await search({ PicContent: BASE64, Num: '1' });
    expect(hit).toMatchObject({ ProductId: 'p2', Score: 1 });
  });

  test.each(['True', 'TRUE', 'true', '1', 'False', 'false', '0'])(
    'take %s for a boolean',
    async (text) => {
      expect(await search({ PicContent: 'AAAA', Crop: text, Num: '1' })).toHaveLength(1);
    },
  );

  test('are merged from query and form, and absent when empty', async () => {
    const wire = acs3Request(server.port, {
      action: 'SearchImageByPic',
      query: { ScoreThreshold: '', InstanceName: 'demo' },
      form: { PicContent: 'AAAA', Filter: '', Region: '', Num: '2' },
    });
    expect((await send(server.port, wire)).json).toMatchObject({ Success: true });
  });

  test('sent twice count once if equal, and are refused if not', async () => {
    const call = { action: 'Detail', query: { InstanceName: 'demo' } };
    const equal = acs3Request(server.port, { ...call, form: { InstanceName: 'demo' } });
    const other = acs3Request(server.port, { ...call, form: { InstanceName: 'shoes' } });
    expect((await send(server.port, equal)).status).toBe(200);
    expect(await refusal(other)).toEqual([400, 'InvalidParameter.Format']);
  });

  test('in a body that is no form are refused', async () => {
    const wire = acs3Request(server.port, { action: 'Detail', form: { InstanceName: 'demo' } });
    const headers = { ...wire.headers, 'content-type': 'application/json' };
    expect(await refusal({ ...wire, headers })).toEqual([400, 'InvalidParameter.Format']);
  });
});

const good = (): ReturnType<typeof acs3Request> => acs3Request(server.port, DETAIL);
const stale = (): number => Date.now() - 16 * MINUTE_MS;

describe('the order of checks', () => {
  const strange = { accessKeyId: 'nobody', accessKeySecret: 'x' };
  const wrong = { ...TEST_KEY, accessKeySecret: 'wrong' };

  test.each<[string, () => ReturnType<typeof acs3Request>, number, string]>([
    [
      'an unknown action',
      () => acs3Request(server.port, { action: 'Fly' }),
      404,
      'InvalidAction.NotFound',
    ],
    [
      'an unknown version',
      () => acs3Request(server.port, { ...DETAIL, version: '2001-01-01' }),
      400,
      'InvalidVersion',
    ],
    [
      'no action',
      () => ({ ...good(), headers: { 'x-acs-version': '2020-12-14' } }),
      400,
      'MissingAction',
    ],
    [
      'no signature',
      () => ({ ...good(), headers: { 'x-acs-version': '2020-12-14', 'x-acs-action': 'Detail' } }),
      400,
      'MissingAccessKeyId',
    ],
    [
      'a stale clock, of an unknown key',
      () => acs3Request(server.port, { ...DETAIL, key: strange, nowMs: stale() }),
      400,
      'InvalidTimeStamp.Expired',
    ],
    [
      'an unknown key',
      () => acs3Request(server.port, { ...DETAIL, key: strange }),
      404,
      'InvalidAccessKeyId.NotFound',
    ],
    [
      'a wrong secret',
      () => acs3Request(server.port, { ...DETAIL, key: wrong }),
      400,
      'SignatureDoesNotMatch',
    ],
    [
      'an unsigned x-acs header',
      () => acs3Request(server.port, { ...DETAIL, extraHeaders: { 'x-acs-extra': '1' } }),
      400,
      'IncompleteSignature',
    ],
    [
      'another ACS3 algorithm',
      () => ({
        ...good(),
        headers: {
          ...good().headers,
          authorization: 'ACS3-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=c',
        },
      }),
      400,
      'InvalidSignatureMethod',
    ],
    [
      'half an authorization',
      () => ({
        ...good(),
        headers: { ...good().headers, authorization: 'ACS3-HMAC-SHA256 Credential=a' },
      }),
      400,
      'IncompleteSignature',
    ],
    ['another method', () => ({ ...good(), method: 'PUT' }), 400, 'UnsupportedHTTPMethod'],
    [
      'an RPC v1 signature on a path',
      () => ({ ...rpcV1Request(server.port, DETAIL), path: '/v2/image/delete' }),
      400,
      'IncompleteSignature',
    ],
    [
      'a bearer token',
      () => ({
        ...good(),
        path: '/?Action=Detail&Version=2020-12-14&BearerToken=t&SignatureType=BEARERTOKEN',
        headers: {},
      }),
      400,
      'InvalidSecurityToken.Malformed',
    ],
  ])('refuses %s', async (_what, wire, status, code) => {
    expect(await refusal(wire())).toEqual([status, code]);
  });

  test('tells the server time to a clock that is wrong', async () => {
    const { json } = await callAction(server.port, { ...DETAIL, nowMs: stale() });
    expect(json['Message']).toMatch(/server's time is \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/u);
  });

  test('tells the string it signed, and no secret', async () => {
    const { json } = await send(server.port, rpcV1Request(server.port, { ...DETAIL, key: wrong }));
    expect(json['Message']).toMatch(
      /server string to sign is:POST&%2F&AccessKeyId%3Dtest-root%26Action/u,
    );
    expect(json['Message']).not.toContain(TEST_KEY.accessKeySecret);
  });

  test('lets a nonce through once, and keeps it for whoever can sign', async () => {
    const call = { ...DETAIL, nonce: 'the-one' };
    expect(await refusal(acs3Request(server.port, { ...call, key: wrong }))).toEqual([
      400,
      'SignatureDoesNotMatch',
    ]);
    expect((await callAction(server.port, call)).status).toBe(200);
    expect(await refusal(acs3Request(server.port, call))).toEqual([400, 'SignatureNonceUsed']);
  });

  test('finds an altered body before the nonce is taken', async () => {
    const wire = acs3Request(server.port, { action: 'Detail', form: { InstanceName: 'demo' } });
    expect(await refusal({ ...wire, body: 'InstanceName=dem0' })).toEqual([
      400,
      'SignatureDoesNotMatch',
    ]);
    expect((await send(server.port, wire)).status).toBe(200);
  });
});

describe('a large body', () => {
  test.each([
    ['ACS3', acs3Request],
    ['RPC v1', rpcV1Request],
  ])('signed with %s is parsed and verified in a thread', async (scheme, sign) => {
    const picture = Buffer.alloc(300_000, 'large');
    const form = { ...KEY, PicName: `large ${scheme}`, PicContent: picture.toString('base64') };
    const { json } = await send(server.port, sign(server.port, { action: 'AddImage', form }));
    expect(json).toMatchObject({ Success: true });
    const found = await callAction(server.port, {
      action: 'SearchImageByPic',
      form: { InstanceName: 'demo', PicContent: form.PicContent, Num: '1' },
    });
    expect(found.json['Auctions']).toMatchObject([{ Score: 1 }]);
  });

  test('with an altered picture fails its RPC v1 signature', async () => {
    const form = { ...KEY, PicContent: 'A'.repeat(100_000) };
    const wire = rpcV1Request(server.port, { action: 'AddImage', form });
    const body = wire.body.replace('AAAA', 'AAAB');
    expect(await refusal({ ...wire, body })).toEqual([400, 'SignatureDoesNotMatch']);
  });
});

describe('a refusal', () => {
  test('for load says when to come back', async () => {
    await server.catalog.createCollection({ ...PLAIN_SETTINGS, name: 'slow', qps: 1 });
    const call = { action: 'SearchImageByPic', form: { InstanceName: 'slow', PicContent: 'AAAA' } };
    expect((await callAction(server.port, call)).status).toBe(200);
    const { status, headers, json } = await callAction(server.port, call);
    expect([status, json['Code']]).toEqual([403, 'DeniedRequest']);
    expect(Number(headers['x-acs-retry-after'])).toBeGreaterThan(0);
  });

  test('for a bug of ours tells nothing, and logs all', async () => {
    const wire = acs3Request(server.port, { action: 'ClearInstance', ...ADMINISTRATION });
    server.catalog.clearCollection = async () => {
      throw new Error('the disk is on fire');
    };
    const { status, text } = await send(server.port, wire);
    expect([status, text]).toEqual([500, expect.stringContaining('"Code":"InternalError"')]);
    expect(text).not.toContain('fire');
    const bug = server.logged.find((line) => 'err' in line);
    expect(bug).toMatchObject({ err: { message: 'the disk is on fire' }, action: 'ClearInstance' });
  });

  test.each([
    ['query', (many: string) => ({ path: `/?${many}`, body: '' })],
    ['small form', (many: string) => ({ body: many })],
    ['large form', (many: string) => ({ body: many.repeat(20) })],
  ])('meets a %s of too many parameters', async (_where, changes) => {
    const wire = acs3Request(server.port, { action: 'Detail', form: { InstanceName: 'demo' } });
    const many = Array.from({ length: 1100 }, (_, i) => `a${i}=1&`).join('');
    expect(await refusal({ ...wire, ...changes(many) })).toEqual([400, 'InvalidParameter.Format']);
  });
});

describe('the log', () => {
  test('has one line a request, with stages, and nothing of secret, signature or picture', async () => {
    const before = server.logged.length;
    const wire = acs3Request(server.port, {
      action: 'AddImage',
      form: { ...KEY, PicContent: BASE64 },
    });
    await send(server.port, wire, { agent: new Agent() });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const lines = server.logged.slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      action: 'AddImage',
      instance: 'demo',
      key: 'test-root',
      status: 200,
    });
    expect(Object.keys(lines[0]!['ms'] as object)).toEqual(
      expect.arrayContaining(['read', 'authenticate', 'reply', 'total']),
    );
    const text = JSON.stringify(server.logged);
    const signature = wire.headers['authorization']!.replace(/.*Signature=/u, '');
    for (const secret of [TEST_KEY.accessKeySecret, signature, BASE64.slice(0, 40)]) {
      expect(text).not.toContain(secret);
    }
  });
});

async function search(form: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const call = { action: 'SearchImageByPic', form: { InstanceName: 'demo', ...form } };
  const { json } = await callAction(server.port, call);
  return json['Auctions'] as readonly unknown[];
}
