import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';

import { navigate, useRoute } from '../app/route.ts';
import { useCollections, type Collection } from '../collections/collections.ts';
import { filterProblem, filtersOf } from '../filter/filter-language.ts';
import { useClient } from '../session/session.tsx';
import { findPicture, type ShelvedPicture } from './picture-shelf.ts';
import type { SearchAnswer } from './search-answer.ts';
import { runSearch, searchCall, type SearchCall } from './search-request.ts';
import {
  isComplete,
  needsPicture,
  readSearch,
  searchesOf,
  writeSearch,
  type SearchState,
} from './search-state.ts';

export interface Search {
  readonly state: SearchState;
  /** Goes to the search with these changes, from its first page unless they say otherwise. */
  readonly change: (changes: Partial<SearchState>) => void;
  readonly collections: readonly Collection[];
  readonly collection: Collection | undefined;
  readonly picture: ShelvedPicture | undefined;
  /** Whether the filter cannot be read: it is marked at its field, and not sent. */
  readonly isFilterWrong: boolean;
  /** Undefined until there is something to look for. */
  readonly call: SearchCall | undefined;
  readonly answer: UseQueryResult<SearchAnswer>;
}

/** The search that the address names, and its answer. */
export function useSearch(): Search {
  const client = useClient();
  const { parameters } = useRoute();
  const text = parameters.toString();
  const asked = useMemo(() => readSearch(new URLSearchParams(text)), [text]);
  const { data: collections = [] } = useCollections();
  const collection = collections.find(({ scope }) => scope === asked.collection) ?? collections[0];
  const state = collection === undefined ? asked : fitted(asked, collection);
  const picture = findPicture(state.picture);
  const isReady = isComplete(state) && (!needsPicture(state) || picture !== undefined);
  const isFilterWrong =
    collection !== undefined && filterProblem(filtersOf(collection), state.filter) !== undefined;
  const call =
    isReady && collection !== undefined && !isFilterWrong
      ? searchCall(state, collection)
      : undefined;
  const answer = useQuery({
    queryKey: ['search', call, needsPicture(state) ? state.picture : ''],
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
  return { state, change, collections, collection, picture, isFilterWrong, call, answer };
}

/** The search without what the collection does not do: an address may ask it of any. */
function fitted(state: SearchState, collection: Collection): SearchState {
  const by = searchesOf(collection).includes(state.by) ? state.by : 'picture';
  if (collection.kind === 'instance') return { ...state, by };
  return { ...state, by, framing: 'subject', region: '', category: '' };
}
