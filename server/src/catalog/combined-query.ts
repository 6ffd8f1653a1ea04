import { Calibration } from '../vectors/score/calibration.ts';
import type { CalibrationKnots } from '../vectors/vector-index.ts';

/** A vector that a search is by, how its cosines score, and how much it counts. */
export interface QueryPart {
  /** Unit length. */
  readonly vector: Float32Array;
  readonly calibration: CalibrationKnots;
  readonly weight: number;
}

/** What the cosines of two parts are brought to one scale by: those of the nearly same and of the unrelated. */
const HIGH_SCORE = 0.9;
const LOW_SCORE = 0.5;

/**
 * One vector for several, with a calibration of its own: a row that would score `s` by each part alone scores `s` by
 * all together, and between such rows the score is linear in the weighted sum of the parts' cosines. Each cosine
 * counts by its part's weight over the span in which that part tells apart, for texts' cosines lie closer together
 * than pictures'.
 */
export function combineQueries(
  parts: readonly QueryPart[],
): Pick<QueryPart, 'vector' | 'calibration'> {
  const terms = parts.map(({ vector, calibration: knots, weight }) => {
    const calibration = new Calibration(knots);
    const span = calibration.cosineAt(HIGH_SCORE) - calibration.cosineAt(LOW_SCORE);
    return { vector, calibration, factor: weight / span };
  });
  const sum = (value: (term: (typeof terms)[number]) => number): number =>
    terms.reduce((total, term) => total + term.factor * value(term), 0);
  const whole = Float64Array.from(parts[0]?.vector ?? [], (_, i) =>
    sum(({ vector }) => vector[i] ?? 0),
  );
  const norm = Math.hypot(...whole);
  const scores = new Set(parts.flatMap(({ calibration }) => calibration.map(([, score]) => score)));
  return {
    vector: Float32Array.from(whole, (value) => value / norm),
    calibration: [...scores]
      .toSorted((a, b) => a - b)
      .map((score) => [sum(({ calibration }) => calibration.cosineAt(score)) / norm, score]),
  };
}
