import { describe, expect, test } from '@jest/globals';
import { parseRegion } from '@likeness/shared/api';
import { decodeBase64, parseForm, percentDecode } from '@likeness/shared/encoding';
import { parseFilter } from '@likeness/shared/filter';

import { parseTimestamp } from '../../src/auth/timestamps.ts';
import { ClientAddresses } from '../../src/http/client-addresses.ts';
import { FormContent } from '../../src/http/form-content.ts';
import { acceptsGzip } from '../../src/http/reply.ts';
import { parseRequestTarget } from '../../src/http/request-target.ts';
import { signableHeaders } from '../../src/http/signable-headers.ts';
import { startGateway, withFolder } from '../support/gateway-server.ts';
import { acs3Request, send } from '../support/signed-call.ts';

const KIBIBYTE = 1024;
/** Far beyond what a head or a filter may have, so that anything quadratic would take minutes. */
const LENGTH = 1024 * KIBIBYTE;
const PROXIES = new ClientAddresses(['10.0.0.0/8']);

const attempt = (parse: (text: string) => unknown) => (text: string) => {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
};

/** Each parser with what would take the longest, were it careless. */
const CASES: readonly (readonly [string, (text: string) => unknown, string])[] = [
  ['a form of escapes that are broken', parseForm, '%%%='],
  ['a form of names', (text) => new FormContent(Buffer.from(text)), 'a=b;'],
  ['Base64 with spaces behind its end', decodeBase64, 'AA= '],
  [
    'an address behind spaces',
    (text) => new FormContent(Buffer.from(`PicContent=${text}`)).pictures(),
    ' ',
  ],
  ['escapes that are no UTF-8', percentDecode, '%FF'],
  ['a filter of parentheses', attempt(parseFilter), '('],
  ['a filter of escapes', attempt((text) => parseFilter(`str_attr="${text}`)), '\\"'],
  [
    'a filter of conditions',
    attempt((text) => parseFilter(`int_attr=1${text}`)),
    ' and int_attr=1',
  ],
  ['a region of spaces', (text) => parseRegion(`1${text}`), ' '],
  ['a region of digits', (text) => parseRegion(`1,2,3,4${text}x`), ' '],
  ['a timestamp', attempt(parseTimestamp), '2026-'],
  ['a target that never ends', attempt((text) => parseRequestTarget(`http://${text}`)), 'a?'],
  ['encodings', (text) => acceptsGzip({ headers: { 'accept-encoding': text } }), 'gzip;q=0.0;,'],
  ['one header again and again', (text) => signableHeaders(text.split('')), 'aa'],
  [
    'a chain of proxies',
    (text) =>
      PROXIES.of({
        socket: { remoteAddress: '10.0.0.1' },
        headers: { 'x-forwarded-for': text },
      } as never),
    '10.0.0.1,',
  ],
];

describe('takes no longer a byte for a long one:', () => {
  test.each(CASES)('%s', (_what, parse, piece) => {
    const measure = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      const startedMs = performance.now();
      parse(text);
      return performance.now() - startedMs;
    };
    measure(KIBIBYTE);
    const [quarter, whole] = [measure(LENGTH / 4), measure(LENGTH)];
    console.log(
      `${_what}: ${whole.toFixed(1)} ms a MiB, × ${(whole / quarter).toFixed(1)} (bar × 8)`,
    );
  });
});

test('a signature that lists one header many times is refused before it is computed', () =>
  withFolder(async (dataDir) => {
    const server = await startGateway({ dataDir });
    const wire = acs3Request(server.port, { action: 'Detail', query: { InstanceName: 'demo' } });
    const many = `SignedHeaders=x-long${';x-long'.repeat(8000)};`;
    const authorization = (wire.headers['authorization'] ?? '').replace('SignedHeaders=', many);
    const headers = { ...wire.headers, authorization, 'x-long': 'y'.repeat(50_000) };
    const { status, json } = await send(server.port, { ...wire, headers });
    expect([status, json['Code'], json['Message']]).toEqual([
      400,
      'IncompleteSignature',
      'A header is signed twice.',
    ]);
    await server.stop();
  }));
