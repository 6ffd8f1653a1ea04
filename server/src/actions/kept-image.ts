import { ApiError } from '@likeness/shared/errors';

import type { CollectionInfo, KeptObject, StoredImage } from '../catalog/catalog.ts';
import type { ActionCall, ActionServices } from './action.ts';
import { findCollection } from './collection.ts';
import { readImageKey } from './image-parameters.ts';

/** A stored picture whose bytes are kept, and where. */
export interface KeptImage {
  readonly collection: CollectionInfo;
  readonly image: StoredImage;
  readonly kept: KeptObject;
}

/**
 * The kept picture that `InstanceName` or `LibraryName`, `ProductId` and `PicName` name.
 *
 * @throws {ApiError} `PicNotExist` also for one whose bytes are not kept, and as its parts
 */
export async function findKeptImage(
  call: ActionCall,
  services: ActionServices,
): Promise<KeptImage> {
  const collection = findCollection(call, services);
  const key = readImageKey(call.parameters);
  const image = await services.catalog.getImage(collection, key);
  if (image === undefined) throw new ApiError('PicNotExist');
  const { kept } = image;
  if (kept !== undefined) return { collection, image, kept };
  throw new ApiError('PicNotExist', {
    message: 'The picture itself is not kept, by the wish of whoever added it.',
  });
}
