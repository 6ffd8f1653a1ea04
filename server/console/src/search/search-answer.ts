import type { Head, PicInfo } from '@likeness/sdk';

import type { Carried } from './carried.ts';

/** Wide enough for a card on a screen of twice the density. */
export const THUMBNAIL_WIDTH_PX = 320;

/** A picture that was found, of either kind of collection. */
export interface Hit {
  /** A library's `image_id`. */
  readonly productId: string;
  /** A library's `image_uri`. */
  readonly picName: string;
  /** Undefined where pictures have none. */
  readonly categoryId: number | undefined;
  readonly carried: readonly Carried[];
  readonly score: number;
  readonly rawScore: number | undefined;
  readonly thumbnailUrl: string | undefined;
}

export interface SearchAnswer {
  /** On all pages. */
  readonly found: number;
  readonly hits: readonly Hit[];
  /** Of a text: what it was compared with. */
  readonly matchedBy?: 'embedding' | 'words';
  /** How it was searched: instances tell. */
  readonly head?: Head;
  /** Of a picture that was sent, or stored: instances tell. */
  readonly picInfo?: PicInfo;
  /** As the SDK gave it. */
  readonly body: object;
}
