import { queryText } from './fields.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';
import { searchLibrary, searchRequest, textSearchAnswer } from './search.ts';

/** Finds the images that show what a text says, in a library of whole pictures. */
export const searchByText: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'search/by-text',
  summary: 'Search by text',
  role: 'read',
  request: searchRequest({ query_text: queryText }).meta({ id: 'SearchByText' }),
  answer: textSearchAnswer,
  work: (request, call, services) =>
    searchLibrary(request, { kind: 'text', text: request.query_text }, { call, services }),
});
