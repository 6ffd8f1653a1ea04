import type { Auction, Head, ImageSearchClient, PicInfo } from '@likeness/sdk';
import type {
  SearchImageByNameRequest,
  SearchImageByPicRequest,
  SearchImageByTextRequest,
} from '@likeness/shared/api';

import { attributesOf } from './carried.ts';
import { THUMBNAIL_WIDTH_PX, type Hit, type SearchAnswer } from './search-answer.ts';
import type { SearchState } from './search-state.ts';

type PictureRequest = Omit<SearchImageByPicRequest, 'picContent'>;

/** A call of the client: its method, and its request without the picture's bytes. */
export type InstanceCall = { readonly kind: 'instance' } & (
  | { readonly method: 'searchImageByPic'; readonly request: PictureRequest }
  | { readonly method: 'searchImageByName'; readonly request: SearchImageByNameRequest }
  | { readonly method: 'searchImageByText'; readonly request: SearchImageByTextRequest }
);

/** The search of an instance that a state is. */
export function instanceCall(state: SearchState, instanceName: string): InstanceCall {
  const ranking = {
    instanceName,
    num: state.num,
    start: state.start,
    ...(state.category !== '' && { categoryId: Number(state.category) }),
    ...(state.filter !== '' && { filter: state.filter }),
    ...(state.threshold > 0 && { scoreThreshold: state.threshold.toFixed(2) }),
    ...(state.distinct && { distinctProductId: true }),
    rawScore: true,
    thumbnailWidth: THUMBNAIL_WIDTH_PX,
  };
  const kind = 'instance';
  if (state.by === 'text') {
    return { kind, method: 'searchImageByText', request: { ...ranking, text: state.text } };
  }
  if (state.by === 'name') {
    const { productId, picName } = state;
    return { kind, method: 'searchImageByName', request: { ...ranking, productId, picName } };
  }
  return { kind, method: 'searchImageByPic', request: { ...ranking, ...framingOf(state) } };
}

function framingOf({ framing, region }: SearchState): Pick<PictureRequest, 'crop' | 'region'> {
  if (framing === 'subject') return { crop: true };
  return framing === 'box' && region !== '' ? { region } : { crop: false };
}

export async function searchInstance(
  client: ImageSearchClient,
  call: InstanceCall,
  picture: Blob | undefined,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  switch (call.method) {
    case 'searchImageByPic': {
      if (picture === undefined) throw new Error('a search by picture without one');
      const request = { ...call.request, picContent: picture };
      return byPicture(await client.searchImageByPic(request, { signal }));
    }
    case 'searchImageByName':
      return byPicture(await client.searchImageByName(call.request, { signal }));
    case 'searchImageByText': {
      const body = await client.searchImageByText(call.request, { signal });
      const { head, auctions } = body;
      const { docsFound: found, matchedBy } = head;
      return { found, head, matchedBy, hits: auctions.map(hitOf), body };
    }
  }
}

function byPicture(body: {
  readonly head: Head;
  readonly picInfo: PicInfo;
  readonly auctions: readonly Auction[];
}): SearchAnswer {
  const { head, picInfo, auctions } = body;
  return { found: head.docsFound, head, picInfo, hits: auctions.map(hitOf), body };
}

function hitOf(auction: Omit<Auction, 'sortExprValues'>): Hit {
  const { productId, picName, categoryId, score, rawScore, thumbnailUrl } = auction;
  const carried = attributesOf(auction);
  return { productId, picName, categoryId, carried, score, rawScore, thumbnailUrl };
}
