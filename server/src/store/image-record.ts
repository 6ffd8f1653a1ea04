import type { Attributes } from '@likeness/shared/filter';

import type { ImageKey } from './image-key.ts';

/** A rectangle of whole pixels: `x1 <= x < x2`, `y1 <= y < y2`. */
export interface PixelBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** How the embedded part of a picture was chosen, so that another pack can choose it again. */
export type StoredFraming = 'whole' | 'subject' | 'box';

/** One stored picture, without the number that the store gives each write. */
export interface NewImageRecord extends ImageKey {
  readonly addedMs: number;
  readonly category: number;
  /** Whether the caller named the category; else it was predicted, or is nobody's guess. */
  readonly categoryGiven: boolean;
  readonly framing: StoredFraming;
  /** The part that was embedded, in pixels of the picture. */
  readonly region: PixelBox;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Length of the picture as it was sent, kept or not. */
  readonly pictureBytes: number;
  /** SHA-256 of the picture in lower-case hex, where its bytes are kept. */
  readonly objectHash?: string;
  /** Of the model pack that made {@link vector}. */
  readonly fingerprint: string;
  readonly customContent: string;
  readonly attributes: Attributes;
  /** Unit length, full precision. */
  readonly vector: Float32Array;
}

/** One stored picture: the truth that every index is derived from. */
export interface ImageRecord extends NewImageRecord {
  /** Number of the write that made it, rising within its collection. */
  readonly revision: number;
}
