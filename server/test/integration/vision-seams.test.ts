import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { PackEmbedder } from '../../src/vision/embed/pack-embedder.ts';
import { PackGraphs } from '../../src/vision/embed/pack-graphs.ts';
import { fingerprintOf, loadPack, type ModelPack } from '../../src/vision/pack/load-pack.ts';
import type { PackManifest, PicturePart, WindowSpec } from '../../src/vision/pack/pack-schema.ts';
import { createSubjectFinder } from '../../src/vision/subject/create-subject-finder.ts';
import { DetectorFinder } from '../../src/vision/subject/detector-finder.ts';
import { PlainBackgroundFinder } from '../../src/vision/subject/plain-background-finder.ts';
import { SceneFinder } from '../../src/vision/subject/scene-finder.ts';
import type { SubjectFinder } from '../../src/vision/subject/subject-finder.ts';
import { describeEmbedder } from '../contract/embedder.contract.ts';
import { describeSubjectFinder } from '../contract/subject-finder.contract.ts';
import { quarterPixels } from '../support/drawn-pictures.ts';
import { alterPack, EMBEDDED_PACK, type Draft } from '../support/model-packs.ts';

const DETECTOR = {
  file: 'detector.onnx',
  input: {
    name: 'pixels',
    widthPx: 32,
    heightPx: 32,
    type: 'float32',
    layout: 'nchw',
    channels: 'bgr',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    resize: { mode: 'letterbox', kernel: 'linear', fill: [114, 114, 114] },
  },
  boxes: 'boxes',
  scores: 'scores',
  minScore: 0.3,
  areaPower: 0.1 as number,
  maxOverlap: 0.7,
} as const;

const WHOLE_WINDOW: WindowSpec = { scale: 4, aspect: 'picture', wholeWeight: 0 };

