import { describe, expect, test } from '@jest/globals';

import { PackError } from '../../src/vision/pack/load-pack.ts';
import { PackTextEmbedder } from '../../src/vision/text/pack-text-embedder.ts';
import type { TextEmbedder } from '../../src/vision/text/text-embedder.ts';
import type { TextAnalysis } from '../../src/vision/vision.ts';
import { describeTextEmbedder } from '../contract/text-embedder.contract.ts';
import { loadTextPack, type TextPackOptions } from '../support/text-pack.ts';

async function openEmbedder(options?: TextPackOptions): Promise<TextEmbedder> {
  const embedder = await PackTextEmbedder.load(await loadTextPack(options));
  if (embedder === undefined) throw new Error('the pack has no text');
  return embedder;
}

async function embed(text: string, options?: TextPackOptions): Promise<TextAnalysis> {
  const embedder = await openEmbedder(options);
  const analysis = await embedder.embed(text);
  await embedder.close();
  return analysis;
}

const TEXTS = {
  same: ['red 運動鞋', 'Red运动鞋', 'ＲＥＤ　运动鞋'],
  other: 'blue T-shirts',
  unknown: ['zebra', '恐龙', 'xyz'],
} as const;

describeTextEmbedder('PackTextEmbedder over the whole vector', TEXTS, () => openEmbedder());
describeTextEmbedder('PackTextEmbedder over a part', TEXTS, () =>
  openEmbedder({ weights: [1, 1], text: { part: 1 } }),
);

describe('a text part', () => {
  test.each<[string, TextPackOptions, readonly number[]]>([
    ['all of the vector', {}, [1, -1, -1]],
    ['its own part', { weights: [1, 2], text: { part: 0 } }, [1, -1, -1, 0, 0, 0]],
    [
      'a part in the middle',
      { weights: [1, 2, 3], text: { part: 1 } },
      [0, 0, 0, 1, -1, -1, 0, 0, 0],
    ],
  ])('is %s, and nothing elsewhere', async (_, options, direction) => {
    const expected = direction.map((value) => expect.closeTo(value / Math.sqrt(3), 6));
    const analysis = await embed('red', options);
    expect(analysis.kind === 'placed' && [...analysis.vector]).toEqual(expected);
  });

  test('tells how much of a text it knows, and takes no less than the pack wants', async () => {
    const half = { knownShare: 0.5, unknownWords: ['zebra'] };
    expect(await embed('red zebra')).toMatchObject({ kind: 'placed', ...half });
    const strict = { text: { minKnown: 0.6 } };
    expect(await embed('red zebra', strict)).toEqual({ kind: 'unknown', ...half });
    const lenient = { text: { minKnown: 0 } };
    expect(await embed('red zebra zebra yak', lenient)).toMatchObject({
      kind: 'placed',
      knownShare: 0.25,
      unknownWords: ['zebra', 'yak'],
    });
    expect(await embed('zebra', lenient)).toMatchObject({ kind: 'unknown', knownShare: 0 });
  });

  test('reads the beginning of a text that is too long', async () => {
    // Six of its own tokens go into eight: the ends are marked.
    const cut = await embed('blue shoe shoe shoe shoe shoe red red red');
    expect(cut).toEqual(await embed('blue'));
  });

  test('leaves traditional characters alone unless the pack says otherwise', async () => {
    expect(await embed('運動鞋', { text: { simplified: false } })).toMatchObject({
      kind: 'unknown',
      unknownWords: ['運動'],
    });
  });

  test.each<[string, TextPackOptions, RegExp]>([
    ['a part that is not there', { text: { part: 1 } }, /there is no picture part 1/],
    ['no calibration of its own', { isCalibrated: false }, /text needs calibration\.text/],
    ['no language', { languages: [] }, /text needs at least one of languages/],
    ['a share above 1', { text: { minKnown: 1.1 } }, /minKnown/],
    ['a graph of other dimensions', { weights: [1, 1] }, /"words.onnx" gave 3 dimensions, not 6/],
    ['a tokenizer that is none', { text: { tokenizer: 'words.onnx' } }, /"words.onnx" is no tok/],
  ])('refuses %s', async (_, options, message) => {
    const opening = openEmbedder(options);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toBeInstanceOf(PackError);
  });

  test('is not there in a pack without text', async () => {
    const pack = await loadTextPack();
    const { text, ...manifest } = pack.manifest;
    expect(text).toBeDefined();
    expect(await PackTextEmbedder.load({ ...pack, manifest })).toBeUndefined();
  });
});
