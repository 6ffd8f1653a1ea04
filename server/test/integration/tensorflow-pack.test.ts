import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createVision } from '../../src/vision/create-vision.ts';
import { PackEmbedder } from '../../src/vision/embed/pack-embedder.ts';
import { PackGraphs } from '../../src/vision/embed/pack-graphs.ts';
import { requireTensorflow } from '../../src/vision/embed/tensorflow.ts';
import { fingerprintOf, loadPack } from '../../src/vision/pack/load-pack.ts';
import type { Vision } from '../../src/vision/vision.ts';
import { describeEmbedder } from '../contract/embedder.contract.ts';
import { tensorflowPack } from '../support/tensorflow-pack.ts';
import { drawTexture } from '../support/textured-picture.ts';

const LIMITS = { maxBytes: 1e6, minSidePx: 16, maxSidePx: 4096, orientation: 'refuse' } as const;

let folder: string;
beforeAll(async () => {
  folder = await tensorflowPack();
});

describeEmbedder('PackEmbedder of a TensorFlow.js pack', async () => {
  const pack = await loadPack(await tensorflowPack());
  return PackEmbedder.load(pack, await PackGraphs.load(pack));
});

describe('a pack that TensorFlow.js runs', () => {
  let vision: Vision;
  beforeAll(async () => {
    vision = await createVision({ packFolder: folder, workers: 1 });
  }, 60_000);
  afterAll(() => vision?.close());

  test('looks at pictures in a vision process, categories and all', async () => {
    const look = async (seed: number) =>
      vision.analyze({
        picture: await drawTexture(seed),
        framing: { kind: 'subject' },
        limits: LIMITS,
      });
    const [one, same, other] = [await look(1), await look(1), await look(2)];
    expect(one.vector).toHaveLength(vision.pack.dims);
    expect([...same.vector]).toEqual([...one.vector]);
    expect([...other.vector]).not.toEqual([...one.vector]);
    expect(one.categories.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([
      3, 5, 88_888_888,
    ]);
  });
});

test('other weights of the same graph are another fingerprint', async () => {
  const { manifest, fingerprint } = await loadPack(folder);
  const files = { ...manifest.files, 'weights.bin': { sha256: 'f'.repeat(64) } };
  expect(fingerprintOf({ ...manifest, files })).not.toBe(fingerprint);
});

describe('where TensorFlow.js is not installed', () => {
  test('the pack is refused with what to install', () => {
    expect(() => requireTensorflow(() => false)).toThrow(
      expect.objectContaining({
        code: 'UnusablePack',
        message: expect.stringContaining('npm install @tensorflow/tfjs'),
      }),
    );
  });

  test.each([
    [['@tensorflow/tfjs-node-gpu'], true],
    [['@tensorflow/tfjs-node'], true],
    [['@tensorflow/tfjs-core', '@tensorflow/tfjs-converter'], false],
    [
      ['@tensorflow/tfjs-core', '@tensorflow/tfjs-converter', '@tensorflow/tfjs-backend-wasm'],
      true,
    ],
  ])('%j is enough: %p', (installed, isEnough) => {
    const ask = (): void => requireTensorflow((name) => installed.includes(name));
    if (isEnough) expect(ask).not.toThrow();
    else expect(ask).toThrow();
  });
});

test('a file that is no graph model is named', async () => {
  const broken = await tensorflowPack();
  const manifest = JSON.parse(await readFile(join(broken, 'pack.json'), 'utf8')) as {
    readonly picture: { readonly parts: { file: string }[] };
  };
  for (const part of manifest.picture.parts) part.file = 'weights.bin';
  await writeFile(join(broken, 'pack.json'), JSON.stringify(manifest));
  const pack = await loadPack(broken);
  await expect(PackGraphs.load(pack)).rejects.toThrow('"weights.bin" is no graph model');
});
