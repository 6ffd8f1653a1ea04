import type {
  AnyTags,
  ImageSearchClient,
  LibraryHit,
  LibrarySearchAnswer,
  LibrarySearchOptions,
  LibraryTextSearchAnswer,
  SearchLibraryByImageAndTextRequest,
  SearchLibraryByTextRequest,
  SearchLibrarySimilarRequest,
  TagFilter,
} from '@likeness/sdk';

import { tagsOf } from './carried.ts';
import { THUMBNAIL_WIDTH_PX, type Hit, type SearchAnswer } from './search-answer.ts';
import type { SearchState } from './search-state.ts';

/** A call of a library: its method, and its request without the picture's bytes. */
export type LibraryCall = { readonly kind: 'library'; readonly library: string } & (
  | { readonly method: 'searchByImage'; readonly request: LibrarySearchOptions<AnyTags> }
  | { readonly method: 'similar'; readonly request: SearchLibrarySimilarRequest<AnyTags> }
  | { readonly method: 'searchByText'; readonly request: SearchLibraryByTextRequest<AnyTags> }
  | {
      readonly method: 'searchByImageAndText';
      readonly request: Omit<SearchLibraryByImageAndTextRequest<AnyTags>, 'image'>;
    }
);

/** The search of a library that a state is. */
export function libraryCall(state: SearchState, name: string): LibraryCall {
  const ranking = {
    topK: state.num,
    start: state.start,
    ...(state.filter !== '' && { tagFilter: JSON.parse(state.filter) as TagFilter }),
    ...(state.threshold > 0 && { scoreThreshold: state.threshold }),
    ...(state.distinct && { distinct: true }),
    returnFrame: false,
    rawScore: true,
    thumbnailWidth: THUMBNAIL_WIDTH_PX,
  };
  const called = { kind: 'library', library: name } as const;
  const { text: queryText, imageWeight } = state;
  switch (state.by) {
    case 'picture':
      return { ...called, method: 'searchByImage', request: ranking };
    case 'name': {
      const { productId: imageId, picName: imageUri } = state;
      return { ...called, method: 'similar', request: { imageId, imageUri, ...ranking } };
    }
    case 'text':
      return { ...called, method: 'searchByText', request: { queryText, ...ranking } };
    case 'both': {
      const weights = { imageWeight, textWeight: Number((1 - imageWeight).toFixed(2)) };
      const request = { queryText, ...weights, ...ranking };
      return { ...called, method: 'searchByImageAndText', request };
    }
  }
}

export async function searchLibrary(
  client: ImageSearchClient,
  call: LibraryCall,
  picture: Blob | undefined,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const library = client.library(call.library);
  switch (call.method) {
    case 'searchByImage':
    case 'searchByImageAndText': {
      if (picture === undefined) throw new Error('a search by picture without one');
      if (call.method === 'searchByImage') {
        return answerOf(
          await library.searchByImage({ ...call.request, image: picture }, { signal }),
        );
      }
      const request = { ...call.request, image: picture };
      return answerOf(await library.searchByImageAndText(request, { signal }));
    }
    case 'searchByText':
      return answerOf(await library.searchByText(call.request, { signal }));
    case 'similar':
      return answerOf(await library.similar(call.request, { signal }));
  }
}

function answerOf(
  body: LibrarySearchAnswer<AnyTags> & Partial<LibraryTextSearchAnswer<AnyTags>>,
): SearchAnswer {
  const { total: found, results, matchedBy } = body;
  return { found, hits: results.map(hitOf), ...(matchedBy && { matchedBy }), body };
}

function hitOf(result: LibraryHit<AnyTags>): Hit {
  const { imageId: productId, imageUri: picName, tags, score, rawScore, thumbnailUrl } = result;
  const carried = tagsOf(tags);
  return { productId, picName, categoryId: undefined, carried, score, rawScore, thumbnailUrl };
}
