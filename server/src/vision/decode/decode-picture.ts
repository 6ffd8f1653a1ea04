import { ApiError } from '@likeness/shared/errors';
import { WORKING_BOX_SIDE_PX, WORKING_SIDE_PX } from '../limits.ts';
import type { Framing, PictureFormat, PictureLimits, PictureRequest } from '../vision.ts';
import { readBmpHeader, readNetpbmHeader } from './bitmap-header.ts';
import { decodeWithMagick } from './magick-decoder.ts';
import { sniffFormat } from './picture-format.ts';
import type { DecodedPicture, Pixels } from './pixels.ts';
import { decodeWithSharp, readSharpHeader, resample } from './sharp-decoder.ts';

interface Header {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly orientation: number;
  readonly hasAlpha: boolean;
}

/** EXIF orientations from 5 on exchange width and height. */
const FIRST_SIDEWAYS = 5;

/**
 * Decodes a picture once. Everything that the header tells is checked before a pixel is decoded.
 *
 * @throws {ApiError} `InvalidPicContent` (empty or too many bytes), `UnsupportedPicFormat`,
 *   `UnsupportedPicPixels`, `IncorrectOrientation`, `InvalidRegion`.
 */
export async function decodePicture(request: PictureRequest): Promise<DecodedPicture> {
  const { picture, limits } = request;
  if (picture.length === 0 || picture.length > limits.maxBytes) {
    throw new ApiError('InvalidPicContent');
  }
  const format = sniffFormat(picture);
  if (format === undefined) throw new ApiError('UnsupportedPicFormat');
  const header = await readHeader(picture, format);
  const size = checkHeader(header, limits);
  const factor = reduction(size, request.framing);
  const target = {
    widthPx: Math.max(1, Math.round(size.widthPx / factor)),
    heightPx: Math.max(1, Math.round(size.heightPx / factor)),
  };
  const pixels = await readPixels(picture, format, { header, target, limits });
  return { format, ...size, pixels };
}

async function readHeader(bytes: Uint8Array, format: PictureFormat): Promise<Header> {
  if (format === 'bmp' || format === 'ppm') {
    const header = format === 'bmp' ? readBmpHeader(bytes) : readNetpbmHeader(bytes);
    if (header === undefined) throw new ApiError('UnsupportedPicFormat');
    return { ...header, orientation: 1 };
  }
  return readSharpHeader(bytes).catch((cause: unknown) => {
    throw new ApiError('UnsupportedPicFormat', { cause });
  });
}

/** The size after orientation. */
function checkHeader(
  header: Header,
  limits: PictureLimits,
): { readonly widthPx: number; readonly heightPx: number } {
  const { widthPx, heightPx, orientation } = header;
  const shortest = Math.min(widthPx, heightPx);
  const longest = Math.max(widthPx, heightPx);
  if (shortest < limits.minSidePx || longest > limits.maxSidePx) {
    throw new ApiError('UnsupportedPicPixels');
  }
  if (orientation > 1 && limits.orientation === 'refuse')
    throw new ApiError('IncorrectOrientation');
  return orientation >= FIRST_SIDEWAYS
    ? { widthPx: heightPx, heightPx: widthPx }
    : { widthPx, heightPx };
}

/**
 * By how much the picture is reduced while decoding: a power of two, so that a JPEG can skip the work.
 * What is left is well above what any pack looks at.
 */
function reduction(
  size: { readonly widthPx: number; readonly heightPx: number },
  framing: Framing,
): number {
  let longestUseful = Math.min(size.widthPx, size.heightPx) / WORKING_SIDE_PX;
  if (framing.kind === 'box') {
    const { x1, y1, x2, y2 } = framing.box;
    const whole = [x1, y1, x2, y2].every((value) => Number.isInteger(value) && value >= 0);
    if (!whole || x1 >= x2 || y1 >= y2 || x2 > size.widthPx || y2 > size.heightPx) {
      throw new ApiError('InvalidRegion');
    }
    longestUseful = Math.min(longestUseful, Math.min(x2 - x1, y2 - y1) / WORKING_BOX_SIDE_PX);
  }
  return longestUseful < 2 ? 1 : Math.min(8, 2 ** Math.floor(Math.log2(longestUseful)));
}

interface ReadOptions {
  readonly header: Header;
  readonly target: { readonly widthPx: number; readonly heightPx: number };
  readonly limits: PictureLimits;
}

async function readPixels(
  bytes: Uint8Array,
  format: PictureFormat,
  { header, target, limits }: ReadOptions,
): Promise<Pixels> {
  try {
    if (format !== 'bmp' && format !== 'ppm') {
      const maxPixels = limits.maxSidePx ** 2;
      return await decodeWithSharp(bytes, target, { maxPixels, orient: header.orientation > 1 });
    }
    const pixels = await decodeWithMagick(bytes, { format, hasAlpha: header.hasAlpha });
    if (pixels.widthPx !== header.widthPx || pixels.heightPx !== header.heightPx) {
      throw new Error('the header and the decoder disagree about the size');
    }
    if (pixels.widthPx === target.widthPx && pixels.heightPx === target.heightPx) return pixels;
    const whole = { x1: 0, y1: 0, x2: pixels.widthPx, y2: pixels.heightPx };
    return { ...target, data: await resample(pixels, whole, { ...target, kernel: 'cubic' }) };
  } catch (cause) {
    throw new ApiError('UnsupportedPicFormat', { cause });
  }
}
