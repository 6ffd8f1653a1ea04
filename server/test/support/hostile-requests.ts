import { formatForm } from '@likeness/shared/encoding';

import type { Random } from './random-rows.ts';
import type { Piece } from './raw-socket.ts';
import { acs3Request, rpcV1Request, type WireRequest } from './signed-call.ts';
import { formOf } from './upload-forms.ts';

/** What one connection does. */
export interface HostileRequest {
  readonly kind: string;
  readonly pieces: readonly Piece[];
  readonly isTls: boolean;
  /** Ends its side, goes at once, or leaves its request without an end and waits until it is cut off. */
  readonly ending: 'end' | 'leave' | 'wait';
}

type Make = (random: Random, port: number) => readonly Piece[];

const READS = ['SearchImageByFilter', 'SearchImageByName', 'CheckImageExists', 'Detail'] as const;
const CHARACTERS = [
  'a',
  'Z',
  '0',
  ' ',
  '%',
  '&',
  '=',
  '+',
  '"',
  "'",
  '\\',
  '(',
  ')',
  '[',
  ',',
  '\u0000',
  '\r',
  '\n',
  'é',
  '\u{1F600}',
  '\uD800',
  '\u202E',
  '<',
  '../',
];
const FILTER_WORDS = [
  'int_attr',
  'str_attr4',
  'IntAttr2',
  'id',
  'AND',
  'or',
  'NOT',
  'IN',
  '=',
  '!=',
  '<=',
  '>',
  '(',
  ')',
  '[',
  ']',
  ',',
  '1',
  '-2147483649',
  '1e9',
  '"red"',
  "'",
  '"\\"',
  '%',
];
const REGIONS = [
  '0,0,0,0',
  '10,5,10,5',
  '-1,10,0,10',
  '0,1e9,0,1e9',
  '1,2,3',
  'a,b,c,d',
  '0,99999999999999999999,0,1',
  '1.5,2,3,4',
  ',,,',
  '0,10,0,10,0',
];
const HEAD_NAMES = [
  'host',
  'content-length',
  'transfer-encoding',
  'expect',
  'connection',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'authorization',
  'content-type',
  'x-forwarded-for',
  'accept-encoding',
  'upgrade',
  'cookie',
  'constructor',
  '__proto__',
  'origin',
];
const HEAD_VALUES = [
  '',
  '0',
  '-1',
  '1e3',
  '99999999999999999999',
  'chunked',
  'chunked, chunked',
  'gzip',
  '100-continue',
  'close',
  'upgrade',
  'h2c',
  'ACS3-HMAC-SHA256',
  'ACS3-HMAC-SHA256 Credential=,SignedHeaders=,Signature=',
  'acs :',
  'acs a:b',
  'Bearer x:y',
  '2026-13-99T99:99:99Z',
  '*/*',
  'q=0, gzip;q=0.0;q=1',
  'null',
  'application/x-www-form-urlencoded; charset=utf-7',
  '1.1.1.1,'.repeat(50),
];

/** The `index`th request of a seed's stream is the same in every run. */
export function makeHostileRequest(random: Random, port: number): HostileRequest {
  const kind = random.pick(Object.keys(MAKERS));
  const pieces = MAKERS[kind]?.(random, port) ?? [];
  const isTls = kind !== 'tls' && random.chance(0.1);
  if (kind === 'slow' && random.chance(0.02)) {
    return { kind, pieces: pieces.slice(0, 1), isTls, ending: 'wait' };
  }
  return { kind, pieces, isTls, ending: random.chance(0.05) ? 'leave' : 'end' };
}

