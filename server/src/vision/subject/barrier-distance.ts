import type { Pixels } from '../decode/pixels.ts';

/** Scans over the picture: forth, back, forth. */
const PASSES = 3;
/** Luma and two colour differences, stretched to the range that real pictures fill. */
const OPPONENT = [
  [0.299, 0.587, 0.114],
  [-0.338, -0.662, 1],
  [1, -0.838, -0.162],
] as const;

/**
 * How much each pixel stands out from the border: the minimum barrier distance (the least difference
 * between the highest and the lowest value that a path from the border must pass), summed over three
 * channels. Pictures of a few dozen pixels a side.
 */
export function barrierDistance(pixels: Pixels): Float64Array {
  const total = new Float64Array(pixels.widthPx * pixels.heightPx);
  for (const weights of OPPONENT) {
    const channel = Float64Array.from(total, (_, i) => {
      const rgb = [0, 1, 2].map((c) => (pixels.data[i * 3 + c] ?? 0) / 255);
      return weights.reduce((sum, weight, c) => sum + weight * (rgb[c] ?? 0), 0);
    });
    const distance = channelDistance(channel, pixels);
    for (let i = 0; i < total.length; i += 1) total[i] = (total[i] ?? 0) + (distance[i] ?? 0);
  }
  return total;
}

function channelDistance(
  values: Float64Array,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Float64Array {
  const distance = new Float64Array(values.length);
  const [high, low] = [values.slice(), values.slice()];
  const relax = (at: number, neighbour: number): void => {
    const value = values[at] ?? 0;
    const upper = Math.max(high[neighbour] ?? 0, value);
    const lower = Math.min(low[neighbour] ?? 0, value);
    if (upper - lower >= (distance[at] ?? 0)) return;
    [distance[at], high[at], low[at]] = [upper - lower, upper, lower];
  };
  for (let y = 1; y < heightPx - 1; y += 1) {
    distance.fill(Infinity, y * widthPx + 1, (y + 1) * widthPx - 1);
  }
  for (let pass = 0; pass < PASSES; pass += 1) {
    const back = pass % 2 === 0 ? -1 : 1;
    const turn = (i: number, length: number): number => (back < 0 ? i : length - 1 - i);
    for (let row = 1; row < heightPx - 1; row += 1) {
      for (let column = 1; column < widthPx - 1; column += 1) {
        const at = turn(row, heightPx) * widthPx + turn(column, widthPx);
        relax(at, at + back * widthPx);
        relax(at, at + back);
      }
    }
  }
  return distance;
}
