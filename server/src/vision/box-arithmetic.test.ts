import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { areaOf, overlap, rescale, snap, wholeBox } from './box-arithmetic.ts';
import { embeddingWindow } from './embed/embedding-window.ts';
import type { Box } from './vision.ts';

const size = fc.record({
  widthPx: fc.integer({ min: 1, max: 5000 }),
  heightPx: fc.integer({ min: 1, max: 5000 }),
});
const edges = fc.tuple(...[1, 2, 3, 4].map(() => fc.double({ min: -100, max: 6000, noNaN: true })));

function isInside(box: Box, picture: { widthPx: number; heightPx: number }): boolean {
  return (
    [box.x1, box.y1, box.x2, box.y2].every(Number.isInteger) &&
    box.x1 >= 0 &&
    box.y1 >= 0 &&
    box.x1 < box.x2 &&
    box.y1 < box.y2 &&
    box.x2 <= picture.widthPx &&
    box.y2 <= picture.heightPx
  );
}

describe('boxes', () => {
  test('snap, rescale and embeddingWindow stay inside the picture and hold a pixel', () => {
    fc.assert(
      fc.property(size, size, edges, (picture, other, [x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => {
        const box = snap({ x1, y1, x2, y2 }, picture);
        expect(isInside(box, picture)).toBe(true);
        expect(isInside(rescale(box, picture, other), other)).toBe(true);
        for (const aspect of ['box', 'picture'] as const) {
          const window = embeddingWindow(box, { scale: 1.1, aspect, wholeWeight: 0 }, picture);
          expect(isInside(window, picture)).toBe(true);
        }
      }),
      { seed: 20_261_121 },
    );
  });

  test('overlap is 1 for the same box, 0 for boxes that only touch', () => {
    const box = { x1: 2, y1: 3, x2: 7, y2: 9 };
    expect(overlap(box, box)).toBe(1);
    expect(overlap(box, { x1: 7, y1: 3, x2: 9, y2: 9 })).toBe(0);
    expect(overlap(box, { x1: 2, y1: 3, x2: 7, y2: 6 })).toBe(0.5);
    expect(areaOf(box)).toBe(30);
  });
});

describe('embeddingWindow', () => {
  const picture = { widthPx: 200, heightPx: 100 };
  const box = { x1: 80, y1: 20, x2: 100, y2: 70 };

  test('enlarges the box about its middle', () => {
    expect(embeddingWindow(box, { scale: 1.2, aspect: 'box', wholeWeight: 0 }, picture)).toEqual({
      x1: 78,
      y1: 15,
      x2: 102,
      y2: 75,
    });
  });

  test('takes the aspect of the picture', () => {
    const window = { scale: 1, aspect: 'picture', wholeWeight: 0 } as const;
    expect(embeddingWindow(box, window, picture)).toEqual({ x1: 40, y1: 20, x2: 140, y2: 70 });
  });

  test('moves inwards at the edge of the picture, and is never larger than it', () => {
    const window = { scale: 1.5, aspect: 'picture', wholeWeight: 0 } as const;
    const corner = { x1: 0, y1: 0, x2: 40, y2: 20 };
    expect(embeddingWindow(corner, window, picture)).toEqual({ x1: 0, y1: 0, x2: 60, y2: 30 });
    expect(embeddingWindow(wholeBox(picture), window, picture)).toEqual(wholeBox(picture));
  });
});