function graph(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../support/graphs/${name}.onnx`, import.meta.url));
}

/** A pack of two parts, a category head of its own and a detector, as a trained one would have. */
async function fullPack(): Promise<ModelPack> {
  const folder = await alterPack(
    (manifest: Draft) => {
      const [part] = manifest.picture.parts as [PicturePart];
      const letterboxed: PicturePart = {
        ...part,
        weight: 0.5,
        input: { ...part.input, resize: { mode: 'letterbox', kernel: 'lanczos3' } },
      };
      const source = { kind: 'graph', file: 'categories.onnx', input: 'vector', output: 'logits' };
      return {
        ...manifest,
        dims: part.dims * 2,
        picture: { parts: [part, letterboxed] },
        categories: { source, ids: [3, 5, 88_888_888], temperature: 1 },
        subject: { ...manifest.subject, detector: DETECTOR },
      };
    },
    { 'detector.onnx': await graph('detector'), 'categories.onnx': await graph('categories') },
  );
  return loadPack(folder);
}

async function detector(
  found?: WindowSpec,
  areaPower = DETECTOR.areaPower,
): Promise<DetectorFinder> {
  const pack = await fullPack();
  const { subject } = pack.manifest;
  const spec = subject.detector && { ...subject.detector, areaPower };
  const manifest = {
    ...pack.manifest,
    subject: { ...subject, detector: spec, found: found ?? subject.found },
  };
  const finder = DetectorFinder.of(manifest, await PackGraphs.load(pack));
  if (finder === undefined) throw new Error('no detector');
  return finder;
}

async function embedderOf(pack: ModelPack): Promise<PackEmbedder> {
  return PackEmbedder.load(pack, await PackGraphs.load(pack));
}

async function finderOf(pack: ModelPack): Promise<SubjectFinder> {
  return createSubjectFinder(pack.manifest, await PackGraphs.load(pack));
}

describeEmbedder('PackEmbedder of the embedded pack', async () =>
  embedderOf(await loadPack(EMBEDDED_PACK)),
);
describeEmbedder('PackEmbedder of two parts and a category head', async () =>
  embedderOf(await fullPack()),
);
describeSubjectFinder('PlainBackgroundFinder', async () => new PlainBackgroundFinder());
describeSubjectFinder('SceneFinder', async () => new SceneFinder());
describeSubjectFinder('DetectorFinder', () => detector());
describeSubjectFinder('the finder of a pack', async () => finderOf(await loadPack(EMBEDDED_PACK)));

describe('a pack with everything', () => {
  const pixels = { widthPx: 64, heightPx: 32, data: quarterPixels(64).subarray(0, 64 * 32 * 3) };

  test('tells categories best first, calibrated by its temperature', async () => {
    const embedder = await embedderOf(await fullPack());
    const { categories } = await embedder.embed(pixels, { x1: 0, y1: 0, x2: 64, y2: 32 });
    const powers = [Math.exp(2), Math.exp(1), 1];
    const sum = powers.reduce((total, value) => total + value, 0);
    expect(categories.map(({ id }) => id)).toEqual([5, 88_888_888, 3]);
    for (const [i, power] of powers.entries()) {
      expect(categories[i]?.confidence).toBeCloseTo(power / sum, 5);
    }
    await embedder.close();
  });

  test('weighs its parts', async () => {
    const pack = await fullPack();
    const embedder = await embedderOf(pack);
    const { vector } = await embedder.embed(pixels, { x1: 0, y1: 0, x2: 64, y2: 32 });
    const half = vector.length / 2;
    const ratio = Math.hypot(...vector.subarray(0, half)) / Math.hypot(...vector.subarray(half));
    expect(ratio).toBeCloseTo(2, 4);
    await embedder.close();
  });

  test('tells boxes in pixels of the picture, without near-duplicates', async () => {
    const finder = await detector(WHOLE_WINDOW);
    const found = await finder.find(pixels);
    // The window is the whole picture: it is looked at once.
    // The input is 32 × 32 with the picture in the middle, 32 × 16: shares .25–.75 down are all of it.
    expect(found.map(({ box }) => box)).toEqual([
      { x1: 16, y1: 0, x2: 49, y2: 32 },
      { x1: 51, y1: 9, x2: 61, y2: 23 },
    ]);
  });

  test('ranks by score alone where the pack does not weigh areas', async () => {
    const [best] = await (await detector(WHOLE_WINDOW, 0)).find(pixels);
    expect(best?.box).toEqual({ x1: 51, y1: 9, x2: 61, y2: 23 });
  });

  test('looks again at what it saw first, and remembers where that was', async () => {
    const finder = await detector({ scale: 1, aspect: 'box', wholeWeight: 0 });
    const [best, ...others] = await finder.find(pixels);
    const firstBox = { x1: 16, y1: 0, x2: 49, y2: 32 };
    // The graph says the same of every picture: the box of the window of the box.
    expect(best).toMatchObject({ firstBox, box: { x1: 24, y1: 8, x2: 42, y2: 25 } });
    expect(others.map(({ box }) => box)).toEqual([firstBox, { x1: 51, y1: 9, x2: 61, y2: 23 }]);
  });
});

describe('fingerprintOf', () => {
  test('tells packs apart that make other vectors, and no others', async () => {
    const { manifest, fingerprint } = await loadPack(EMBEDDED_PACK);
    const { subject, files } = manifest;
    const [part] = manifest.picture.parts as [PicturePart];
    const reordered = Object.fromEntries(Object.entries(manifest).toReversed()) as PackManifest;
    const picture = [
      [-1, 0],
      [0.3, 0.5],
      [1, 1],
    ] as [number, number][];
    const same = [reordered, { ...manifest, version: '9.9.9', calibration: { picture } }];
    const others = [
      { ...manifest, subject: { ...subject, found: { ...subject.found, scale: 1.25 } } },
      { ...manifest, files: { ...files, [part.file]: { sha256: 'f'.repeat(64) } } },
    ];
    expect(same.map(fingerprintOf)).toEqual([fingerprint, fingerprint]);
    for (const other of others) expect(fingerprintOf(other)).not.toBe(fingerprint);
  });
});
