import type { ListedImage } from '@likeness/sdk';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { referenceTo, type Collection } from '../collections/collections.ts';
import { filterProblem, filtersOf } from '../filter/filter-language.ts';
import { useClient } from '../session/session.tsx';

/** Pictures asked for at a time: a few screens of them. */
const PAGE = 200;

/** Wide enough for a tile on a screen of twice the density. */
const THUMBNAIL_WIDTH_PX = 320;

export interface Images {
  readonly images: readonly ListedImage[];
  /** That pass the filter; undefined before the first answer. */
  readonly total: number | undefined;
  readonly error: Error | null;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/** The pictures of a collection in the order of their names, as many as were scrolled to. */
export function useImages(collection: Collection, filter: string): Images {
  const client = useClient();
  const query = useInfiniteQuery({
    queryKey: ['images', collection.scope, filter],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      client.listImages({
        ...referenceTo(collection),
        num: PAGE,
        thumbnailWidth: THUMBNAIL_WIDTH_PX,
        ...(filter !== '' && { filter }),
        ...(pageParam !== '' && { cursor: pageParam }),
      }),
    // What cannot be read is marked at its field, and not sent.
    enabled: filterProblem(filtersOf(collection), filter) === undefined,
    getNextPageParam: ({ nextCursor }) => (nextCursor === '' ? undefined : nextCursor),
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const images = useMemo(() => data?.pages.flatMap((page) => page.images) ?? [], [data]);
  return {
    images,
    total: data?.pages[0]?.total,
    error: query.error,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}
