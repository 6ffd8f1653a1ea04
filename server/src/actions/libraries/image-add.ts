import { z } from 'zod';

import { timeStage } from '../../catalog/stages.ts';
import type { ActionServices, CallContext } from '../action.ts';
import { callOptions } from '../instance.ts';
import { boolean, imageId, imageUri, libraryName, picture, pictureUrl, tags } from './fields.ts';
import { formatWritten, writtenImage } from './images.ts';
import { findLibraryForWork } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const request = z
  .strictObject({
    library_name: libraryName,
    image_id: imageId,
    image_uri: imageUri,
    image_base64: picture.optional(),
    image_url: pictureUrl.optional(),
    tags: tags.default({}),
    save_image: boolean().default(true).meta({
      description: 'Whether the picture is kept, to be answered with results and looked at again.',
    }),
  })
  .refine(
    ({ image_base64, image_url }) => (image_base64 === undefined) !== (image_url === undefined),
    {
      error: 'either image_base64 or image_url',
      path: ['image_url'],
    },
  )
  .meta({ id: 'AddImage' });

/** Stores a picture under its key, in place of the one that was there. */
export const addLibraryImage: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'image/add',
  summary: 'Add an image, or replace it',
  role: 'write',
  request,
  takesMultipart: true,
  answer: writtenImage,
  work: async (given, call, services) => {
    const library = findLibraryForWork(given.library_name, services, 'add');
    const image = {
      productId: given.image_id,
      picName: given.image_uri,
      picture: given.image_base64 ?? (await fetchPicture(given.image_url, call, services)),
      crop: true,
      customContent: '',
      attributes: given.tags,
      keepPicture: given.save_image,
    };
    await services.catalog.addImage(library, image, callOptions(call));
    return formatWritten(image);
  },
});

/** @throws {ApiError} `InvalidPicUrl`, `InvalidPicContent`, `TimeoutForTransferImage` */
async function fetchPicture(
  url: string | undefined,
  { signal, onStage }: CallContext,
  { pictures }: ActionServices,
): Promise<Uint8Array> {
  const options = { signal, onStage };
  return timeStage('fetch', options, () => pictures.fetch(url ?? '', signal));
}
