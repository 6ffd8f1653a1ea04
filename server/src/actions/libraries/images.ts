/** How answers show images. */
import type { Attributes } from '@likeness/shared/filter';
import { z } from 'zod';

import type { CollectionInfo, SearchHit, StoredImage } from '../../catalog/catalog.ts';
import { chooseThumbnailSide } from '../../catalog/thumbnail-sides.ts';
import type { ActionServices, CallContext } from '../action.ts';
import { signThumbnails } from '../thumbnail-links.ts';
import { isGiven } from './fields.ts';
import { KeptFrame } from './kept-frame.ts';
import { TAGS_DESCRIPTION } from './tag-descriptions.ts';

const shownTags = z.custom<Attributes>(isGiven).meta(TAGS_DESCRIPTION);

const imageKey = {
  image_id: z.string().meta({ description: 'As it was given.' }),
  image_uri: z.string().meta({ description: 'As it was given.' }),
};

const frame = {
  image_base64: z
    .custom<KeptFrame | null>((value) => value !== undefined)
    .meta({
      type: ['string', 'null'],
      contentEncoding: 'base64',
      description:
        'The picture, byte for byte as it was given. null if return_frame is false, or if the picture is not kept.',
    }),
};

const thumbnailUrl = z.string().optional().meta({
  description: 'Only where thumbnail_width was given, and the picture is kept.',
});

/** An image as it stands after a write. */
export const writtenImage: z.ZodObject<typeof imageKey & { tags: typeof shownTags }> = z
  .strictObject({ ...imageKey, tags: shownTags })
  .meta({ id: 'WrittenImage' });

const listedFields = {
  ...imageKey,
  ...frame,
  tags: shownTags,
  added_at: z.iso.datetime().meta({ description: 'When it was added last.' }),
  thumbnail_url: thumbnailUrl,
};

export const listedImage: z.ZodObject<typeof listedFields> = z
  .strictObject(listedFields)
  .meta({ id: 'Image' });

const hitFields = {
  ...imageKey,
  ...frame,
  score: z.number().min(0).max(1).meta({
    description: 'Above 0.9 nearly the same, 0.7 to 0.9 clearly similar, below 0.5 unrelated.',
  }),
  tags: shownTags,
  raw_score: z.number().optional().meta({
    description: 'The cosine that the score was made of. Only where raw_score was asked for.',
  }),
  thumbnail_url: thumbnailUrl,
};

export const hit: z.ZodObject<typeof hitFields> = z.strictObject(hitFields).meta({ id: 'Hit' });

export const total = z.int().min(0).meta({ description: 'On all pages.' });

/** What a request says about the images of its answer. */
export interface Showing {
  readonly return_frame: boolean;
  readonly thumbnail_width?: number | undefined;
  readonly raw_score?: boolean;
}

/** Formats images of a library. */
export interface ImageFormatter {
  readonly hit: (image: SearchHit) => z.output<typeof hit>;
  readonly listed: (image: StoredImage) => z.output<typeof listedImage>;
}

export function formatWritten({
  productId,
  picName,
  attributes,
}: Pick<StoredImage, 'productId' | 'picName' | 'attributes'>): z.output<typeof writtenImage> {
  return { image_id: productId, image_uri: picName, tags: attributes };
}

/** Signs thumbnails' addresses by the caller's key where the request asks for them. */
export async function createImageFormatter(
  library: CollectionInfo,
  showing: Showing,
  {
    caller,
    services,
  }: { readonly caller: CallContext['caller']; readonly services: ActionServices },
): Promise<ImageFormatter> {
  const { return_frame, thumbnail_width, raw_score = false } = showing;
  const linkTo =
    thumbnail_width === undefined
      ? () => undefined
      : await signThumbnails(caller, services, {
          collection: library,
          sidePx: chooseThumbnailSide(thumbnail_width),
        });
  const key = ({ productId, picName, kept }: StoredImage) => ({
    image_id: productId,
    image_uri: picName,
    image_base64: return_frame && kept !== undefined ? new KeptFrame(kept) : null,
  });
  const thumbnail = (image: StoredImage) => {
    const url = linkTo(image);
    return url === undefined ? {} : { thumbnail_url: url };
  };
  return {
    hit: (image) => ({
      ...key(image),
      score: image.score,
      tags: image.attributes,
      ...(raw_score && { raw_score: image.rawScore }),
      ...thumbnail(image),
    }),
    listed: (image) => ({
      ...key(image),
      tags: image.attributes,
      added_at: new Date(image.addedMs).toISOString(),
      ...thumbnail(image),
    }),
  };
}
