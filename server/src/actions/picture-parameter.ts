import { LIMITS } from '@likeness/shared/api';
import { ApiError, type ErrorCode } from '@likeness/shared/errors';

import type { ActionCall } from './action.ts';

/** What to answer where the vendor has a code for this parameter alone. */
export interface PictureFaults {
  readonly missing: () => ApiError;
  /** Neither Base64 nor a URL. */
  readonly undecodable: ErrorCode;
  readonly tooLarge: () => ApiError;
}

type PictureCall = Pick<ActionCall, 'parameters' | 'loadPicture'>;

/**
 * The bytes of a picture that was sent as Base64, or uploaded and named by its address.
 *
 * @throws {ApiError} as `faults` says; `InvalidPicUrl` for an address of anything else
 */
export async function readPicture(
  { parameters, loadPicture }: PictureCall,
  name: string,
  faults: PictureFaults,
): Promise<Uint8Array> {
  const sent = parameters.pictures.get(name);
  if (sent === undefined) throw faults.missing();
  if (sent.kind === 'invalid') throw new ApiError(faults.undecodable);
  const picture = sent.kind === 'url' ? await loadPicture(sent.url) : sent.bytes;
  if (picture.length === 0) throw new ApiError(faults.undecodable);
  if (picture.length > LIMITS.MAX_PICTURE_BYTES) throw faults.tooLarge();
  return picture;
}

/**
 * `PicContent`.
 *
 * @throws {ApiError} `NoSpecifiedPicContent`, `UnsupportedPicFormat`, `InvalidPicContent`, `InvalidPicUrl`
 */
export function readPicContent(call: PictureCall): Promise<Uint8Array> {
  return readPicture(call, 'PicContent', {
    missing: () => new ApiError('NoSpecifiedPicContent'),
    undecodable: 'UnsupportedPicFormat',
    tooLarge: () => new ApiError('InvalidPicContent'),
  });
}