const MAKERS: Readonly<Record<string, Make>> = {
  signature: (random, port) => [writeWire(spoilSignature(random, signedRead(random, port)))],
  form: (random, port) => [writeWire(makeForm(random, port))],
  multipart: (random, port) => [writeWire(makeMultipart(random, port))],
  upload: (random, port) => [writeWire(makeUpload(random, port))],
  filter: (random, port) => [
    writeWire(sign(random, port, { Filter: textOf(random, FILTER_WORDS, ' ') })),
  ],
  region: (random, port) => [
    writeWire(
      sign(
        random,
        port,
        {
          Region: random.pick(REGIONS),
          Crop: random.pick(['true', 'FALSE', '2']),
          PicContent: random.pick(['AAAA', '====', 'http://[', 'R0lGODlhAQABAAAAACw=', '%00']),
          CategoryId: random.pick(['88888888', '-1', 'x', '1e999']),
        },
        'SearchImageByPic',
      ),
    ),
  ],
  name: (random, port) => [
    writeWire(
      sign(random, port, {
        InstanceName: textOf(random, CHARACTERS),
        ProductId: textOf(random, CHARACTERS),
        PicName: textOf(random, CHARACTERS).repeat(random.below(40)),
        Num: random.pick(['0', '101', '-0', '٣', '1'.repeat(400), 'NaN']),
        Start: random.pick(['500', '0x1', ' ', '499']),
        ScoreThreshold: random.pick(['1.001', '.5', '-0', 'Infinity']),
      }),
    ),
  ],
  head: (random, port) => [writeWire(spoilHead(random, signedRead(random, port)))],
  bytes: (random) => [randomBytes(random, 1 + random.below(3000))],
  protocol: (random, port) => [Buffer.from(makeProtocol(random, port), 'latin1')],
  tls: (random) => [
    Buffer.concat([
      Buffer.from([0x16, 3, random.below(5), random.below(256), random.below(256)]),
      randomBytes(random, random.below(600)),
    ]),
  ],
  slow: (random, port) => cut(random, writeWire(signedRead(random, port))),
};

function sign(
  random: Random,
  port: number,
  form: Readonly<Record<string, string>>,
  action: string = random.pick(READS),
): WireRequest {
  const whole = { InstanceName: 'demo', ProductId: 'p', PicName: 'a', ...form };
  const write = random.chance(0.5) ? acs3Request : rpcV1Request;
  return write(port, { action, form: whole });
}

function signedRead(random: Random, port: number): WireRequest {
  return sign(random, port, { Filter: 'int_attr >= 0' });
}

function spoilSignature(random: Random, wire: WireRequest): WireRequest {
  const spoilt = { ...wire.headers };
  const name = random.pick(Object.keys(spoilt));
  const value = spoilt[name] ?? '';
  const body = random.chance(0.5) ? wire.body : spoil(random, wire.body);
  if (random.chance(0.2)) delete spoilt[name];
  else spoilt[name] = random.chance(0.3) ? random.pick(HEAD_VALUES) : spoil(random, value);
  return { ...wire, headers: spoilt, body };
}

/** A signed body whose content is anything. */
function makeForm(random: Random, port: number): WireRequest {
  const pairs = Array.from(
    { length: random.below(30) },
    () => [textOf(random, CHARACTERS), textOf(random, CHARACTERS)] as const,
  );
  const doubled = random.chance(0.3) ? 'InstanceName=demo&InstanceName=other&' : '';
  const tail = random.pick(['%', '%zz=%', '&'.repeat(2000), '=', 'PicContent=', '%C0%80=%FF']);
  const rawBody = `${doubled}InstanceName=demo&${formatForm(pairs)}&${tail}`;
  return acs3Request(port, { action: random.pick(READS), rawBody });
}

