import type { Auction, Head, ImageSearchClient, PicInfo } from '@likeness/sdk';
import type {
  SearchImageByNameRequest,
  SearchImageByPicRequest,
  SearchImageByTextRequest,
} from '@likeness/shared/api';

import type { SearchState } from './search-state.ts';

/** Wide enough for a card on a screen of twice the density. */
const THUMBNAIL_WIDTH_PX = 320;

/** A hit of any search; those by text have no older measure. */
export type Hit = Omit<Auction, 'sortExprValues'>;

export interface SearchAnswer {
  readonly head: Head;
  /** Of a picture that was sent, or stored. */
  readonly picInfo?: PicInfo;
  readonly hits: readonly Hit[];
  /** As the SDK gave it. */
  readonly body: object;
}

type PictureRequest = Omit<SearchImageByPicRequest, 'picContent'>;

/** The SDK call that a search is: its method, and its request without the picture's bytes. */
export type SearchCall =
  | { readonly method: 'searchImageByPic'; readonly request: PictureRequest }
  | { readonly method: 'searchImageByName'; readonly request: SearchImageByNameRequest }
  | { readonly method: 'searchImageByText'; readonly request: SearchImageByTextRequest };

/** @param instanceName the instance that the state's collection stands for */
export function searchCall(state: SearchState, instanceName: string): SearchCall {
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
  if (state.by === 'text') {
    return { method: 'searchImageByText', request: { ...ranking, text: state.text } };
  }
  if (state.by === 'name') {
    const { productId, picName } = state;
    return { method: 'searchImageByName', request: { ...ranking, productId, picName } };
  }
  return { method: 'searchImageByPic', request: { ...ranking, ...framingOf(state) } };
}

function framingOf({ framing, region }: SearchState): Pick<PictureRequest, 'crop' | 'region'> {
  if (framing === 'subject') return { crop: true };
  return framing === 'box' && region !== '' ? { region } : { crop: false };
}

export async function runSearch(
  client: ImageSearchClient,
  call: SearchCall,
  picture: Blob | undefined,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  switch (call.method) {
    case 'searchImageByPic': {
      if (picture === undefined) throw new Error('a search by picture without one');
      const request = { ...call.request, picContent: picture };
      const body = await client.searchImageByPic(request, { signal });
      return { head: body.head, picInfo: body.picInfo, hits: body.auctions, body };
    }
    case 'searchImageByName': {
      const body = await client.searchImageByName(call.request, { signal });
      return { head: body.head, picInfo: body.picInfo, hits: body.auctions, body };
    }
    case 'searchImageByText': {
      const body = await client.searchImageByText(call.request, { signal });
      return { head: body.head, hits: body.auctions, body };
    }
  }
}
