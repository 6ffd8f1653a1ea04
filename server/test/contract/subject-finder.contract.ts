import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Pixels } from '../../src/vision/decode/pixels.ts';
import { MAX_SUBJECTS } from '../../src/vision/limits.ts';
import type { SubjectFinder } from '../../src/vision/subject/subject-finder.ts';

/** A field of one colour with rectangles of others, drawn pixel by pixel. */
function arbitraryScene(): fc.Arbitrary<Pixels> {
  const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
  const rectangle = fc.record({
    colour,
    x: fc.nat(99),
    y: fc.nat(99),
    w: fc.nat(60),
    h: fc.nat(60),
  });
  return fc
    .record({
      widthPx: fc.integer({ min: 1, max: 100 }),
      heightPx: fc.integer({ min: 1, max: 100 }),
      field: colour,
      rectangles: fc.array(rectangle, { maxLength: 12 }),
    })
    .map(({ widthPx, heightPx, field, rectangles }) => {
      const data = new Uint8Array(widthPx * heightPx * 3);
      for (let i = 0; i < widthPx * heightPx; i += 1) {
        const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
        const over = rectangles.findLast(
          (r) => x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h,
        );
        data.set(over?.colour ?? field, i * 3);
      }
      return { widthPx, heightPx, data };
    });
}

/** What every `SubjectFinder` must do. */
export function describeSubjectFinder(name: string, open: () => Promise<SubjectFinder>): void {
  describe(`${name} as a SubjectFinder`, () => {
    let finder: SubjectFinder;
    beforeAll(async () => {
      finder = await open();
    });

    test('gives a few boxes inside the picture, the same each time', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryScene(), async (pixels) => {
          const subjects = await finder.find(pixels);
          expect(subjects.length).toBeLessThanOrEqual(MAX_SUBJECTS);
          for (const { box, confidence } of subjects) {
            expect([box.x1, box.y1, box.x2, box.y2].every(Number.isInteger)).toBe(true);
            expect(box.x1).toBeGreaterThanOrEqual(0);
            expect(box.y1).toBeGreaterThanOrEqual(0);
            expect(box.x2).toBeGreaterThan(box.x1);
            expect(box.y2).toBeGreaterThan(box.y1);
            expect(box.x2).toBeLessThanOrEqual(pixels.widthPx);
            expect(box.y2).toBeLessThanOrEqual(pixels.heightPx);
            expect(confidence >= 0 && confidence <= 1).toBe(true);
          }
          expect(await finder.find({ ...pixels, data: pixels.data.slice() })).toEqual(subjects);
        }),
        { seed: 20_261_121, numRuns: 60 },
      );
    });
  });
}
