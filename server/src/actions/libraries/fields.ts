/**
 * The fields that requests of the operator API share: each at once checked, typed and described. The error of a check
 * is what was expected, as a sentence goes on after "expected".
 */
import { LIBRARY_MODES, LIMITS, LIBRARY_LIMITS } from '@likeness/shared/api';
import { readTagFilter, readTags } from '@likeness/shared/filter';
import { z } from 'zod';

import { MAX_URL_LENGTH } from '../../fetch/limits.ts';
import { TAG_FILTER_DESCRIPTION, TAGS_DESCRIPTION } from './tag-descriptions.ts';

const { MAX_LIBRARY_NAME_LENGTH, MAX_IMAGE_URI_LENGTH, MAX_DESCRIPTION_LENGTH } = LIBRARY_LIMITS;

/** A whole number. */
export function integer(min: number, max: number): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number, whole or not. */
export function number(min: number, max: number): z.ZodNumber {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

export function boolean(): z.ZodBoolean {
  return z.boolean({ error: 'true or false' });
}

/** A text of `min` characters or more, as JavaScript counts. */
export function text(min: number, max: number): z.ZodString {
  const error =
    min === 0 ? `a text of up to ${max} characters` : `a text of ${min} to ${max} characters`;
  return z.string({ error }).min(min, { error }).max(max, { error });
}

/** For values that a reader of their own checks: OpenAPI is told by this that they must be there. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

const NAME = `1 to ${MAX_LIBRARY_NAME_LENGTH} letters, digits, "_" or "-"`;

export const libraryName = z
  .string({ error: NAME })
  .regex(new RegExp(`^[A-Za-z0-9_-]{1,${MAX_LIBRARY_NAME_LENGTH}}$`), { error: NAME })
  .meta({ description: 'The image library.', example: 'shop_a_tops' });

export const libraryMode = z
  .enum(LIBRARY_MODES, { error: `one of ${LIBRARY_MODES.join(', ')}` })
  .meta({
    description:
      'What is looked at: the item in a picture (item_search); the whole picture, which alone can be searched by text (general_search); the item if one is clear, else the whole (adaptive_search). Fixed when the library is created.',
    example: 'general_search',
  });

export const description = text(0, MAX_DESCRIPTION_LENGTH).meta({
  description: 'For people.',
  example: 'Tops of the summer',
});

export const imageId = text(1, LIMITS.MAX_ID_LENGTH).meta({
  description: 'Names an image together with image_uri: one image_id may have several.',
  example: 'img001',
});

export const imageUri = text(1, MAX_IMAGE_URI_LENGTH).meta({
  description: 'Any text, such as an address or the name of a file. Answered as it was given.',
  example: 'https://example.com/tops/img001.jpg',
});

const PICTURE = 'a picture in Base64, without a "data:" prefix';

/** Base64 on the wire; decoded before it is checked here. */
export const picture = z
  .custom<Uint8Array>((value) => ArrayBuffer.isView(value) && value.byteLength > 0, {
    error: PICTURE,
  })
  .meta({
    type: 'string',
    contentEncoding: 'base64',
    description:
      'JPEG, PNG, GIF, WEBP, BMP, TIFF or PPM, up to 4 MB, each side 16 to 8192 pixels; in Base64, without a data: prefix.',
    example: '/9j/4AAQSkZJRgABAQAAAQABAAD...',
  });

export const pictureUrl = text(1, MAX_URL_LENGTH).meta({
  description:
    'Where the server gets the picture, in place of image_base64: http or https, on a host that LIKENESS_FETCH_HOSTS lists.',
});

export const queryText = text(1, LIMITS.MAX_TEXT_LENGTH)
  .refine((value) => value.trim() !== '', { error: 'a text with a word in it' })
  .meta({ description: 'What the images are to show.', example: 'white short-sleeve T-shirt' });

/** Read by the filter language's own reader, which throws `TagSyntaxError`. */
export const tagFilter = z
  .custom<unknown>(isGiven)
  .transform((value) => readTagFilter(value))
  .meta(TAG_FILTER_DESCRIPTION);

/** As {@link tagFilter}, where it says which images a request is about: no filter would be all of them. */
export const selectingTagFilter = z
  .custom<unknown>((value) => isGiven(value) && !(Array.isArray(value) && value.length === 0), {
    error: 'at least one condition',
    abort: true,
  })
  .transform((value) => readTagFilter(value))
  .meta(TAG_FILTER_DESCRIPTION);

/** Read by their own reader, which throws `TagSyntaxError`. */
export const tags = z
  .custom<unknown>(isGiven, { error: 'an object', abort: true })
  .transform((value) => readTags(value))
  .meta(TAGS_DESCRIPTION);

export const returnFrame = boolean().meta({
  description: 'Whether results hold the pictures, in image_base64. false keeps answers small.',
});

export const thumbnailWidth = integer(1, LIMITS.MAX_THUMBNAIL_WIDTH).meta({
  description:
    'Answers thumbnail_url too: a presigned path of a WEBP that fits into a square of about so many pixels.',
});

export const page = integer(1, LIBRARY_LIMITS.MAX_PAGE).default(1).meta({ description: 'From 1.' });

export const pageSize = integer(1, LIBRARY_LIMITS.MAX_PAGE_SIZE)
  .default(LIBRARY_LIMITS.DEFAULT_PAGE_SIZE)
  .meta({ description: 'Entries of a page.' });
