import { z } from 'zod';

import { callOptions } from '../instance.ts';
import { boolean, imageId, imageUri, libraryName, tags } from './fields.ts';
import { formatWritten, writtenImage } from './images.ts';
import { findLibraryForWork } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const request = z
  .strictObject({
    library_name: libraryName,
    image_id: imageId,
    image_uri: imageUri,
    tags,
    merge: boolean().default(false).meta({
      description: 'Changes the tags that are named alone. Else they take the place of all.',
    }),
  })
  .meta({ id: 'UpdateImage' });

/** Changes the tags of a stored image. */
export const updateLibraryImage: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'image/update',
  summary: 'Change the tags of an image',
  role: 'write',
  request,
  answer: writtenImage,
  work: async ({ library_name, image_id, image_uri, tags: attributes, merge }, call, services) => {
    const library = findLibraryForWork(library_name, services, 'delete');
    const key = { productId: image_id, picName: image_uri };
    const update = { ...key, attributes, replaceAttributes: !merge };
    return formatWritten(await services.catalog.updateImage(library, update, callOptions(call)));
  },
});
