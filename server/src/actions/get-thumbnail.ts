import { LIMITS } from '@likeness/shared/api';

import type { Action } from './action.ts';
import { readThumbnailSide } from './hit-extras.ts';
import { findKeptImage } from './kept-image.ts';
import { written } from './responses.ts';

/** Answers a presigned address of a stored picture's thumbnail. It is made when it is first fetched. */
export const getThumbnail: Action = async (call, services) => {
  const sidePx = readThumbnailSide(call.parameters) ?? LIMITS.DEFAULT_THUMBNAIL_WIDTH;
  const { collection, image, kept } = await findKeptImage(call, services);
  const sign = await services.pictureLinks.signerFor(call.caller.accessKeyId);
  const { productId, picName } = image;
  const { url, expiresMs } = sign({ collection, productId, picName, hash: kept.hash, sidePx });
  return {
    ...written(),
    Thumbnail: { Url: url, UtcExpire: String(expiresMs), Width: sidePx },
  };
};
