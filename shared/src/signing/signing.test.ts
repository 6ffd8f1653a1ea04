import { createHash, createHmac } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { CAPTURES, type Capture } from '../../test/support/captures.ts';
import { parseForm } from '../encoding/index.ts';
import {
  acs3CanonicalRequest,
  acs3Signature,
  acs3StringToSign,
  parseAcs3Authorization,
  parseRoaV1Authorization,
  roaV1Signature,
  roaV1StringToSign,
  rpcV1CanonicalizedQuery,
  rpcV1Signature,
  rpcV1StringToSign,
  signAcs3,
  signRpcV1,
  type HashFunctions,
  type Pairs,
} from './index.ts';

/** A capture as a server reads it. */
interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Pairs;
  readonly form: Pairs;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const SECRET = 'testsecret';
const credentials = { accessKeyId: 'testid', accessKeySecret: SECRET };
const hash: HashFunctions = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};

const ofScheme = (scheme: Capture['scheme']): readonly (readonly [string, Capture])[] =>
  CAPTURES.filter((each) => each.scheme === scheme).map((each) => [each.name, each] as const);

test('137 captures: 89 ACS3, 45 RPC v1, 3 ROA v1', () => {
  const counts = (['ACS3', 'RPC-V1', 'ROA-V1'] as const).map((scheme) => ofScheme(scheme).length);
  expect([CAPTURES.length, ...counts]).toEqual([137, 89, 45, 3]);
});

describe('ACS3', () => {
  test.each(ofScheme('ACS3'))('%s: canonical request and signature agree', (_name, capture) => {
    const request = receive(capture);
    const { signedHeaders } = acs3Claim(request);
    const canonical = acs3CanonicalRequest({
      ...request,
      signedHeaders,
      bodyHash: sha256(request),
    });
    const stringToSign = acs3StringToSign(canonical, hash);
    expect(canonical).toBe(capture.derived.canonical);
    expect(stringToSign).toBe(capture.derived.stringToSign);
    expect(acs3Signature(stringToSign, SECRET, hash)).toBe(capture.derived.signature);
    expect(acs3Claim(request).signature).toBe(capture.derived.signature);
  });

  test.each(ofScheme('ACS3'))('%s: any changed byte breaks it', (_name, capture) => {
    const request = receive(capture);
    expect(acs3Holds(request)).toBe(true);

    const { signedHeaders } = acs3Claim(request);
    for (const name of signedHeaders) {
      expect(acs3Holds({ ...request, headers: changed(request.headers, name) })).toBe(false);
    }
    for (const query of changedPairs(request.query)) {
      expect(acs3Holds({ ...request, query })).toBe(false);
    }
    for (const at of sampleOffsets(request.body.length)) {
      expect(acs3Holds({ ...request, body: changedBuffer(request.body, at) })).toBe(false);
    }
    const signature = flip(acs3Claim(request).signature, 5);
    const authorization = request.headers['authorization']!.replace(/\w+$/u, signature);
    expect(acs3Holds({ ...request, headers: { ...request.headers, authorization } })).toBe(false);
  });

  test.each(ofScheme('ACS3').filter(([name]) => !name.includes('python')))(
    '%s: signing writes the same header',
    (_name, capture) => {
      const request = receive(capture);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name !== 'authorization'),
      );
      const authorization = signAcs3(
        { ...request, headers, bodyHash: sha256(request) },
        credentials,
        hash,
      );
      expect(authorization).toBe(request.headers['authorization']);
    },
  );

  test('several values of one header are sorted and joined, an absent one is empty', () => {
    const canonical = acs3CanonicalRequest({
      method: 'get',
      path: '/a+b*c%7Ed',
      query: [
        ['b', '2 '],
        ['a', ''],
      ],
      headers: { 'x-acs-a': [' z ', 'b'] },
      signedHeaders: ['x-acs-a', 'x-acs-b'],
      bodyHash: 'h',
    });
    expect(canonical).toBe(
      'GET\n/a%20b%2Ac~d\na=&b=2%20\nx-acs-a:b,z\nx-acs-b:\n\nx-acs-a;x-acs-b\nh',
    );
  });

  test.each([
    'ACS3-HMAC-SHA256',
    'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b',
    'ACS3-HMAC-SHA256 Credential=,SignedHeaders=b,Signature=c',
    'ACS3-HMAC-SM3 Credential=a,SignedHeaders=b,Signature=c',
    'acs a:b',
    '',
  ])('reads no authorization out of %j', (header) => {
    expect(parseAcs3Authorization(header)).toBeUndefined();
  });
});

describe('RPC v1', () => {
  test.each(ofScheme('RPC-V1'))('%s: canonical query and signature agree', (_name, capture) => {
    const { method, query, form } = receive(capture);
    const params = [...query, ...form];
    const stringToSign = rpcV1StringToSign(method, params, { emptyValues: 'signed' });
    expect(rpcV1CanonicalizedQuery(params, { emptyValues: 'signed' })).toBe(
      capture.derived.canonical,
    );
    expect(stringToSign).toBe(capture.derived.stringToSign);
    const signature = rpcV1Signature(stringToSign, SECRET, 'HMAC-SHA1', hash);
    expect(signature).toBe(capture.derived.signature);
    expect(new Map(params).get('Signature')).toBe(signature);
    const unsigned = params.filter(([name]) => name !== 'Signature');
    expect(signRpcV1({ method, params: unsigned }, credentials, hash).at(-1)).toEqual([
      'Signature',
      signature,
    ]);
  });

  test.each(ofScheme('RPC-V1'))('%s: any changed name or value breaks it', (_name, capture) => {
    const { method, query, form } = receive(capture);
    const params = [...query, ...form];
    expect(rpcV1Holds(method, params)).toBe(true);
    for (const variant of changedPairs(params)) expect(rpcV1Holds(method, variant)).toBe(false);
  });

  test('leaves empty values out where told, and signs with SHA-256 where named', () => {
    const params: Pairs = [
      ['B', ''],
      ['A', 'x y'],
      ['SignatureMethod', 'HMAC-SHA256'],
    ];
    expect(rpcV1StringToSign('post', params, { emptyValues: 'left-out' })).toBe(
      'POST&%2F&A%3Dx%2520y%26SignatureMethod%3DHMAC-SHA256',
    );
    const text = rpcV1StringToSign('post', params, { emptyValues: 'signed' });
    const expected = createHmac('sha256', `${SECRET}&`).update(text).digest('base64');
    expect(signRpcV1({ method: 'POST', params }, credentials, hash).at(-1)).toEqual([
      'Signature',
      expected,
    ]);
  });
});

