import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

import { navigate, useRoute } from '../app/route.ts';
import { useCollections, type Collection } from '../collections/collections.ts';
import { useClient } from '../session/session.tsx';
import { findPicture, type ShelvedPicture } from './picture-shelf.ts';
import { runSearch, searchCall, type SearchAnswer, type SearchCall } from './search-request.ts';
import { isComplete, readSearch, writeSearch, type SearchState } from './search-state.ts';

export interface Search {
  readonly state: SearchState;
  /** Goes to the search with these changes, from its first page unless they say otherwise. */
  readonly change: (changes: Partial<SearchState>) => void;
  readonly collections: readonly Collection[];
  readonly collection: Collection | undefined;
  readonly picture: ShelvedPicture | undefined;
  /** Undefined until there is something to look for. */
  readonly call: SearchCall | undefined;
  readonly answer: UseQueryResult<SearchAnswer>;
}

/** The search that the address names, and its answer. */
export function useSearch(): Search {
  const client = useClient();
  const { parameters } = useRoute();
  const text = parameters.toString();
  const state = useMemo(() => readSearch(new URLSearchParams(text)), [text]);
  const { data: collections = [] } = useCollections();
  const collection = collections.find(({ scope }) => scope === state.collection) ?? collections[0];
  const picture = findPicture(state.picture);
  const isReady = isComplete(state) && (state.by !== 'picture' || picture !== undefined);
  const call = isReady && collection ? searchCall(state, collection.name) : undefined;
  const answer = useQuery({
    queryKey: ['search', call, state.by === 'picture' ? state.picture : ''],
    queryFn: ({ signal }) => {
      if (call === undefined) throw new Error('a search for nothing');
      return runSearch(client, call, picture?.file, signal);
    },
    enabled: call !== undefined,
    placeholderData: keepPreviousData,
  });
  const change = (changes: Partial<SearchState>): void => {
    navigate('search', writeSearch({ ...state, start: 0, ...changes }));
  };
  return { state, change, collections, collection, picture, call, answer };
}
