import type { PictureFormat } from '../vision.ts';

/** sRGB, 8 bits a channel, three channels, row by row from the upper left, no padding. */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** A picture as it came, possibly reduced: boxes are told in pixels of the picture as sent. */
export interface DecodedPicture {
  readonly format: PictureFormat;
  /** Size of the picture as sent, after the EXIF orientation was applied. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** The decoded pixels, reduced by a whole number where the picture is large. */
  readonly pixels: Pixels;
}
