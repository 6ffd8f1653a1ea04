import sharp, { type Sharp } from 'sharp';
import type { Pixels } from './pixels.ts';

/** What libvips reads from a header. */
export interface SharpHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  /** EXIF orientation, 1–8; 1 where there is none. */
  readonly orientation: number;
  readonly hasAlpha: boolean;
}

/** Loaders that pictures may reach; libvips has many more. */
const LOADERS = ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Tiff'];
const WHITE = '#ffffff';

/** Sets libvips up for a process that only looks at pictures: one thread, no cache, few loaders. */
export function setUpSharp(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS.map((name) => `VipsForeignLoad${name}`) });
}

/** Reads the header of the first frame, whatever size it tells. Rejects when libvips cannot. */
export async function readSharpHeader(bytes: Uint8Array): Promise<SharpHeader> {
  const { width, height, orientation, hasAlpha } = await open(bytes, false).metadata();
  return { widthPx: width, heightPx: height, orientation: orientation ?? 1, hasAlpha };
}

/**
 * Decodes the first frame to a picture of exactly the given size. A JPEG that is reduced by 4 or 8 is reduced by 2 or 4
 * while it is decoded, which halves the time; libvips does the rest, and the whole of a reduction by 2. Transparency becomes white, CMYK and
 * embedded profiles become sRGB. Rejects for a truncated or damaged file.
 */
export async function decodeWithSharp(
  bytes: Uint8Array,
  size: { readonly widthPx: number; readonly heightPx: number },
  options: { readonly maxPixels: number; readonly orient: boolean },
): Promise<Pixels> {
  const opened = open(bytes, options.maxPixels);
  const { data, info } = await (options.orient ? opened.autoOrient() : opened)
    .flatten({ background: WHITE })
    .resize(size.widthPx, size.heightPx, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, data: toThreeChannels(data, info.channels) };
}

/** Reduces or enlarges part of a picture; see the resampling note of docs/model-packs.md. */
export async function resample(
  pixels: Pixels,
  box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number },
  to: { readonly widthPx: number; readonly heightPx: number; readonly kernel: ResampleKernel },
): Promise<Uint8Array> {
  const raw = { width: pixels.widthPx, height: pixels.heightPx, channels: 3 } as const;
  const data = await sharp(pixels.data, { raw, limitInputPixels: false })
    .extract({ left: box.x1, top: box.y1, width: box.x2 - box.x1, height: box.y2 - box.y1 })
    .resize(to.widthPx, to.heightPx, { fit: 'fill', kernel: to.kernel })
    .raw()
    .toBuffer();
  return data;
}

export type ResampleKernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';

function open(bytes: Uint8Array, maxPixels: number | false): Sharp {
  return sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: 'error',
    pages: 1,
    sequentialRead: true,
  });
}

/** Some grey pictures keep one channel (and some two) through libvips. */
function toThreeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const count = data.length / channels;
  const out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1)
      out[i * 3 + c] = data[i * channels + (channels > 3 ? c : 0)] ?? 0;
  }
  return out;
}
