import { ApiError } from '@likeness/shared/errors';
import sharp, { type Sharp } from 'sharp';
import { readBmpHeader, readNetpbmHeader } from './bitmap-header.ts';
import { decodeWithMagick } from './magick-decoder.ts';
import { sniffFormat } from './picture-format.ts';

/** Longest side of a picture that is decoded at all: the widest that any collection takes. */
const MAX_SIDE_PX = 8192;
const WEBP_QUALITY = 80;
const WHITE = '#ffffff';

/**
 * A WEBP of a picture's first frame that fits into a square; no picture is enlarged. EXIF orientation is
 * applied, and what the file carries beside its pixels is left out.
 *
 * @throws {ApiError} `UnsupportedPicFormat` for what does not decode.
 */
export async function renderThumbnail(picture: Uint8Array, sidePx: number): Promise<Uint8Array> {
  try {
    return await (
      await openPicture(picture)
    )
      .flatten({ background: WHITE })
      .resize(sidePx, sidePx, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .webp({ quality: WEBP_QUALITY })
      .toBuffer();
  } catch (cause) {
    throw new ApiError('UnsupportedPicFormat', { cause });
  }
}

async function openPicture(picture: Uint8Array): Promise<Sharp> {
  const format = sniffFormat(picture);
  if (format === undefined) throw new Error('no format that is taken');
  if (format !== 'bmp' && format !== 'ppm') {
    const limitInputPixels = MAX_SIDE_PX ** 2;
    return sharp(picture, {
      limitInputPixels,
      failOn: 'error',
      pages: 1,
      sequentialRead: true,
    }).autoOrient();
  }
  const header = format === 'bmp' ? readBmpHeader(picture) : readNetpbmHeader(picture);
  if (header === undefined || Math.max(header.widthPx, header.heightPx) > MAX_SIDE_PX) {
    throw new Error('no bitmap that is taken');
  }
  const { widthPx, heightPx, data } = await decodeWithMagick(picture, {
    format,
    hasAlpha: header.hasAlpha,
  });
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } });
}
