import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  AlphaAction,
  ColorSpace,
  ImageMagick,
  initializeImageMagick,
  MagickColors,
  MagickFormat,
  MagickReadSettings,
} from '@imagemagick/magick-wasm';
import type { Pixels } from './pixels.ts';

const FORMATS = { bmp: MagickFormat.Bmp, ppm: MagickFormat.Pnm } as const;

let loading: Promise<void> | undefined;

/** Decodes BMP and Netpbm, which libvips does not read. The library is loaded at the first one. */
export async function decodeWithMagick(
  bytes: Uint8Array,
  { format, hasAlpha }: { readonly format: keyof typeof FORMATS; readonly hasAlpha: boolean },
): Promise<Pixels> {
  loading ??= loadMagick();
  await loading;
  const settings = new MagickReadSettings({ format: FORMATS[format] });
  return ImageMagick.read(bytes, settings, (image) => {
    image.backgroundColor = MagickColors.White;
    image.alpha(hasAlpha ? AlphaAction.Remove : AlphaAction.Off);
    image.colorSpace = ColorSpace.sRGB;
    const { width, height } = image;
    const data = image.getPixels((pixels) => pixels.toByteArray(0, 0, width, height, 'RGB'));
    if (data === null) throw new Error('no pixels');
    return { widthPx: width, heightPx: height, data };
  });
}

async function loadMagick(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('@imagemagick/magick-wasm/magick.wasm');
  await initializeImageMagick(await readFile(file));
}
