import { LIBRARY_LIMITS } from '@likeness/shared/api';
import { compareCodePoints } from '@likeness/shared/encoding';
import { z } from 'zod';

import { maySee } from '../../auth/rights.ts';
import { page, pageSize, text } from './fields.ts';
import { total } from './images.ts';
import { formatLibrary, libraryInfo } from './library-info.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const request = z
  .strictObject({
    page,
    page_size: pageSize,
    name_prefix: text(0, LIBRARY_LIMITS.MAX_LIBRARY_NAME_LENGTH)
      .default('')
      .meta({ description: 'What their names begin with.' }),
  })
  .meta({ id: 'ListLibraries' });

/** Lists the libraries that the caller may see, by name. */
export const listLibraries: LibraryOperation = defineOperation({
  method: 'GET',
  path: 'library/list',
  summary: 'List libraries',
  role: 'read',
  request,
  answer: z.strictObject({ libraries: z.array(libraryInfo), total }).meta({ id: 'LibrariesData' }),
  work: async ({ page: number, page_size, name_prefix }, { caller }, { catalog }) => {
    const visible = catalog
      .listCollections('library')
      .filter((library) => library.name.startsWith(name_prefix) && maySee(caller.rights, library))
      .toSorted((a, b) => compareCodePoints(a.name, b.name));
    const start = (number - 1) * page_size;
    return {
      libraries: visible
        .slice(start, start + page_size)
        .map((library) => formatLibrary(library, catalog.pack)),
      total: visible.length,
    };
  },
});
