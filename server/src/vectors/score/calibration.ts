import type { CalibrationKnots } from '../vector-index.ts';

/** Scores are answered, compared and ordered at four decimals. */
const DECIMALS = 10_000;
const HALF_STEP = 0.5 / DECIMALS;

/** Wider than any rounding on the way from a cosine to its score and back. */
const MARGIN = 1e-7;

/**
 * Turns cosines into scores: linear between the knots, constant outside them, cut to 0–1 and
 * rounded to four decimals. It never falls where the cosine rises.
 */
export class Calibration {
  readonly #knots: CalibrationKnots;

  /** @throws RangeError if there is no knot, or if they are not strictly increasing. */
  constructor(knots: CalibrationKnots) {
    if (knots.length === 0) throw new RangeError('"calibration" must have a knot');
    for (const [i, [cosine, score]] of knots.entries()) {
      const before = knots[i - 1];
      if (before !== undefined && !(before[0] < cosine && before[1] < score))
        throw new RangeError('"calibration" must be strictly increasing');
    }
    this.#knots = knots;
  }

  /** The score of a cosine, as it is answered. */
  scoreOf(cosine: number): number {
    const score = Math.min(1, Math.max(0, this.#interpolate(cosine)));
    return Math.round(score * DECIMALS) / DECIMALS;
  }

  /**
   * A cosine below which every score is less than `score`, and hardly above which all are at least
   * that: between it and {@link ceilingOf} one has to look.
   */
  floorOf(score: number): number {
    return score <= 0 ? Number.NEGATIVE_INFINITY : this.#invert(score - HALF_STEP - 1e-9) - MARGIN;
  }

  /** The cosine of a score before it is rounded; that of the nearest knot for one outside the knots. */
  cosineAt(score: number): number {
    const [least, most] = [this.#knots[0]?.[0] ?? 0, this.#knots.at(-1)?.[0] ?? 0];
    return Math.min(most, Math.max(least, this.#invert(score)));
  }

  /** A cosine from which on every score is at least `score`. */
  ceilingOf(score: number): number {
    return score <= 0 ? Number.NEGATIVE_INFINITY : this.#invert(score - HALF_STEP + 1e-9) + MARGIN;
  }

  #interpolate(cosine: number): number {
    let [left, low] = this.#knots[0] ?? [0, 0];
    if (cosine <= left) return low;
    for (const [right, high] of this.#knots) {
      if (cosine <= right) {
        const score = low + (cosine - left) * ((high - low) / (right - left));
        return score < high ? score : high;
      }
      left = right;
      low = high;
    }
    return low;
  }

  #invert(score: number): number {
    let [left, low] = this.#knots[0] ?? [0, 0];
    if (score <= low) return Number.NEGATIVE_INFINITY;
    for (const [right, high] of this.#knots) {
      if (score <= high) return left + (score - low) * ((right - left) / (high - low));
      left = right;
      low = high;
    }
    return Number.POSITIVE_INFINITY;
  }
}
