import { expect, test } from '@jest/globals';

import { acceptsGzip, formatJson } from './reply.ts';

test('whole scores keep a decimal point, and no text is touched', () => {
  const body = {
    Score: 0,
    Auctions: [{ Score: 1, ProductId: '"Score":1,' }, { Score: 0.5 }],
    Code: 0,
  };
  const text = formatJson(body);
  expect(text).toContain('{"Score":0.0,"Auctions":[{"Score":1.0,');
  expect(text).toContain('"Code":0}');
  expect(JSON.parse(text)).toEqual(body);
});

test.each([
  ['gzip', true],
  ['deflate, GZIP;q=0.5', true],
  ['gzip;q=0.001', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['identity, *', false],
  ['xgzip', false],
  [undefined, false],
])('Accept-Encoding %j asks for gzip: %s', (accepted, expected) => {
  const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
  expect(acceptsGzip({ headers })).toBe(expected);
});
