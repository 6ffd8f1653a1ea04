import type { Pixels } from '../decode/pixels.ts';
import type { Box } from '../vision.ts';

/** A thing that the picture may be of. */
export interface Subject {
  readonly box: Box;
  /** Where it was seen at first, if that is not `box`: the window that is embedded is made of this. */
  readonly firstBox?: Box;
  /** 0–1, comparable within one finder only. */
  readonly confidence: number;
  /** Somewhere to look where nothing was seen; absent otherwise. */
  readonly isGuess?: true;
  /** Seen by a rule that may not hold in this picture; absent otherwise. */
  readonly isDoubtful?: true;
}

/**
 * Finds what a picture is of.
 *
 * Every implementation passes `test/contract/subject-finder.contract.ts`: boxes lie within the pixels
 * and hold at least one, the best comes first, at most `MAX_SUBJECTS`, the same pixels give the same boxes.
 */
export interface SubjectFinder {
  /** Subjects in pixels of `pixels`; empty when this finder cannot tell. */
  find(pixels: Pixels): Promise<readonly Subject[]>;
}
