import { LIMITS } from '@likeness/shared/api';
import { encodeBase64 } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';

/**
 * A picture, in whatever form you have it: its bytes, a `Blob` or `File`, Base64 text, a web or Node stream, or any
 * async iterable of bytes. `@likeness/sdk/node` has `fromFile(path)`.
 */
export type PictureContent =
  | string
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/**
 * The picture as Base64, as it goes on the wire. A stream is read to its end, so that a retry can send it again.
 *
 * @param tooLarge what is thrown for a stream beyond 4 MiB: what the server would answer.
 * @throws {TypeError} for anything else than pictures come in.
 */
export async function readPicture(
  content: PictureContent,
  tooLarge = (): ApiError => new ApiError('InvalidPicContent'),
): Promise<string> {
  if (typeof content === 'string') return content;
  if (typeof content !== 'object' || content === null) throw notPicture(content);
  if (ArrayBuffer.isView(content)) return encodeBase64(content);
  if (Symbol.asyncIterator in content) return encodeBase64(await readChunks(content, tooLarge));
  if (isWebStream(content)) return encodeBase64(await readChunks(chunksOf(content), tooLarge));
  if ('byteLength' in content) return encodeBase64(new Uint8Array(content));
  if (!('arrayBuffer' in content)) throw notPicture(content);
  return encodeBase64(new Uint8Array(await content.arrayBuffer()));
}

/** JavaScript callers pass URLs, numbers and nulls too. */
function notPicture(content: unknown): TypeError {
  return new TypeError(
    `a picture is bytes, a Blob, Base64 or a stream, not ${Object.prototype.toString.call(content)}`,
  );
}

function isWebStream(content: object): content is ReadableStream<Uint8Array> {
  return 'getReader' in content;
}

/** Safari reads a web stream only through its reader. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

async function readChunks(
  source: AsyncIterable<Uint8Array>,
  tooLarge: () => ApiError,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > LIMITS.MAX_PICTURE_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
