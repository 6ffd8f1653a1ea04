/** What our own parameters add to each picture of an answer: its thumbnail's address, its raw score. */
import { LIMITS } from '@likeness/shared/api';

import type { CollectionInfo, SearchHit, StoredImage } from '../catalog/catalog.ts';
import { chooseThumbnailSide } from '../catalog/thumbnail-sides.ts';
import type { ActionCall, ActionServices, RequestParameters } from './action.ts';
import { badRequest, readBoolean, readInteger } from './parameters.ts';
import { signThumbnails } from './thumbnail-links.ts';

/** Fields in wire names; none that was not asked for. */
export type Extras<Image> = (image: Image) => Readonly<Record<string, unknown>>;

const WIDTH_RANGE = { min: 1, max: LIMITS.MAX_THUMBNAIL_WIDTH };

/** Whose pictures an answer holds, and for whom. */
interface Asked {
  readonly call: ActionCall;
  readonly services: ActionServices;
  readonly collection: CollectionInfo;
}

/**
 * Of searches: `ThumbnailUrl`, `RawScore`.
 *
 * @throws {ApiError} `BadRequest`
 */
export async function readHitExtras(asked: Asked): Promise<Extras<SearchHit>> {
  const hasRawScore = readBoolean(asked.call.parameters, 'RawScore') ?? false;
  const thumbnails = await readImageExtras(asked);
  return (hit) => ({ ...(hasRawScore && { RawScore: hit.rawScore }), ...thumbnails(hit) });
}

/**
 * Of lists: `ThumbnailUrl`, empty for a picture that is not kept.
 *
 * @throws {ApiError} `BadRequest`
 */
export async function readImageExtras({
  call,
  services,
  collection,
}: Asked): Promise<Extras<StoredImage>> {
  const sidePx = readThumbnailSide(call.parameters);
  if (sidePx === undefined) return () => ({});
  const linkTo = await signThumbnails(call.caller, services, { collection, sidePx });
  return (image) => ({ ThumbnailUrl: linkTo(image) ?? '' });
}

/**
 * The side of the thumbnail that `ThumbnailWidth` asks for; undefined if absent.
 *
 * @throws {ApiError} `BadRequest`
 */
export function readThumbnailSide(parameters: RequestParameters): number | undefined {
  const width = readInteger(parameters, 'ThumbnailWidth', WIDTH_RANGE, (expected) =>
    badRequest(`ThumbnailWidth must be ${expected}`),
  );
  return width === undefined ? undefined : chooseThumbnailSide(width);
}
