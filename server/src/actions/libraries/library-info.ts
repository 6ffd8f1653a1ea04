import { z } from 'zod';

import type { CollectionInfo } from '../../catalog/catalog.ts';
import { LIBRARY_MODE_OF } from '../../catalog/framing.ts';
import type { PackSummary } from '../../vision/vision.ts';
import { libraryMode, libraryName } from './fields.ts';
import { findLibrary } from './library.ts';
import { libraryLimits } from './library-settings.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const infoFields = {
  library_name: z.string(),
  mode: libraryMode,
  description: z.string(),
  image_count: z.int().min(0),
  stored_bytes: z.int().min(0).meta({ description: 'Of records, and of pictures that are kept.' }),
  text_languages: z.array(z.string()).meta({
    description: 'Languages it can be searched in. Empty where it cannot be searched by text.',
    example: ['en', 'zh'],
  }),
  status: z.enum(['ready', 'clearing', 'embedding']).meta({
    description: 'embedding: another model is in use, and looks at the kept pictures again.',
  }),
  unembedded_count: z.int().min(0).meta({ description: 'Images that wait for that.' }),
  ...libraryLimits,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime().meta({ description: 'When its settings changed last.' }),
};

/** A library as answers show it. */
export const libraryInfo: z.ZodObject<typeof infoFields> = z
  .strictObject(infoFields)
  .meta({ id: 'Library' });

export function formatLibrary(
  library: CollectionInfo,
  { languages, textCalibration }: PackSummary,
): z.output<typeof libraryInfo> {
  const knowsTexts = library.mode === 'whole' && textCalibration !== undefined;
  return {
    library_name: library.name,
    mode: LIBRARY_MODE_OF[library.mode],
    description: library.description,
    image_count: library.images,
    stored_bytes: library.storedBytes,
    text_languages: knowsTexts ? [...languages] : [],
    status: library.status,
    unembedded_count: library.unembedded,
    capacity: library.capacity,
    qps: library.qps,
    add_qps: library.addQps,
    delete_qps: library.deleteQps,
    created_at: new Date(library.createdMs).toISOString(),
    updated_at: new Date(library.updatedMs).toISOString(),
  };
}

/** Tells what a library is. Answers also while it is being embedded again. */
export const getLibrary: LibraryOperation = defineOperation({
  method: 'GET',
  path: 'library/info/{library_name}',
  summary: 'Tell what a library is',
  role: 'read',
  request: z.strictObject({ library_name: libraryName }).meta({ id: 'LibraryInfo' }),
  answer: libraryInfo,
  work: async ({ library_name }, _call, services) =>
    formatLibrary(findLibrary(library_name, services), services.catalog.pack),
});
