import type { CollectionInfo, StoredImage } from '../catalog/catalog.ts';
import type { ActionServices, Caller } from './action.ts';

/** Signs addresses of the thumbnails of a collection's pictures; undefined for one that is not kept. */
export async function signThumbnails(
  { accessKeyId, linkKeyId = accessKeyId }: Caller,
  { pictureLinks }: Pick<ActionServices, 'pictureLinks'>,
  { collection, sidePx }: { readonly collection: CollectionInfo; readonly sidePx: number },
): Promise<(image: StoredImage) => string | undefined> {
  const sign = await pictureLinks.signerFor(linkKeyId);
  return ({ productId, picName, kept }) =>
    kept && sign({ collection, productId, picName, hash: kept.hash, sidePx }).url;
}
