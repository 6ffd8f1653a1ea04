import type { Pixels } from '../decode/pixels.ts';

/** A colour that changes evenly across the picture: a plain background, perhaps lit from one side. */
export interface BackgroundPlane {
  /** Share of the edge's pixels that are near the plane, 0–1. */
  readonly share: number;
  /** Distance (largest channel difference) within which nine tenths of those pixels lie. */
  readonly spread: number;
  /** Largest difference of a channel between a pixel and the plane there, 0–255. */
  distance(x: number, y: number): number;
}

/** Width of the edge that is looked at, as a share of the shorter side. */
const EDGE_SHARE = 0.02;
/** Largest difference of a channel, 0–255, at which a pixel of the edge still counts as background. */
const NEAR = 20;
/** How often the plane is fitted again to the pixels near it. */
const ROUNDS = 4;
/** Steepest change of a channel from one side of the picture to the other. */
const MAX_SLOPE = 80;

/** Value of one channel: at the middle, and its change across and down the picture. */
type Channel = readonly [middle: number, across: number, down: number];

interface Sample {
  readonly x: number;
  readonly y: number;
}

/**
 * Fits the plane to the picture's edge: first the median of each channel, which a subject that touches
 * the edge hardly moves, then least squares over the pixels near the last fit.
 */
export function fitBackground(pixels: Pixels): BackgroundPlane {
  const samples = edgeSamples(pixels);
  let plane: readonly Channel[] = [0, 1, 2].map((c) => [medianOf(pixels, samples, c), 0, 0]);
  let near = samples;
  for (let round = 0; round <= ROUNDS; round += 1) {
    near = samples.filter(({ x, y }) => distanceTo(plane, pixels, x, y) <= NEAR);
    if (round < ROUNDS) plane = [0, 1, 2].map((c) => fitChannel(pixels, near, c));
  }
  const distances = near.map(({ x, y }) => distanceTo(plane, pixels, x, y)).sort((a, b) => a - b);
  return {
    share: near.length / samples.length,
    spread: distances[Math.floor(distances.length * 0.9)] ?? NEAR,
    distance: (x, y) => distanceTo(plane, pixels, x, y),
  };
}

function distanceTo(plane: readonly Channel[], pixels: Pixels, x: number, y: number): number {
  const at = (y * pixels.widthPx + x) * 3;
  const [right, below] = [x / pixels.widthPx - 0.5, y / pixels.heightPx - 0.5];
  let most = 0;
  for (let c = 0; c < 3; c += 1) {
    const [middle = 0, across = 0, down = 0] = plane[c] ?? [];
    const expected = middle + across * right + down * below;
    most = Math.max(most, Math.abs((pixels.data[at + c] ?? 0) - expected));
  }
  return most;
}

function medianOf(pixels: Pixels, samples: readonly Sample[], channel: number): number {
  const values = samples
    .map(({ x, y }) => pixels.data[(y * pixels.widthPx + x) * 3 + channel] ?? 0)
    .sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** Least squares of a channel over the two directions. */
function fitChannel(pixels: Pixels, samples: readonly Sample[], channel: number): Channel {
  const points = samples.map(({ x, y }) => ({
    right: x / pixels.widthPx - 0.5,
    below: y / pixels.heightPx - 0.5,
    value: pixels.data[(y * pixels.widthPx + x) * 3 + channel] ?? 0,
  }));
  const mean = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);
  const [meanRight, meanBelow, meanValue] = [
    mean((p) => p.right),
    mean((p) => p.below),
    mean((p) => p.value),
  ];
  const [rr, bb, rb, rv, bv] = [
    mean((p) => (p.right - meanRight) ** 2),
    mean((p) => (p.below - meanBelow) ** 2),
    mean((p) => (p.right - meanRight) * (p.below - meanBelow)),
    mean((p) => (p.right - meanRight) * (p.value - meanValue)),
    mean((p) => (p.below - meanBelow) * (p.value - meanValue)),
  ];
  const determinant = rr * bb - rb * rb;
  if (determinant < 1e-6) return [meanValue, 0, 0];
  const across = limitSlope((rv * bb - bv * rb) / determinant);
  const down = limitSlope((bv * rr - rv * rb) / determinant);
  return [meanValue - across * meanRight - down * meanBelow, across, down];
}

function limitSlope(slope: number): number {
  return Math.min(Math.max(slope, -MAX_SLOPE), MAX_SLOPE);
}

function edgeSamples({ widthPx, heightPx }: Pixels): readonly Sample[] {
  const edge = Math.max(1, Math.round(Math.min(widthPx, heightPx) * EDGE_SHARE));
  const samples: Sample[] = [];
  for (let y = 0; y < heightPx; y += 1) {
    const isEdgeRow = y < edge || y >= heightPx - edge;
    for (let x = 0; x < widthPx; x += 1) {
      if (isEdgeRow || x < edge || x >= widthPx - edge) samples.push({ x, y });
    }
  }
  return samples;
}
