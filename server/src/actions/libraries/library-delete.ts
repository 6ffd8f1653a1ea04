import { z } from 'zod';

import { libraryName } from './fields.ts';
import { findLibrary } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

/** Removes a library with every image in it. */
export const deleteLibrary: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'library/delete',
  summary: 'Delete a library with its images',
  role: 'admin',
  request: z.strictObject({ library_name: libraryName }).meta({ id: 'DeleteLibrary' }),
  answer: z
    .strictObject({ library_name: z.string(), deleted_images: z.int().min(0) })
    .meta({ id: 'DeletedLibrary' }),
  work: async ({ library_name }, _call, services) => {
    const { name } = findLibrary(library_name, services);
    return {
      library_name: name,
      deleted_images: await services.catalog.deleteCollection('library', name),
    };
  },
});
