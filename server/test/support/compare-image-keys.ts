import { formatImageKey, type ImageKey } from '../../src/store/image-key.ts';

/** Orders keys by the UTF-8 bytes of (productId, picName). */
export function compareImageKeys(a: ImageKey, b: ImageKey): number {
  return Buffer.compare(Buffer.from(formatImageKey(a)), Buffer.from(formatImageKey(b)));
}
