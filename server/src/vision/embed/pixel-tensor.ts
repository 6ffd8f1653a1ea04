import { resample } from '../decode/sharp-decoder.ts';
import type { Pixels } from '../decode/pixels.ts';
import type { PixelInput } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';

/** Pixels as a graph reads them, one picture in the batch. */
export interface PixelTensor {
  readonly type: 'uint8' | 'float32';
  readonly data: Uint8Array | Float32Array;
  readonly dims: readonly [number, number, number, number];
  /** Where the picture lies in the tensor, in its pixels (all of it unless letterboxed). */
  readonly placed: Box;
}

const WHITE = [255, 255, 255] as const;
const BLACK = [0, 0, 0] as const;
const ONE = [1, 1, 1] as const;

/** Resizes part of a picture with libvips and arranges it as the pack wants it. */
export async function toPixelTensor(
  pixels: Pixels,
  box: Box,
  input: PixelInput,
): Promise<PixelTensor> {
  const placed = placement(box, input);
  const [widthPx, heightPx] = [placed.x2 - placed.x1, placed.y2 - placed.y1];
  const resized = await resample(pixels, box, { widthPx, heightPx, kernel: input.resize.kernel });
  const isPlanar = input.layout === 'nchw';
  const area = input.widthPx * input.heightPx;
  const data = input.type === 'uint8' ? new Uint8Array(area * 3) : new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const from = input.channels === 'rgb' ? channel : 2 - channel;
    const mean = (input.mean ?? BLACK)[channel] ?? 0;
    const std = (input.std ?? ONE)[channel] ?? 1;
    const fill = (((input.resize.fill ?? WHITE)[from] ?? 0) - mean) / std;
    for (let y = 0; y < input.heightPx; y += 1) {
      for (let x = 0; x < input.widthPx; x += 1) {
        const at = y * input.widthPx + x;
        const isInside = x >= placed.x1 && x < placed.x2 && y >= placed.y1 && y < placed.y2;
        const value = resized[((y - placed.y1) * widthPx + x - placed.x1) * 3 + from] ?? 0;
        data[isPlanar ? channel * area + at : at * 3 + channel] = isInside
          ? (value - mean) / std
          : fill;
      }
    }
  }
  const { widthPx: w, heightPx: h } = input;
  return { type: input.type, data, dims: isPlanar ? [1, 3, h, w] : [1, h, w, 3], placed };
}

function placement(box: Box, { widthPx, heightPx, resize }: PixelInput): Box {
  if (resize.mode === 'squash') return { x1: 0, y1: 0, x2: widthPx, y2: heightPx };
  const [boxWidth, boxHeight] = [box.x2 - box.x1, box.y2 - box.y1];
  const factor = Math.min(widthPx / boxWidth, heightPx / boxHeight);
  const width = Math.max(1, Math.min(widthPx, Math.round(boxWidth * factor)));
  const height = Math.max(1, Math.min(heightPx, Math.round(boxHeight * factor)));
  const [x1, y1] = [Math.floor((widthPx - width) / 2), Math.floor((heightPx - height) / 2)];
  return { x1, y1, x2: x1 + width, y2: y1 + height };
}
