/** The cursor of ListImages: the last key of a page, opaque to clients. */
import { decodeBase64, encodeBase64, utf8Decode, utf8Encode } from '@likeness/shared/encoding';
import { invalidParameter } from '@likeness/shared/errors';

import type { ImageKey } from '../catalog/catalog.ts';

/** URL-safe Base64 of `[ProductId, PicName]` as JSON. */
export function formatCursor({ productId, picName }: ImageKey): string {
  return encodeBase64(utf8Encode(JSON.stringify([productId, picName])))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @throws {ApiError} `InvalidCursor` */
export function parseCursor(cursor: string): ImageKey {
  const key = parseJson(utf8Decode(decodeBase64(cursor) ?? new Uint8Array()));
  const [productId, picName]: readonly unknown[] = Array.isArray(key) ? key : [];
  if (typeof productId === 'string' && typeof picName === 'string') return { productId, picName };
  throw invalidParameter('Cursor', 'the NextCursor of an earlier page');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
