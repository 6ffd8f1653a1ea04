import type { Pixels } from '../decode/pixels.ts';

/** A colour that changes evenly across the picture: a plain background, perhaps lit from one side. */
export interface BackgroundPlane {
  /** Share of the edge's pixels that are near the plane, 0–1. */
  readonly share: number;
  /** Distance (largest channel difference) within which nine tenths of those pixels lie. */
  readonly spread: number;
  /** 1 for each pixel, row by row, whose colour is at least this far from the plane's, else 0. */
  standingOut(distance: number): Uint8Array;
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
interface Channel {
  readonly middle: number;
  readonly across: number;
  readonly down: number;
}

/** Pixels of the edge: where they lie, from −0.5 to 0.5, and the values of their channels. */
interface Samples {
  readonly right: Float64Array;
  readonly below: Float64Array;
  readonly values: readonly Float64Array[];
}

const CHANNELS = [0, 1, 2] as const;

/**
 * Fits the plane to the picture's edge: first the median of each channel, which a subject that touches
 * the edge hardly moves, then least squares over the pixels near the last fit.
 */
export function fitBackground(pixels: Pixels): BackgroundPlane {
  const samples = edgeSamples(pixels);
  let plane: readonly Channel[] = samples.values.map(flatChannel);
  let distances = distancesTo(plane, samples);
  for (let round = 0; round < ROUNDS; round += 1) {
    const near = nearOf(distances);
    plane = samples.values.map((values) => fitChannel(samples, values, near));
    distances = distancesTo(plane, samples);
  }
  const near = distances.filter((distance) => distance <= NEAR);
  return {
    share: near.length / distances.length,
    // Sorted for the few pictures whose background is plain.
    get spread() {
      return near.sort()[Math.floor(near.length * 0.9)] ?? NEAR;
    },
    standingOut: (distance) => findStandingOut(pixels, plane, distance),
  };
}

/** At the median, which is counted out: there are 256 values. */
function flatChannel(values: Float64Array): Channel {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  let [middle, below] = [0, counts[0] ?? 0];
  while (below <= values.length >> 1) {
    middle += 1;
    below += counts[middle] ?? 0;
  }
  return { middle, across: 0, down: 0 };
}

/** The largest difference of a channel from the plane, for each sample. */
function distancesTo(plane: readonly Channel[], { right, below, values }: Samples): Float64Array {
  const distances = new Float64Array(right.length);
  for (const [c, { middle, across, down }] of plane.entries()) {
    const channel = values[c] ?? distances;
    for (let i = 0; i < distances.length; i += 1) {
      const expected = middle + across * (right[i] ?? 0) + down * (below[i] ?? 0);
      distances[i] = Math.max(distances[i] ?? 0, Math.abs((channel[i] ?? 0) - expected));
    }
  }
  return distances;
}

function findStandingOut(
  { widthPx, heightPx, data }: Pixels,
  plane: readonly Channel[],
  distance: number,
): Uint8Array {
  const mask = new Uint8Array(widthPx * heightPx);
  for (const [c, { middle, across, down }] of plane.entries()) {
    for (let at = 0, y = 0; y < heightPx; y += 1) {
      const below = y / heightPx - 0.5;
      for (let x = 0; x < widthPx; x += 1, at += 1) {
        const expected = middle + across * (x / widthPx - 0.5) + down * below;
        if (Math.abs((data[at * 3 + c] ?? 0) - expected) >= distance) mask[at] = 1;
      }
    }
  }
  return mask;
}

function nearOf(distances: Float64Array): Int32Array {
  const near = new Int32Array(distances.length);
  let count = 0;
  for (let i = 0; i < distances.length; i += 1) {
    if ((distances[i] ?? 0) > NEAR) continue;
    near[count] = i;
    count += 1;
  }
  return near.subarray(0, count);
}

/** Least squares of a channel over the two directions, of the samples that `near` names. */
function fitChannel({ right, below }: Samples, values: Float64Array, near: Int32Array): Channel {
  const mean = (of: Float64Array): number => {
    let sum = 0;
    for (const i of near) sum += of[i] ?? 0;
    return sum / Math.max(1, near.length);
  };
  const [meanRight, meanBelow, meanValue] = [mean(right), mean(below), mean(values)];
  let [rr, bb, rb, rv, bv] = [0, 0, 0, 0, 0];
  for (const i of near) {
    const r = (right[i] ?? 0) - meanRight;
    const b = (below[i] ?? 0) - meanBelow;
    const v = (values[i] ?? 0) - meanValue;
    rr += r * r;
    bb += b * b;
    rb += r * b;
    rv += r * v;
    bv += b * v;
  }
  const count = Math.max(1, near.length);
  const determinant = (rr / count) * (bb / count) - (rb / count) ** 2;
  if (determinant < 1e-6) return { middle: meanValue, across: 0, down: 0 };
  const across = limitSlope(
    ((rv / count) * (bb / count) - (bv / count) * (rb / count)) / determinant,
  );
  const down = limitSlope(
    ((bv / count) * (rr / count) - (rv / count) * (rb / count)) / determinant,
  );
  return { middle: meanValue - across * meanRight - down * meanBelow, across, down };
}

function limitSlope(slope: number): number {
  return Math.min(Math.max(slope, -MAX_SLOPE), MAX_SLOPE);
}

function edgeSamples({ widthPx, heightPx, data }: Pixels): Samples {
  const edge = Math.max(1, Math.round(Math.min(widthPx, heightPx) * EDGE_SHARE));
  const places: number[] = [];
  for (let y = 0; y < heightPx; y += 1) {
    const isEdgeRow = y < edge || y >= heightPx - edge;
    for (let x = 0; x < widthPx; x += 1) {
      // Within a row that is not of the edge, everything between its two ends is passed over.
      if (!isEdgeRow && x === edge) x = Math.max(x, widthPx - edge);
      places.push(y * widthPx + x);
    }
  }
  return {
    right: Float64Array.from(places, (at) => (at % widthPx) / widthPx - 0.5),
    below: Float64Array.from(places, (at) => Math.floor(at / widthPx) / heightPx - 0.5),
    values: CHANNELS.map((c) => Float64Array.from(places, (at) => data[at * 3 + c] ?? 0)),
  };
}
