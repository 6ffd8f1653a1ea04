import { z } from 'zod';

import { callOptions } from '../instance.ts';
import { libraryName, page, pageSize, returnFrame, thumbnailWidth } from './fields.ts';
import { createImageFormatter, listedImage, total } from './images.ts';
import { findLibrary } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const request = z
  .strictObject({
    library_name: libraryName,
    page,
    page_size: pageSize,
    return_frame: returnFrame.default(false),
    thumbnail_width: thumbnailWidth.optional(),
  })
  .meta({ id: 'ListImages' });

const answerFields = { images: z.array(listedImage), total };

export const imagesAnswer: z.ZodObject<typeof answerFields> = z
  .strictObject(answerFields)
  .meta({ id: 'ImagesData' });

/** Lists a library's images by image_id and image_uri. */
export const listLibraryImages: LibraryOperation = defineOperation({
  method: 'GET',
  path: 'image/list',
  summary: 'List images',
  role: 'read',
  request,
  answer: imagesAnswer,
  work: async (given, call, services) => {
    const { library_name, page: number, page_size: num } = given;
    const library = findLibrary(library_name, services);
    const format = await createImageFormatter(library, given, { caller: call.caller, services });
    const window = { start: (number - 1) * num, num };
    const { images, found } = await services.catalog.list(library, window, callOptions(call));
    return { images: images.map(format.listed), total: found };
  },
});
