import { formatImageKey } from '../store/image-key.ts';
import type { ImageRecord } from '../store/image-record.ts';
import type { IndexRow } from '../vectors/vector-index.ts';
import type { StoredImage } from './catalog.ts';

/** A record as answers show it. */
export function storedImageOf(record: ImageRecord): StoredImage {
  const { productId, picName, category, region, customContent, attributes, addedMs } = record;
  const shown = { productId, picName, category, region, customContent, attributes, addedMs };
  const { objectHash: hash, pictureBytes: bytes, widthPx, heightPx } = record;
  return hash === undefined ? shown : { ...shown, kept: { hash, bytes, widthPx, heightPx } };
}

/** A record as its index holds it. */
export function indexRowOf(record: ImageRecord): IndexRow {
  const { productId, category, vector, attributes, revision } = record;
  const key = formatImageKey(record);
  return { key, group: productId, category, vector, attributes, revision };
}
