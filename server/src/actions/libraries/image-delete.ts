import { z } from 'zod';

import { callOptions } from '../instance.ts';
import { checkSelection, readSelection, selectionFields } from './image-selection.ts';
import { findLibraryForWork } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const answer = z
  .strictObject({ deleted_count: z.int().min(0).meta({ description: '0 is no error.' }) })
  .meta({ id: 'DeletedImages' });

/** Removes an image, all of an image_id, or all that pass a filter. */
export const deleteLibraryImages: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'image/delete',
  summary: 'Delete images',
  role: 'write',
  request: z.strictObject(selectionFields).check(checkSelection).meta({ id: 'DeleteImages' }),
  answer,
  auditKind: ({ tag_filter }) => (tag_filter === undefined ? undefined : 'delete-by-filter'),
  work: async (request, call, services) => {
    const library = findLibraryForWork(request.library_name, services, 'delete');
    const target = readSelection(request);
    const removed = await services.catalog.removeImages(library, target, callOptions(call));
    return { deleted_count: removed.length };
  },
});
