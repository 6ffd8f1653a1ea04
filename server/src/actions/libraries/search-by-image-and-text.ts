import { number, picture, queryText } from './fields.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';
import { searchLibrary, searchRequest, textSearchAnswer } from './search.ts';

const MAX_WEIGHT = 1_000_000;
const DEFAULT_WEIGHT = 0.5;

const weight = number(0, MAX_WEIGHT)
  .default(DEFAULT_WEIGHT)
  .meta({ description: 'How much it counts. Only the ratio of the two matters.' });

const request = searchRequest({
  image_base64: picture,
  query_text: queryText,
  image_weight: weight,
  text_weight: weight,
})
  .refine(({ image_weight, text_weight }) => image_weight + text_weight > 0, {
    error: 'image_weight or text_weight above 0',
    path: ['image_weight'],
  })
  .meta({ id: 'SearchByImageAndText' });

/** Finds the images that look like a picture and are what a text says. */
export const searchByImageAndText: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'search/by-image-and-text',
  summary: 'Search by image and text',
  role: 'read',
  request,
  answer: textSearchAnswer,
  work: (given, call, services) => {
    const { image_base64, query_text: text, image_weight, text_weight } = given;
    const weights = { picture: image_weight, text: text_weight };
    const query = { kind: 'combined', picture: image_base64, crop: true, text, weights } as const;
    return searchLibrary(given, query, { call, services });
  },
});
