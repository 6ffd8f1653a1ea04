import type { Pixels } from '../decode/pixels.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** Asks one finder after the other until one finds something. */
export class FirstFinder implements SubjectFinder {
  readonly #finders: readonly SubjectFinder[];

  constructor(finders: readonly SubjectFinder[]) {
    this.#finders = finders;
  }

  async find(pixels: Pixels): Promise<readonly Subject[]> {
    for (const finder of this.#finders) {
      const found = await finder.find(pixels);
      if (found.length > 0) return found;
    }
    return [];
  }
}
