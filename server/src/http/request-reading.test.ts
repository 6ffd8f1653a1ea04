import { describe, expect, test } from '@jest/globals';

import { mergeParameters } from './parameters.ts';
import { readPictures } from './form-content.ts';
import { parseRequestTarget } from './request-target.ts';
import { signableHeaders } from './signable-headers.ts';

describe('parseRequestTarget', () => {
  test.each([
    ['/', '/', []],
    [
      '/?a=1&b=',
      '/',
      [
        ['a', '1'],
        ['b', ''],
      ],
    ],
    ['/?a=x?y/z', '/', [['a', 'x?y/z']]],
    ['/v2/image/add?', '/v2/image/add', []],
    ['http://127.0.0.1:80/?a=1', '/', [['a', '1']]],
    ['http://127.0.0.1?a=1', '/', [['a', '1']]],
    [
      '/?a=1+2%2B3&%C3%BC=%E5%9B%BE',
      '/',
      [
        ['a', '1 2+3'],
        ['ü', '图'],
      ],
    ],
  ])('splits %j', (url, path, query) => {
    expect(parseRequestTarget(url)).toEqual({ path, query });
  });
});

describe('signableHeaders', () => {
  test('gathers repeated headers, reads UTF-8, and knows no inherited names', () => {
    const latin1 = Buffer.from('é').toString('latin1');
    const headers = signableHeaders(['A', '1', 'a', '2', 'B', latin1, '__proto__', 'x']);
    expect(headers['a']).toEqual(['1', '2']);
    expect(headers['b']).toBe('é');
    expect('constructor' in headers).toBe(false);
  });
});

const merge = (
  query: readonly (readonly [string, string])[],
  form: readonly (readonly [string, string])[] = [],
) => mergeParameters(query, form, readPictures(form));

describe('mergeParameters', () => {
  test('leaves out what is empty, and what only the signature is about', () => {
    const { text } = merge(
      [
        ['A', ''],
        ['Signature', 's'],
        ['SecurityToken', 't'],
      ],
      [['A', '1']],
    );
    expect([...text]).toEqual([['A', '1']]);
  });

  test.each([
    ['Base64', 'AAEC', { kind: 'bytes', bytes: Uint8Array.of(0, 1, 2) }],
    ['a URL', ' HTTP://127.0.0.1:8000/x ', { kind: 'url', url: 'HTTP://127.0.0.1:8000/x' }],
    ['neither', '!', { kind: 'invalid' }],
  ])('takes %s in a picture parameter, in query or form', (_what, value, picture) => {
    for (const merged of [merge([['PicContent', value]]), merge([], [['PicContent', value]])]) {
      expect(merged.pictures.get('PicContent')).toEqual(picture);
      expect(merged.text.has('PicContent')).toBe(false);
    }
  });

  test('refuses two pictures under one name', () => {
    const refusal = expect.objectContaining({ code: 'InvalidParameter.Format' });
    expect(() =>
      merge(
        [],
        [
          ['PicContent', 'AAAA'],
          ['PicContent', 'BBBB'],
        ],
      ),
    ).toThrow(refusal);
    expect(() => merge([['PicContent', 'AAAA']], [['PicContent', 'AAAA']])).toThrow(refusal);
    expect(
      merge(
        [],
        [
          ['PicContent', 'AAAA'],
          ['PicContent', 'AAAA'],
        ],
      ).pictures.size,
    ).toBe(1);
  });
});