describe('ROA v1', () => {
  test.each(ofScheme('ROA-V1'))('%s: string to sign and signature agree', (_name, capture) => {
    const request = receive(capture);
    const stringToSign = roaV1StringToSign(request);
    expect(stringToSign).toBe(capture.derived.stringToSign);
    const signature = roaV1Signature(stringToSign, SECRET, hash);
    expect(signature).toBe(capture.derived.signature);
    expect(parseRoaV1Authorization(request.headers['authorization']!)).toEqual({
      accessKeyId: 'testid',
      signature,
    });
    const md5 = createHash('md5').update(request.body).digest('base64');
    expect(request.headers['content-md5']).toBe(md5);
  });

  test.each(ofScheme('ROA-V1'))('%s: any changed signed byte breaks it', (_name, capture) => {
    const request = receive(capture);
    const signed = Object.keys(request.headers).filter(
      (name) =>
        ['accept', 'content-md5', 'content-type', 'date'].includes(name) ||
        name.startsWith('x-acs-'),
    );
    for (const name of signed) {
      const text = roaV1StringToSign({ ...request, headers: changed(request.headers, name) });
      expect(roaV1Signature(text, SECRET, hash)).not.toBe(capture.derived.signature);
    }
  });

  test('writes the query sorted and raw after the path', () => {
    const text = roaV1StringToSign({
      method: 'GET',
      path: '/v2',
      query: [
        ['b', 'x y'],
        ['a', ''],
      ],
      headers: {},
    });
    expect(text).toBe('GET\n\n\n\n\n/v2?a=&b=x y');
  });
});

test('no signer throws, whatever it is given', () => {
  const text = fc.string({ unit: 'binary' });
  const pairs = fc.array(fc.tuple(text, text));
  const headers = fc.dictionary(text, fc.oneof(text, fc.array(text)));
  fc.assert(
    fc.property(text, text, pairs, headers, text, (method, path, query, fields, secret) => {
      const keys = { accessKeyId: secret, accessKeySecret: secret };
      signAcs3({ method, path, query, headers: fields, bodyHash: '' }, keys, hash);
      signRpcV1({ method, params: query }, keys, hash);
      roaV1Signature(roaV1StringToSign({ method, path, query, headers: fields }), secret, hash);
      parseAcs3Authorization(path);
      parseRoaV1Authorization(path);
    }),
    { seed: 4, numRuns: process.env['LIKENESS_PROVE'] ? 5000 : 300 },
  );
});

function receive(capture: Capture): Received {
  const [path = '', search = ''] = capture.url.split('?');
  const body = Buffer.from(capture.bodyBase64, 'base64');
  const headers: Record<string, string> = {};
  for (let i = 0; i < capture.rawHeaders.length; i += 2) {
    headers[capture.rawHeaders[i]!.toLowerCase()] = capture.rawHeaders[i + 1]!;
  }
  const form = parseForm(body.toString('utf8'));
  return { method: capture.method, path, query: parseForm(search), form, headers, body };
}

function acs3Claim(request: Received) {
  return parseAcs3Authorization(request.headers['authorization'] ?? '')!;
}

/** As a server verifies: the client's own list of headers, a body hash of its own. */
function acs3Holds(request: Received): boolean {
  const claim = acs3Claim(request);
  const bodyHash = sha256(request);
  const canonical = acs3CanonicalRequest({
    ...request,
    signedHeaders: claim.signedHeaders,
    bodyHash,
  });
  const signature = acs3Signature(acs3StringToSign(canonical, hash), SECRET, hash);
  return signature === claim.signature && bodyHash === request.headers['x-acs-content-sha256'];
}

function rpcV1Holds(method: string, params: Pairs): boolean {
  const presented = params.find(([name]) => name === 'Signature')?.[1];
  return (['signed', 'left-out'] as const).some((emptyValues) => {
    const text = rpcV1StringToSign(method, params, { emptyValues });
    return rpcV1Signature(text, SECRET, 'HMAC-SHA1', hash) === presented;
  });
}

function sha256({ body }: Received): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Each pair with another name, and with another value. */
function changedPairs(pairs: Pairs): Pairs[] {
  return pairs.flatMap(([name, value], i) => [
    pairs.with(i, [flip(name, 0), value]),
    pairs.with(i, [name, value === '' ? 'x' : flip(value, value.length >> 1)]),
  ]);
}

function changed(headers: Readonly<Record<string, string>>, name: string) {
  const value = headers[name]!;
  return { ...headers, [name]: flip(value, value.length >> 1) };
}

/** Every byte of a short body, eight of a long one. */
function sampleOffsets(length: number): number[] {
  const step = Math.max(1, Math.floor(length / 8));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}

function changedBuffer(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

function flip(text: string, at: number): string {
  const other = text[at] === 'A' ? 'B' : 'A';
  return text.slice(0, at) + other + text.slice(at + 1);
}
