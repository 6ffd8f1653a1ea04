import { picture } from './fields.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';
import { searchAnswer, searchLibrary, searchRequest } from './search.ts';

/** Finds the images most like a picture. In a library of items a picture without one finds none. */
export const searchByImage: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'search/by-image',
  summary: 'Search by image',
  role: 'read',
  request: searchRequest({ image_base64: picture }).meta({ id: 'SearchByImage' }),
  answer: searchAnswer,
  work: async (request, call, services) => {
    const query = { kind: 'picture', picture: request.image_base64, crop: true } as const;
    const { results, total } = await searchLibrary(request, query, { call, services });
    return { results, total };
  },
});
