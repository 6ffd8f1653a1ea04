import { Readable } from 'node:stream';

import { describe, expect, test } from '@jest/globals';

import { readPicture } from './picture-content.ts';
import type { PictureContent } from './picture-content.ts';

const BYTES = Uint8Array.of(0xfb, 0xef, 0xbe, 0x00, 0x01);
const BASE64 = '++++AAE=';

async function* inPieces(): AsyncGenerator<Uint8Array> {
  yield BYTES.subarray(0, 2);
  yield BYTES.subarray(2);
}

/** As Safari's: it cannot be iterated. */
function webStream(): ReadableStream<Uint8Array> {
  const stream = new Blob([BYTES]).stream();
  return { getReader: () => stream.getReader() } as ReadableStream<Uint8Array>;
}

describe('readPicture', () => {
  test.each<[string, PictureContent]>([
    ['bytes', BYTES],
    ['a part of a buffer', new Uint8Array([9, ...BYTES, 9]).subarray(1, 6)],
    ['an ArrayBuffer', BYTES.slice().buffer],
    ['a Blob', new Blob([BYTES])],
    ['Base64', BASE64],
    ['a web stream', new Blob([BYTES]).stream()],
    ['a web stream that cannot be iterated', webStream()],
    ['a Node stream', Readable.from(inPieces())],
    ['an async iterable', inPieces()],
  ])('takes %s', async (_form, content) => {
    expect(await readPicture(content)).toBe(BASE64);
  });

  test.each([5, null, {}, new URL('file:///shoe.jpg')])(
    'refuses %p, saying what it takes',
    (value) =>
      expect(readPicture(value as unknown as PictureContent)).rejects.toThrow(
        /^a picture is bytes, a Blob, Base64 or a stream, not \[object /u,
      ),
  );

  test('stops reading a stream that is larger than any picture may be', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1;
        yield new Uint8Array(1024 * 1024);
      }
    }
    await expect(readPicture(endless())).rejects.toMatchObject({ code: 'InvalidPicContent' });
    expect(given).toBe(5);
  });
});
