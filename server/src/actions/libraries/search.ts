/** What every search takes and answers, and the search itself. */
import { LIMITS } from '@likeness/shared/api';
import { z } from 'zod';

import type { SearchQuery } from '../../catalog/catalog.ts';
import type { ActionServices, CallContext } from '../action.ts';
import { callOptions } from '../instance.ts';
import {
  boolean,
  integer,
  libraryName,
  number,
  returnFrame,
  tagFilter,
  thumbnailWidth,
} from './fields.ts';
import { createImageFormatter, hit, total } from './images.ts';
import { findLibraryForWork } from './library.ts';

const rankingFields = {
  top_k: integer(1, LIMITS.MAX_NUM)
    .default(LIMITS.DEFAULT_NUM)
    .meta({ description: 'Results wanted.' }),
  tag_filter: tagFilter.optional(),
  return_frame: returnFrame.default(true),
  score_threshold: number(0, 1)
    .default(0)
    .meta({ description: 'Only results with at least this score.' }),
  start: integer(0, LIMITS.MAX_START)
    .default(LIMITS.DEFAULT_START)
    .meta({ description: 'Results left out before the first, for further pages.' }),
  distinct: boolean()
    .default(false)
    .meta({ description: 'One result for each image_id: its best.' }),
  raw_score: boolean().default(false).meta({ description: 'Answers raw_score too.' }),
  thumbnail_width: thumbnailWidth.optional(),
};

const asked = { library_name: libraryName };

type SearchShape<Shape extends z.ZodRawShape> = typeof asked & Shape & typeof rankingFields;

/** A search's request: the library, what is searched by, and which results are wanted. */
export function searchRequest<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<SearchShape<Shape>, z.core.$strict> {
  return z.strictObject({ ...asked, ...shape, ...rankingFields }).refine(isInWindow, {
    error: `start and top_k of at most ${LIMITS.MAX_WINDOW} together`,
    path: ['start'],
  });
}

function isInWindow(request: object): boolean {
  const { start, top_k } = request as { readonly start: number; readonly top_k: number };
  return start + top_k <= LIMITS.MAX_WINDOW;
}

const answerFields = {
  results: z.array(hit).meta({ description: 'By score, best first.' }),
  total: total.meta({ description: 'Images that pass filter, threshold and distinct.' }),
};

/** Of searches by a picture. */
export const searchAnswer: z.ZodObject<typeof answerFields> = z
  .strictObject(answerFields)
  .meta({ id: 'SearchData' });

const textAnswerFields = {
  ...answerFields,
  matched_by: z.enum(['embedding', 'words']).meta({
    description:
      'words where the model does not know the text: its words were looked for in tags and names.',
  }),
  unknown_words: z.array(z.string()).optional().meta({
    description: 'Words of the text that the model does not know; absent where it knows all.',
  }),
};

/** Of searches by a text. */
export const textSearchAnswer: z.ZodObject<typeof textAnswerFields> = z
  .strictObject(textAnswerFields)
  .meta({ id: 'TextSearchData' });

type Ranking = z.output<z.ZodObject<typeof asked & typeof rankingFields>>;

/** Searches a library, by whatever. */
export async function searchLibrary(
  request: Ranking,
  query: SearchQuery,
  { call, services }: { readonly call: CallContext; readonly services: ActionServices },
): Promise<z.output<typeof textSearchAnswer>> {
  const { library_name, top_k, tag_filter: filter, score_threshold, start, distinct } = request;
  const library = findLibraryForWork(library_name, services, 'search');
  const format = await createImageFormatter(library, request, { caller: call.caller, services });
  const result = await services.catalog.search(
    library,
    {
      query,
      start,
      num: top_k,
      minScore: score_threshold,
      distinct,
      ...(filter !== undefined && { filter }),
    },
    callOptions(call),
  );
  return {
    results: result.hits.map(format.hit),
    total: result.found,
    matched_by: result.matchedBy ?? 'embedding',
    ...(result.unknownWords !== undefined && { unknown_words: [...result.unknownWords] }),
  };
}
