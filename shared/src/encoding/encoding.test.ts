import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import {
  decodeBase64,
  encodeBase64,
  encodeHex,
  formatForm,
  parseForm,
  percentDecode,
  percentEncode,
  utf8Decode,
  utf8Encode,
} from './index.ts';

const text = fc.string({ unit: 'binary' });
const numRuns = process.env['LIKENESS_PROVE'] ? 10_000 : 500;

describe('base64', () => {
  test('encodes and decodes as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const encoded = encodeBase64(bytes);
        expect(encoded).toBe(Buffer.from(bytes).toString('base64'));
        expect(Buffer.from(decodeBase64(encoded)!)).toEqual(Buffer.from(bytes));
      }),
      { seed: 4, numRuns },
    );
  });

  test.each([
    ['a plus that became a space', 'a a/', 'a+a/'],
    ['a plus at the end that became a space', 'aaa ', 'aaa+'],
    ['URL-safe digits', 'a-_a', 'a+/a'],
    ['line breaks', 'aaaa\r\naaaa\n', 'aaaaaaaa'],
    ['missing padding', 'aaaaaa', 'aaaaaa=='],
    ['a line break between paddings', 'aaaaaa=\n=\n', 'aaaaaa=='],
    ['nothing', '', ''],
  ])('accepts %s', (_what, sloppy, strict) => {
    expect(Buffer.from(decodeBase64(sloppy)!)).toEqual(Buffer.from(strict, 'base64'));
  });

  test.each([
    ['a foreign character', 'aa*a'],
    ['a character beyond ASCII', 'aaé='],
    ['one digit alone', 'aaaaa'],
    ['digits after the padding', 'aaa=aaaa'],
    ['three paddings', 'aaaa==='],
    ['a data URL', 'data:image/png;base64,aaaa'],
  ])('refuses %s', (_what, encoded) => {
    expect(decodeBase64(encoded)).toBeUndefined();
  });

  test('is linear in hostile text', () => {
    const spaces = ' '.repeat(2_000_000);
    expect(decodeBase64(`aa=${spaces}=x`)).toBeUndefined();
    expect(decodeBase64(`=${spaces}`)).toHaveLength(0);
  });
});

describe('percent encoding', () => {
  test('leaves only the unreserved characters', () => {
    expect(percentEncode("AZaz09-_.~ !'()*+/中\u{1F600}")).toBe(
      'AZaz09-_.~%20%21%27%28%29%2A%2B%2F%E4%B8%AD%F0%9F%98%80',
    );
  });

  test('gives half a surrogate pair as U+FFFD, as UTF-8 does', () => {
    expect(percentEncode('a\uD83Db')).toBe('a%EF%BF%BDb');
  });

  test.each([
    ['%', '%'],
    ['%4', '%4'],
    ['100%zz%41', '100%zzA'],
    ['%ff%41', '\uFFFDA'],
    ['%E4%B8%ADx', '中x'],
  ])('decodes %j to %j', (encoded, decoded) => {
    expect(percentDecode(encoded)).toBe(decoded);
  });

  test('never throws, and undoes itself', () => {
    fc.assert(
      fc.property(text, (value) => {
        percentDecode(value);
        expect(percentDecode(percentEncode(value))).toBe(wellFormed(value));
      }),
      { seed: 4, numRuns },
    );
  });
});

describe('forms', () => {
  test.each([
    ['', []],
    ['&&', []],
    ['a', [['a', '']]],
    ['=b', [['', 'b']]],
    [
      'a=b=c&d=+x%20y',
      [
        ['a', 'b=c'],
        ['d', ' x y'],
      ],
    ],
    [
      'a=%2B&a=%zz',
      [
        ['a', '+'],
        ['a', '%zz'],
      ],
    ],
  ])('reads %j', (form, pairs) => {
    expect(parseForm(form)).toEqual(pairs);
  });

  test('agrees with URLSearchParams on whatever comes', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('&', '=', '+', '%', '%2', '%41', '%c3%a9', 'z'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const form = pieces.join('');
        // Node misreads raw text beyond ASCII beside a broken escape, and escapes that are no UTF-8.
        fc.pre(!/^\?|%[89a-f][\da-f]/iu.test(form.replaceAll('%c3%a9', '')));
        expect(
          parseForm(form).map(([name, value]) => [wellFormed(name), wellFormed(value)]),
        ).toEqual([...new URLSearchParams(form)]);
      }),
      { seed: 4, numRuns },
    );
  });

  test('reads what it writes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
        const sent = pairs.map((pair) => pair.map((each) => wellFormed(each)));
        const kept = sent.filter(([name, value]) => name !== '' || value !== '');
        expect(parseForm(formatForm(pairs)).filter(([n, v]) => n !== '' || v !== '')).toEqual(kept);
      }),
      { seed: 4, numRuns },
    );
  });
});

test('bytes become hex and UTF-8 becomes text', () => {
  expect(encodeHex(Uint8Array.of(0, 15, 255))).toBe('000fff');
  expect(utf8Decode(utf8Encode('é中'))).toBe('é中');
});

/** Half surrogate pairs become U+FFFD, as in UTF-8. */
function wellFormed(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8');
}
