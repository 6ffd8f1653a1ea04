import type { Action } from './action.ts';
import { findKeptImage } from './kept-image.ts';
import { written } from './responses.ts';

/** Answers a presigned address of a stored picture, byte for byte as it was sent. */
export const getPicture: Action = async (call, services) => {
  const { collection, image, kept } = await findKeptImage(call, services);
  const sign = await services.pictureLinks.signerFor(call.caller.accessKeyId);
  const { productId, picName } = image;
  const { url, expiresMs } = sign({ collection, productId, picName, hash: kept.hash });
  return {
    ...written(),
    Picture: {
      Url: url,
      UtcExpire: String(expiresMs),
      Bytes: kept.bytes,
      Width: kept.widthPx,
      Height: kept.heightPx,
    },
  };
};
