import { snap } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** Share of each side that the middle box covers. */
const MIDDLE_SHARE = 0.84;

/** What a picture without a plain background is most likely of: its middle. */
export class SceneFinder implements SubjectFinder {
  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const margin = (1 - MIDDLE_SHARE) / 2;
    const box = snap(
      {
        x1: pixels.widthPx * margin,
        y1: pixels.heightPx * margin,
        x2: pixels.widthPx * (1 - margin),
        y2: pixels.heightPx * (1 - margin),
      },
      pixels,
    );
    return [{ box, confidence: 0 }];
  }

  async close(): Promise<void> {}
}
