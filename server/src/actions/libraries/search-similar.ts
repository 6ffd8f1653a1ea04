import { imageId, imageUri } from './fields.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';
import { searchAnswer, searchLibrary, searchRequest } from './search.ts';

/** Finds the images most like a stored one, which comes first. */
export const searchSimilar: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'search/similar',
  summary: 'Search by a stored image',
  role: 'read',
  request: searchRequest({ image_id: imageId, image_uri: imageUri }).meta({ id: 'SearchSimilar' }),
  answer: searchAnswer,
  work: async (request, call, services) => {
    const { image_id: productId, image_uri: picName } = request;
    const query = { kind: 'stored', productId, picName } as const;
    const { results, total } = await searchLibrary(request, query, { call, services });
    return { results, total };
  },
});
