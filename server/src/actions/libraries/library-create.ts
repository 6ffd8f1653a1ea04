import { LIMITS, serviceTypeOf, type LibraryMode } from '@likeness/shared/api';
import { z } from 'zod';

import type { CollectionMode } from '../../catalog/catalog.ts';
import { DEFAULT_SETTINGS } from '../../catalog/default-settings.ts';
import { LIBRARY_MODE_OF } from '../../catalog/framing.ts';
import { description, libraryMode, libraryName } from './fields.ts';
import { formatLibrary, libraryInfo } from './library-info.ts';
import { givenLimits, readLimits } from './library-settings.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const SERVICE_TYPE = serviceTypeOf('generic')?.id ?? 0;
const MODES: readonly CollectionMode[] = ['subject', 'whole', 'adaptive'];

/** Makes an empty library. Its mode never changes. */
export const createLibrary: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'library/create',
  summary: 'Create a library',
  role: 'admin',
  creates: true,
  request: z
    .strictObject({
      library_name: libraryName,
      mode: libraryMode,
      description: description.default(''),
      ...givenLimits,
    })
    .meta({ id: 'CreateLibrary' }),
  answer: libraryInfo,
  work: async (given, _call, { catalog }) => {
    const library = await catalog.createCollection({
      ...DEFAULT_SETTINGS,
      facade: 'library',
      name: given.library_name,
      description: given.description,
      mode: modeOf(given.mode),
      serviceType: SERVICE_TYPE,
      capacity: LIMITS.MAX_CAPACITY,
      autoOrient: true,
      ...readLimits(given),
    });
    return formatLibrary(library, catalog.pack);
  },
});

function modeOf(named: LibraryMode): CollectionMode {
  return MODES.find((mode) => LIBRARY_MODE_OF[mode] === named) ?? 'whole';
}
