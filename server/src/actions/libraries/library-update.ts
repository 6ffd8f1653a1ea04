import { z } from 'zod';

import { description, libraryName } from './fields.ts';
import { formatLibrary, libraryInfo } from './library-info.ts';
import { findLibrary } from './library.ts';
import { givenLimits, readLimits } from './library-settings.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

/** Changes what was sent of a library's settings. */
export const updateLibrary: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'library/update',
  summary: 'Change a library',
  role: 'admin',
  request: z
    .strictObject({
      library_name: libraryName,
      description: description.optional(),
      ...givenLimits,
    })
    .meta({ id: 'UpdateLibrary' }),
  answer: libraryInfo,
  work: async (given, _call, services) => {
    const { name } = findLibrary(given.library_name, services);
    const changes = {
      ...readLimits(given),
      ...(given.description !== undefined && { description: given.description }),
    };
    const library = await services.catalog.updateCollection('library', name, changes);
    return formatLibrary(library, services.catalog.pack);
  },
});
