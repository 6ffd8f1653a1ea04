import { ApiError } from '@likeness/shared/errors';

import { decodeBase64Fast } from './escaped-base64.ts';

/** The member of a JSON body that holds a picture in Base64. */
export const PICTURE_MEMBER = 'image_base64';

/** A JSON body. Its picture stands in it as bytes; what is no Base64 stays the text that it was. */
export type JsonContent = Readonly<Record<string, unknown>>;

/** Lists and objects in each other: a tag filter has some twenty. */
const MAX_DEPTH = 40;
/** A tag filter may have 100,000. */
const MAX_VALUES = 250_000;

/**
 * Reads a JSON object, and decodes the picture in it. Runs here or in a thread.
 *
 * @param room for the picture, three quarters of the body: the body itself will do
 * @throws {ApiError} `InvalidParameter.Format` for what is no JSON object, or one that no request is like
 */
export function readJsonContent(body: Uint8Array, room?: Uint8Array): JsonContent {
  const value = parseJson(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('expected a JSON object');
  }
  const { [PICTURE_MEMBER]: picture, ...others } = value as Record<string, unknown>;
  requireModest(others);
  if (picture === undefined) return others;
  const bytes = typeof picture === 'string' ? decodeBase64Fast(picture, room) : undefined;
  return { ...others, [PICTURE_MEMBER]: bytes ?? picture };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw malformed('expected JSON in UTF-8', cause);
  }
}

/** What goes from thread to thread and is checked must not be a burden by its shape alone. */
function requireModest(value: unknown): void {
  let level: readonly unknown[] = [value];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw malformed(`expected JSON of at most ${MAX_DEPTH} levels`);
    count += level.length;
    if (count > MAX_VALUES) throw malformed(`expected JSON of at most ${MAX_VALUES} values`);
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
}

function malformed(message: string, cause?: unknown): ApiError {
  return new ApiError('InvalidParameter.Format', { message: `body: ${message}.`, cause });
}
