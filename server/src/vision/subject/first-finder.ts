import { overlap } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** Intersection over union from which two finders see the same thing. */
const MIN_AGREEMENT = 0.5;

/**
 * Asks a rule first. What the rule is in doubt about stands where the other finder sees the same, or nothing;
 * what the rule does not find is the other's to find.
 */
export class FirstFinder implements SubjectFinder {
  readonly #rule: SubjectFinder;
  readonly #other: SubjectFinder;

  constructor(rule: SubjectFinder, other: SubjectFinder) {
    this.#rule = rule;
    this.#other = other;
  }

  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const ruled = await this.#rule.find(pixels);
    const [subject] = ruled;
    if (subject !== undefined && !subject.isDoubtful) return ruled;
    const seen = await this.#other.find(pixels);
    return subject === undefined || contradicts(seen[0], subject) ? seen : ruled;
  }
}

function contradicts(seen: Subject | undefined, subject: Subject): boolean {
  return seen !== undefined && !seen.isGuess && overlap(seen.box, subject.box) < MIN_AGREEMENT;
}
