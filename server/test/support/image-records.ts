import type { ImageRecord } from '../../src/store/image-record.ts';

/** A record with plain values where a test names none. */
export function recordOf(
  productId: string,
  picName: string,
  changes: Partial<ImageRecord> = {},
): ImageRecord {
  return {
    productId,
    picName,
    revision: 0,
    addedMs: 1_700_000_000_000,
    category: 88888888,
    categoryGiven: false,
    framing: 'whole',
    region: { x1: 0, y1: 0, x2: 100, y2: 80 },
    widthPx: 100,
    heightPx: 80,
    pictureBytes: 12,
    fingerprint: 'pack-1',
    customContent: '',
    attributes: {},
    vector: Float32Array.of(1, 0),
    ...changes,
  };
}
