import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { TextEmbedder } from '../../src/vision/text/text-embedder.ts';
import type { TextAnalysis } from '../../src/vision/vision.ts';

/** Texts that show an embedder what it knows, and what it does not. */
export interface ContractTexts {
  /** A text that it knows, written in several ways that mean the same to it. */
  readonly same: readonly [string, ...string[]];
  /** Another one that it knows, and places elsewhere. */
  readonly other: string;
  /** Words that it does not know. */
  readonly unknown: readonly string[];
}

function vectorOf(analysis: TextAnalysis): Float32Array {
  if (analysis.kind === 'unknown') throw new Error(`unknown: ${analysis.unknownWords.join(' ')}`);
  return analysis.vector;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);
}

/** What every {@link TextEmbedder} does. */
export function describeTextEmbedder(
  name: string,
  texts: ContractTexts,
  open: () => Promise<TextEmbedder>,
): void {
  describe(`${name} as a TextEmbedder`, () => {
    let embedder: TextEmbedder;
    beforeAll(async () => {
      embedder = await open();
    });
    afterAll(() => embedder.close());

    test('gives vectors of unit length, for long texts too', async () => {
      const long = Array.from({ length: 200 }, () => texts.same[0]).join(' ');
      for (const text of [...texts.same, texts.other, long]) {
        const vector = vectorOf(await embedder.embed(text));
        expect(vector).toHaveLength(embedder.dims);
        expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      }
    });

    test('gives the same bits for texts that are written differently and mean the same', async () => {
      const [first, ...rest] = texts.same;
      const vector = vectorOf(await embedder.embed(first));
      await embedder.embed(texts.other);
      for (const text of [...rest, `  ${first}\t\n`, first.toUpperCase()]) {
        expect([...vectorOf(await embedder.embed(text))]).toEqual([...vector]);
      }
    });

    test('tells texts apart', async () => {
      const [a, b] = [await embedder.embed(texts.same[0]), await embedder.embed(texts.other)];
      expect(cosine(vectorOf(a), vectorOf(b))).toBeLessThan(0.9);
    });

    test('says what it knows wholly', async () => {
      expect(await embedder.embed(texts.other)).toMatchObject({
        kind: 'placed',
        knownShare: 1,
        unknownWords: [],
      });
    });

    test('cannot place what it does not know, and names it', async () => {
      const analysis = await embedder.embed(texts.unknown.join(' '));
      expect(analysis.kind).toBe('unknown');
      expect(analysis.knownShare).toBeLessThan(1);
      expect(analysis.unknownWords).toEqual(texts.unknown);
    });

    test.each(['', ' ', '\u3000', '!?', '…'])(
      'cannot place %j, which has no word',
      async (text) => {
        expect(await embedder.embed(text)).toMatchObject({ kind: 'unknown' });
      },
    );
  });
}
