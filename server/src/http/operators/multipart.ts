import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';
import multer, { MulterError, type StorageEngine } from 'multer';

import type { RequestFields } from '../../actions/libraries/read-request.ts';
import { PICTURE_MEMBER } from '../json-content.ts';
import { readTextFields } from './text-fields.ts';

/** The part that holds the picture, as it is. */
export const PICTURE_PART = 'image';

/** Tags make the longest one. */
const MAX_FIELD_BYTES = 128 * 1024;
const MAX_FIELDS = 100;

/** Keeps the picture where it lies in the body. */
const IN_PLACE: StorageEngine = {
  _handleFile: (_request, { stream }, done) => {
    const chunks: Buffer[] = [];
    stream
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .once('error', done)
      .once('end', () => {
        const [first] = chunks;
        const isOne = first !== undefined && chunks.length === 1;
        done(null, { buffer: isOne ? first : Buffer.concat(chunks) });
      });
  },
  _removeFile: (_request, _file, done) => done(null),
};

const readParts = multer({
  storage: IN_PLACE,
  limits: {
    fileSize: LIMITS.MAX_PICTURE_BYTES,
    files: 1,
    fields: MAX_FIELDS,
    fieldSize: MAX_FIELD_BYTES,
    parts: MAX_FIELDS + 1,
  },
}).single(PICTURE_PART);

/**
 * The fields of a `multipart/form-data` body, which was read before; the part `image` as the picture.
 *
 * @throws {ApiError} `InvalidPicContent` for a picture of over 4 MB, `BadRequest` for what is no such body
 */
export async function readMultipart(
  { headers }: Pick<IncomingMessage, 'headers'>,
  body: Buffer,
): Promise<RequestFields> {
  const request: Parameters<typeof readParts>[0] = Object.assign(Readable.from([body]), {
    headers,
  }) as never;
  // It answers nothing itself.
  const response = {} as ServerResponse as Parameters<typeof readParts>[1];
  await new Promise<void>((resolve, reject) => {
    readParts(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(refusalOf(error));
    });
  });
  const fields = readTextFields(Object.entries(request.body as Record<string, unknown>));
  const picture = request.file?.buffer;
  return picture === undefined ? fields : { ...fields, [PICTURE_MEMBER]: picture };
}

function refusalOf(error: unknown): unknown {
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') {
    return new ApiError('InvalidPicContent', { cause: error });
  }
  const { message } = error as Error;
  return new ApiError('BadRequest', {
    message: `body: expected multipart/form-data with one picture named ${PICTURE_PART}: ${message}.`,
    cause: error,
  });
}
