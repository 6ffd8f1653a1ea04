import type { Pixels } from '../decode/pixels.ts';

/** The colour along a picture's edges. */
export interface BorderColour {
  readonly colour: readonly [number, number, number];
  /** Share of the edge's pixels that are near that colour, 0–1. */
  readonly share: number;
  /** Distance (largest channel difference) within which nine tenths of those pixels lie. */
  readonly spread: number;
}

/** Width of the edge that is looked at, as a share of the shorter side. */
const EDGE_SHARE = 0.02;
/** Largest difference of a channel, 0–255, at which a pixel still counts as the edge's colour. */
export const NEAR = 20;

/** Estimates the colour of the edge: the median of each channel, which a subject touching it hardly moves. */
export function estimateBorder(pixels: Pixels): BorderColour {
  const samples = edgeOffsets(pixels);
  const { data } = pixels;
  const median = (channel: number): number => {
    const values = samples.map((at) => data[at + channel] ?? 0).sort((a, b) => a - b);
    return values[values.length >> 1] ?? 0;
  };
  const colour = [median(0), median(1), median(2)] as const;
  const near = samples
    .map((at) => colourDistance(data, at, colour))
    .filter((distance) => distance <= NEAR)
    .sort((a, b) => a - b);
  const spread = near[Math.floor(near.length * 0.9)] ?? NEAR;
  return { colour, share: near.length / samples.length, spread };
}

/** Largest difference of a channel between a pixel and a colour, 0–255. */
export function colourDistance(
  data: Uint8Array,
  at: number,
  [r, g, b]: readonly [number, number, number],
): number {
  const red = Math.abs((data[at] ?? 0) - r);
  const green = Math.abs((data[at + 1] ?? 0) - g);
  return Math.max(red, green, Math.abs((data[at + 2] ?? 0) - b));
}

function edgeOffsets({ widthPx, heightPx }: Pixels): readonly number[] {
  const edge = Math.max(1, Math.round(Math.min(widthPx, heightPx) * EDGE_SHARE));
  const offsets: number[] = [];
  for (let y = 0; y < heightPx; y += 1) {
    const isEdgeRow = y < edge || y >= heightPx - edge;
    for (let x = 0; x < widthPx; x += 1) {
      if (isEdgeRow || x < edge || x >= widthPx - edge) offsets.push((y * widthPx + x) * 3);
    }
  }
  return offsets;
}
