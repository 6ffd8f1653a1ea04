import { createReadStream } from 'node:fs';

/**
 * A picture in a file, for `picContent` and `image`. The file is opened when the call is made, and read once per call.
 *
 * @throws what `node:fs` throws (`ENOENT` …), from the call that reads it.
 * @example
 * await client.searchImageByPic({ instanceName: 'shoes', picContent: fromFile('shoe.jpg') });
 * await tops.searchByImage({ image: fromFile('shirt.jpg') });
 */
export function fromFile(path: string | URL): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator](),
  };
}
