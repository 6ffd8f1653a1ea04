import { snap, wholeBox } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import { resample } from '../decode/sharp-decoder.ts';
import { barrierDistance } from './barrier-distance.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** The picture is judged squashed to a square of this side. */
const SIDE_PX = 32;
/** Spread of the prior for the middle, as a share of the side. */
const PRIOR_SPREAD = 0.25;
/** Sum of what stands out below which a picture is as good as empty. */
const MIN_STANDING_OUT = 1e-3;
/** A guess: below anything that a rule or a detector is sure of. */
const CONFIDENCE = 0.1;
/**
 * Middle across, middle down, width and height of the box, in shares of the picture, each from 1 and the
 * four moments. Fitted on training scenes by server/training/classical/fit_scene_box.py, whose README has the figures.
 */
const COEFFICIENTS: readonly (readonly number[])[] = [
  [0.0128, 0.9746, 0.0219, -0.0587, -0.0359],
  [0.2038, 0.0038, 0.5977, 0.0613, 0.1764],
  [0.2246, 0.1152, 0.3456, 1.5063, -0.0581],
  [0.5063, 0.0765, -0.223, -0.6241, 2.6707],
];

/**
 * Guesses what a scene is of: where things stand out from the border, drawn towards the middle. One
 * box, little better than the middle of the picture, which is all that a rule can do in a scene; none
 * where nothing stands out.
 */
export class SceneFinder implements SubjectFinder {
  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const size = { widthPx: SIDE_PX, heightPx: SIDE_PX };
    const data = await resample(pixels, wholeBox(pixels), { ...size, kernel: 'cubic' });
    const distance = barrierDistance({ ...size, data });
    if (distance.reduce((sum, value) => sum + value, 0) < MIN_STANDING_OUT) return [];
    const features = [1, ...moments(distance)];
    const [x = 0, y = 0, width = 0, height = 0] = COEFFICIENTS.map((row) =>
      row.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), 0),
    );
    const [w, h] = [Math.max(width, 0) * pixels.widthPx, Math.max(height, 0) * pixels.heightPx];
    const [cx, cy] = [x * pixels.widthPx, y * pixels.heightPx];
    const edges = { x1: cx - w / 2, y1: cy - h / 2, x2: cx + w / 2, y2: cy + h / 2 };
    return [{ box: snap(edges, pixels), confidence: CONFIDENCE, isGuess: true }];
  }
}

/** Middle and spread, across and down, of what stands out, in shares of the side. */
function moments(distance: Float64Array): readonly number[] {
  const weights = Array.from(distance, (value, i) => {
    const fromMiddle = (column(i) - 0.5) ** 2 + (row(i) - 0.5) ** 2;
    return value ** 2 * Math.exp(-fromMiddle / (2 * PRIOR_SPREAD ** 2));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0) + 1e-12;
  const mean = (value: (i: number) => number): number =>
    weights.reduce((sum, weight, i) => sum + weight * value(i), 0) / total;
  const spread = (value: (i: number) => number): number =>
    Math.sqrt(Math.max(0, mean((i) => value(i) ** 2) - mean(value) ** 2));
  return [mean(column), mean(row), spread(column), spread(row)];
}

/** Where a pixel lies across, as a share of the side. */
function column(i: number): number {
  return ((i % SIDE_PX) + 0.5) / SIDE_PX;
}

/** Where a pixel lies down. */
function row(i: number): number {
  return (Math.floor(i / SIDE_PX) + 0.5) / SIDE_PX;
}
