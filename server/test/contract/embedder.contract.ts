import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pixels } from '../../src/vision/decode/pixels.ts';
import type { Embedder } from '../../src/vision/embed/embedder.ts';
import { quarterPixels } from '../support/drawn-pictures.ts';

const SIDE = 96;
const WHOLE = { x1: 0, y1: 0, x2: SIDE, y2: SIDE };

function pixelsOf(data: Uint8Array): Pixels {
  return { widthPx: SIDE, heightPx: SIDE, data };
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

/** What every `Embedder` must do. */
export function describeEmbedder(name: string, open: () => Promise<Embedder>): void {
  describe(`${name} as an Embedder`, () => {
    let embedder: Embedder;
    const quarters = pixelsOf(quarterPixels(SIDE));
    beforeAll(async () => {
      embedder = await open();
    });
    afterAll(() => embedder.close());

    test.each<[string, Uint8Array]>([
      ['a picture', quarters.data],
      ['black', new Uint8Array(SIDE * SIDE * 3)],
      ['white', new Uint8Array(SIDE * SIDE * 3).fill(255)],
    ])('gives a vector of unit length for %s', async (_, data) => {
      const { vector } = await embedder.embed(pixelsOf(data), WHOLE);
      expect(vector).toHaveLength(embedder.dims);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    });

    test('gives the same bits for the same pixels', async () => {
      const first = await embedder.embed(quarters, WHOLE);
      await embedder.embed(pixelsOf(quarters.data.toReversed()), WHOLE);
      const again = await embedder.embed(pixelsOf(quarters.data.slice()), WHOLE);
      expect(Buffer.from(again.vector.buffer).equals(Buffer.from(first.vector.buffer))).toBe(true);
    });

    test('looks at the box alone', async () => {
      const box = { x1: 8, y1: 8, x2: 40, y2: 40 };
      const red = await embedder.embed(quarters, box);
      const elsewhere = quarters.data.slice();
      elsewhere.fill(7, 60 * SIDE * 3);
      const same = await embedder.embed(pixelsOf(elsewhere), box);
      const green = await embedder.embed(quarters, { x1: 56, y1: 8, x2: 88, y2: 40 });
      expect(cosine(red.vector, same.vector)).toBeCloseTo(1, 6);
      expect(cosine(red.vector, green.vector)).toBeLessThan(0.9);
    });

    test('takes boxes of one pixel and of any aspect', async () => {
      for (const box of [
        { x1: 5, y1: 5, x2: 6, y2: 6 },
        { x1: 0, y1: 50, x2: SIDE, y2: 51 },
        { x1: 50, y1: 0, x2: 51, y2: SIDE },
      ]) {
        const { vector } = await embedder.embed(quarters, box);
        expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      }
    });

    test('sorts its categories, whose confidences sum to 1 where there are any', async () => {
      const { categories } = await embedder.embed(quarters, WHOLE);
      const confidences = categories.map(({ confidence }) => confidence);
      expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
      const sum = confidences.reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(categories.length === 0 ? 0 : 1, 5);
    });
  });
}
