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

/** Resizes part of a picture with libvips and arranges it as the pack wants it. */
export async function toPixelTensor(
  pixels: Pixels,
  box: Box,
  input: PixelInput,
): Promise<PixelTensor> {
  const placed = placement(box, input);
  const size = { widthPx: placed.x2 - placed.x1, heightPx: placed.y2 - placed.y1 };
  const resized = await resample(pixels, box, { ...size, kernel: input.resize.kernel });
  const { widthPx: w, heightPx: h } = input;
  const isWhole = size.widthPx === w && size.heightPx === h;
  const canvas = isWhole ? resized : letterbox({ ...size, data: resized }, placed, input);
  const data = scale(arrange(canvas, input), input);
  return {
    type: input.type,
    data,
    dims: input.layout === 'nchw' ? [1, 3, h, w] : [1, h, w, 3],
    placed,
  };
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

/** The picture on a field of one colour. */
function letterbox(
  picture: Pixels,
  placed: Box,
  { widthPx, heightPx, resize }: PixelInput,
): Uint8Array {
  const canvas = new Uint8Array(widthPx * heightPx * 3);
  const fill = resize.fill ?? WHITE;
  for (let i = 0; i < canvas.length; i += 3) canvas.set(fill, i);
  const rowBytes = picture.widthPx * 3;
  for (let y = 0; y < picture.heightPx; y += 1) {
    const row = picture.data.subarray(y * rowBytes, (y + 1) * rowBytes);
    canvas.set(row, ((placed.y1 + y) * widthPx + placed.x1) * 3);
  }
  return canvas;
}

/** From RGB, row by row, to the pack's order of channels and layout. */
function arrange(rgb: Uint8Array, { layout, channels }: PixelInput): Uint8Array {
  if (layout === 'nhwc' && channels === 'rgb') return rgb;
  const area = rgb.length / 3;
  const [step, jump] = layout === 'nchw' ? [1, area] : [3, 1];
  const out = new Uint8Array(rgb.length);
  for (let channel = 0; channel < 3; channel += 1) {
    const from = channels === 'rgb' ? channel : 2 - channel;
    for (let i = 0; i < area; i += 1) out[i * step + channel * jump] = rgb[i * 3 + from] ?? 0;
  }
  return out;
}

/** `(value − mean) / std` of each channel, in the order that the graph sees them. */
function scale(
  values: Uint8Array,
  { type, layout, mean, std }: PixelInput,
): Uint8Array | Float32Array {
  if (type === 'uint8') return values;
  const area = values.length / 3;
  return Float32Array.from(values, (value, i) => {
    const channel = layout === 'nchw' ? Math.floor(i / area) : i % 3;
    return (value - (mean?.[channel] ?? 0)) / (std?.[channel] ?? 1);
  });
}
