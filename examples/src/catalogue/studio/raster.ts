import sharp from 'sharp';
import type { Sharp } from 'sharp';

/** Pixels as red, green, blue, opacity, row by row from the top. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A box in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How sharp is told about pixels. */
export function rawOf({ width, height }: Raster): {
  raw: { width: number; height: number; channels: 4 };
} {
  return { raw: { width, height, channels: 4 } };
}

/** Renders an SVG document at its own size. */
export async function renderSvg(svg: string): Promise<Raster> {
  return toRaster(sharp(Buffer.from(svg), { unlimited: true }));
}

/** The pixels of a sharp pipeline. */
export async function toRaster(image: Sharp): Promise<Raster> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Opacity below this is a glow or a soft edge, not the thing. */
const SOLID_OPACITY = 110;

/** The box around all that is there. */
export function boundsOf({ width, height, data }: Raster): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let at = 3; at < data.length; at += 4) {
    if ((data[at] ?? 0) < SOLID_OPACITY) continue;
    const pixel = (at - 3) / 4;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** The same shape in one colour, its opacity multiplied. */
export function silhouette(
  source: Raster,
  [red, green, blue]: readonly [number, number, number],
  opacity: number,
): Raster {
  const data = new Uint8Array(source.data.length);
  for (let at = 0; at < data.length; at += 4) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = (source.data[at + 3] ?? 0) * opacity;
  }
  return { width: source.width, height: source.height, data };
}