function makeMultipart(random: Random, port: number): WireRequest {
  const boundary = random.pick(['x', 'x'.repeat(300), '--', '']);
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="${textOf(random, CHARACTERS)}"\r\n\r\nv\r\n`;
  const rawBody = part.repeat(random.below(20)) + random.pick(['', `--${boundary}--`, '--']);
  const extraHeaders = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return acs3Request(port, { action: random.pick(READS), rawBody, extraHeaders });
}

/** A form that nobody allowed, spoilt somewhere. */
function makeUpload(random: Random, port: number): WireRequest {
  const boundary = 'boundary0123456789ab';
  const policy = random.pick(['', '{}', 'e30=', 'bnVsbA==', 'x'.repeat(20_000)]);
  const fields = [
    ['OSSAccessKeyId', random.pick(['test-root', 'nobody', '', '__proto__'])],
    ['policy', policy],
    ['Signature', textOf(random, CHARACTERS)],
    ['key', random.pick(['../FORMAT', `likeness-uploads/${'0'.repeat(16)}/${'0'.repeat(32)}`])],
    ['file', 'x'.repeat(random.below(5000))],
  ] as const;
  const count = random.below(fields.length + 1);
  const form = formOf(fields.slice(0, count), boundary).toString();
  const at = random.below(form.length + 1);
  const junk = random.pick(['', '\r\n', '--', `--${boundary}`, `--${boundary}--`, '\0']);
  return {
    method: 'POST',
    path: '/',
    headers: {
      host: `127.0.0.1:${port}`,
      'content-type': `multipart/form-data; boundary=${random.pick([boundary, '--', 'x', '"'])}`,
    },
    body: random.chance(0.3) ? form.slice(0, at) : form.slice(0, at) + junk + form.slice(at),
  };
}

function spoilHead(random: Random, wire: WireRequest): WireRequest {
  const extra = Array.from({ length: 1 + random.below(4) }, (): [string, string] => [
    random.pick(HEAD_NAMES),
    random.pick(HEAD_VALUES),
  ]);
  const path = random.pick([
    '/',
    '//',
    '/?',
    '/v2/image/search',
    '*',
    'http://x/?a=b',
    `/?${'a&'.repeat(1200)}`,
    '/%',
    '/?%E0%A4%A',
    '/healthz',
    '/x'.repeat(500),
  ]);
  const method = random.pick(['GET', 'POST', 'PUT', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT']);
  return { ...wire, method, path, headers: { ...wire.headers, ...Object.fromEntries(extra) } };
}

function makeProtocol(random: Random, port: number): string {
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n`;
  return random.pick([
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}transfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n`,
    `${head}transfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(500)}0\r\n\r\n`,
    `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello!`,
    `${head}expect: 200-ok\r\n\r\n`,
    `${head}${'a: b\r\n'.repeat(random.below(2500))}\r\n`,
    `${head}x: ${'y'.repeat(random.below(200_000))}\r\n\r\n`,
    'GET /healthz HTTP/1.1\r\n\r\n'.repeat(1 + random.below(200)),
    'GET / HTTP/0.9\r\n\r\n',
    `GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
  ]);
}

/** In pieces, some of them late; the last may never come. */
function cut(random: Random, bytes: Buffer): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < bytes.length && pieces.length < 12) {
    const end = at + 1 + random.below(bytes.length);
    pieces.push(bytes.subarray(at, end), random.below(20));
    at = end;
  }
  return pieces;
}

function writeWire({ method, path, headers, body }: WireRequest): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${oneLine(value)}`);
  const has = (name: string): boolean => Object.hasOwn(headers, name);
  if (!has('content-length') && !has('transfer-encoding')) {
    lines.push(`content-length: ${Buffer.byteLength(body)}`);
  }
  if (!has('connection')) lines.push('connection: close');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** Some values keep their line breaks: that is what a header is injected with. */
function oneLine(value: string): string {
  return value.length % 7 === 0 ? value : value.replaceAll(/[\r\n\0]/gu, '');
}

function textOf(random: Random, words: readonly string[], between = ''): string {
  return Array.from({ length: random.below(12) }, () => random.pick(words)).join(between);
}

/** The text with a few characters changed, cut or doubled. */
function spoil(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  return random.pick([
    text.slice(0, at),
    text.slice(0, at) + random.pick(CHARACTERS) + text.slice(at + 1),
    text + text,
    text.slice(at) + text.slice(0, at),
  ]);
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
