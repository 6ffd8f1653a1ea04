import { describe, expect, test } from '@jest/globals';

import { readJsonContent } from './json-content.ts';

function read(text: string): unknown {
  return readJsonContent(Buffer.from(text));
}

describe('readJsonContent', () => {
  test('decodes the picture, and leaves what is no Base64 as it is', () => {
    expect(read('{"image_base64":"AAEC","top_k":5}')).toEqual({
      image_base64: Uint8Array.of(0, 1, 2),
      top_k: 5,
    });
    expect(read('{"image_base64":"data:image/png;base64,AAEC"}')).toEqual({
      image_base64: 'data:image/png;base64,AAEC',
    });
    expect(read('{"image_base64":7}')).toEqual({ image_base64: 7 });
    expect(read('{"tags":{"image_base64":"AAEC"}}')).toEqual({ tags: { image_base64: 'AAEC' } });
  });

  test.each([
    ['nothing', '', 'JSON in UTF-8'],
    ['half an object', '{"a":', 'JSON in UTF-8'],
    ['a list', '[]', 'a JSON object'],
    ['null', 'null', 'a JSON object'],
    ['a text', '"text"', 'a JSON object'],
    ['deep lists', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'at most 40 levels'],
    ['many values', `{"a":[${'0,'.repeat(300_000)}0]}`, 'at most 250000 values'],
  ])('refuses %s', (_, text, expected) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'InvalidParameter.Format',
        message: expect.stringContaining(expected),
      }),
    );
  });

  test('refuses bytes that are no UTF-8', () => {
    const body = Buffer.from('{"library_name":"\xff"}', 'latin1');
    expect(() => readJsonContent(body)).toThrow('UTF-8');
  });
});
