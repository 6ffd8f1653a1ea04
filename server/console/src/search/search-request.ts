import type { ImageSearchClient } from '@likeness/sdk';

import type { Collection } from '../collections/collections.ts';
import { instanceCall, searchInstance, type InstanceCall } from './instance-search.ts';
import { libraryCall, searchLibrary, type LibraryCall } from './library-search.ts';
import type { SearchAnswer } from './search-answer.ts';
import type { SearchState } from './search-state.ts';

/** The SDK call that a search is. */
export type SearchCall = InstanceCall | LibraryCall;

/** @param collection the one that the state's collection stands for */
export function searchCall(
  state: SearchState,
  { kind, name }: Pick<Collection, 'kind' | 'name'>,
): SearchCall {
  return kind === 'instance' ? instanceCall(state, name) : libraryCall(state, name);
}

/** Whether a picture's bytes go with the call. */
export function needsFile({ method }: SearchCall): boolean {
  return (
    method === 'searchImageByPic' || method === 'searchByImage' || method === 'searchByImageAndText'
  );
}

/** @param picture what is searched with, where the call needs one */
export function runSearch(
  client: ImageSearchClient,
  call: SearchCall,
  picture: Blob | undefined,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  return call.kind === 'instance'
    ? searchInstance(client, call, picture, signal)
    : searchLibrary(client, call, picture, signal);
}
