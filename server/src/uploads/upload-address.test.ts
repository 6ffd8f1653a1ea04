import { describe, expect, test } from '@jest/globals';

import { formatObjectKey, ownerOf, parseUploadUrl, splitAuthority } from './upload-address.ts';

const NAME = { owner: ownerOf('some key'), id: '0123456789abcdef'.repeat(2) };

describe('splitAuthority', () => {
  test.each([
    ['127.0.0.1:8000', '127', '0.0.1:8000'],
    ['localhost:8000', '127', '0.0.1:8000'],
    ['LOCALHOST', '127', '0.0.1'],
    ['images.example.com:8443', 'images', 'example.com:8443'],
    ['example.com', 'example', 'com'],
  ])('%s is cut at its first dot', (authority, bucket, endpoint) => {
    expect(splitAuthority(authority)).toEqual({ bucket, endpoint });
  });

  test.each(['likeness:8000', '[::1]:8000', '', 'a.b/c', 'a.b@c', '.example.com'])(
    'there is no way to upload to %j',
    (authority) => {
      expect(() => splitAuthority(authority)).toThrow(
        expect.objectContaining({ code: 'BadRequest' }),
      );
    },
  );
});

describe('parseUploadUrl', () => {
  test.each(['http://127.0.0.1:8000', 'https://images.example.com'])(
    'knows an upload under any name of the server: %s',
    (origin) => {
      expect(parseUploadUrl(`${origin}/${formatObjectKey(NAME)}`)).toEqual(NAME);
    },
  );

  test.each([
    'no URL',
    'http://a.b/c.jpg',
    `http://a.b/${formatObjectKey(NAME)}?x`,
    `http://a.b/${formatObjectKey(NAME)}#x`,
    `http://a.b/${formatObjectKey(NAME)}/..`,
    `http://a.b/x/${formatObjectKey(NAME)}`,
    `http://a.b/${formatObjectKey(NAME).toUpperCase()}`,
  ])('takes %s for none', (url) => {
    expect(parseUploadUrl(url)).toBeUndefined();
  });
});
