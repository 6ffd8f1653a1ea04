import { LIMITS } from '@likeness/shared/api';
import { ApiError, type ErrorCode } from '@likeness/shared/errors';

import type { RequestParameters } from './action.ts';

/** What to answer where the vendor has a code for this parameter alone. */
export interface PictureFaults {
  readonly missing: () => ApiError;
  /** Neither Base64 nor a URL. */
  readonly undecodable: ErrorCode;
  readonly tooLarge: () => ApiError;
}

const HTTP_URL = /^\s*https?:\/\//iu;

/**
 * The bytes of a picture that was sent as Base64.
 *
 * @throws {ApiError} as `faults` says; `InvalidPicUrl` for a URL, for none is ever fetched.
 */
export function readPicture(
  { text, pictures }: RequestParameters,
  name: string,
  faults: PictureFaults,
): Uint8Array {
  const picture = pictures.get(name);
  const written = text.get(name);
  if (written !== undefined && HTTP_URL.test(written)) throw new ApiError('InvalidPicUrl');
  if (picture === undefined && written === undefined) throw faults.missing();
  if (picture === undefined || picture === 'invalid' || picture.length === 0) {
    throw new ApiError(faults.undecodable);
  }
  if (picture.length > LIMITS.MAX_PICTURE_BYTES) throw faults.tooLarge();
  return picture;
}

/**
 * `PicContent`.
 *
 * @throws {ApiError} `NoSpecifiedPicContent`, `UnsupportedPicFormat`, `InvalidPicContent`, `InvalidPicUrl`
 */
export function readPicContent(parameters: RequestParameters): Uint8Array {
  return readPicture(parameters, 'PicContent', {
    missing: () => new ApiError('NoSpecifiedPicContent'),
    undecodable: 'UnsupportedPicFormat',
    tooLarge: () => new ApiError('InvalidPicContent'),
  });
}
