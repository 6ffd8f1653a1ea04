import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { decodePicture } from '../../src/vision/decode/decode-picture.ts';
import type { Pixels } from '../../src/vision/decode/pixels.ts';
import { PackEmbedder } from '../../src/vision/embed/pack-embedder.ts';
import { PackGraphs } from '../../src/vision/embed/pack-graphs.ts';
import { toPixelTensor } from '../../src/vision/embed/pixel-tensor.ts';
import { loadPack } from '../../src/vision/pack/load-pack.ts';
import type { PixelInput } from '../../src/vision/pack/pack-schema.ts';
import { EMBEDDED_PACK } from '../support/model-packs.ts';

/** Written by server/training/pack/reference.py; its README says what is in it. */
const REFERENCE = new URL('../fixtures/pack-parity/', import.meta.url);
const PICTURES = new URL('../../../examples/catalogue/pictures/', import.meta.url);
const LIMITS = { maxBytes: 4e6, minSidePx: 1, maxSidePx: 8192, orientation: 'apply' } as const;
const TOP = 10;

interface Reference {
  readonly dims: number;
  readonly files: Readonly<Record<string, unknown>>;
  readonly views: readonly {
    readonly picture: string;
    readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
    readonly inputSha256: string;
  }[];
}

/** A view as this server sees it. */
interface Seen {
  readonly inputSha256: string;
  readonly vector: Float32Array;
}

let reference: Reference;
/** Of the same pixels as ours, then of pixels that another library decoded and resized. */
let python: { readonly samePixels: Float32Array[]; readonly sameFile: Float32Array[] };
let seen: Seen[];
let closing: () => Promise<void>;

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The views most like one of them. */
function nearest(vectors: readonly Float32Array[], query: number): ReadonlySet<number> {
  const [own = new Float32Array()] = [vectors[query]];
  const ranked = vectors
    .map((vector, view) => ({ view, score: view === query ? -Infinity : cosine(own, vector) }))
    .toSorted((a, b) => b.score - a.score);
  return new Set(ranked.slice(0, TOP).map(({ view }) => view));
}

async function readVectors(dims: number): Promise<Float32Array[]> {
  const { buffer } = Uint8Array.from(await readFile(new URL('vectors.f32', REFERENCE)));
  const all = new Float32Array(buffer);
  return Array.from({ length: all.length / dims }, (_, i) => all.slice(i * dims, (i + 1) * dims));
}

async function decode(name: string): Promise<Pixels> {
  const picture = await readFile(new URL(name, PICTURES));
  const framing = { kind: 'whole' } as const;
  return (await decodePicture({ picture, framing, limits: LIMITS })).pixels;
}

async function see(
  { picture, box: [x1, y1, x2, y2] }: Reference['views'][number],
  input: PixelInput,
  embedder: PackEmbedder,
): Promise<Seen> {
  const pixels = await decode(picture);
  const box = { x1, y1, x2, y2 };
  const { data } = await toPixelTensor(pixels, box, input);
  const { vector } = await embedder.embed(pixels, box);
  return { inputSha256: createHash('sha256').update(data).digest('hex'), vector };
}

describe(`Node and Python see the same in ${fileURLToPath(PICTURES)}`, () => {
  beforeAll(async () => {
    const text = await readFile(new URL('reference.json', REFERENCE), 'utf8');
    reference = JSON.parse(text) as Reference;
    const vectors = await readVectors(reference.dims);
    const count = reference.views.length;
    python = { samePixels: vectors.slice(0, count), sameFile: vectors.slice(count) };
    const pack = await loadPack(EMBEDDED_PACK);
    const graphs = await PackGraphs.load(pack);
    const embedder = await PackEmbedder.load(pack, graphs);
    closing = () => graphs.close();
    const [part] = pack.manifest.picture.parts;
    if (part === undefined) throw new Error('the pack has no picture part');
    seen = [];
    for (const view of reference.views) seen.push(await see(view, part.input, embedder));
  });
  afterAll(() => closing());

  test('the reference is of this pack', async () => {
    const { manifest } = await loadPack(EMBEDDED_PACK);
    const used = new Set(manifest.picture.parts.map(({ file }) => file));
    for (const file of used)
      expect([file, reference.files[file]]).toEqual([file, manifest.files[file]]);
    expect(reference.dims).toBe(manifest.dims);
    expect(reference.views.length).toBeGreaterThanOrEqual(50);
    expect(python.sameFile).toHaveLength(reference.views.length);
  });

  test('from the same pixels: the same vectors', () => {
    const same = seen.flatMap(({ inputSha256, vector }, i) =>
      inputSha256 === reference.views[i]?.inputSha256
        ? [cosine(vector, python.samePixels[i] ?? vector)]
        : [],
    );
    console.log(
      `${same.length} of ${seen.length} inputs equal, cosine ${Math.min(...same)} at least`,
    );
    expect(same.length).toBeGreaterThanOrEqual(50);
    expect(Math.min(...same)).toBeGreaterThanOrEqual(0.9999);
  });

  test('from the same file: nearly the same vectors and neighbours', () => {
    const cosines = seen.map(({ vector }, i) => cosine(vector, python.sameFile[i] ?? vector));
    const ours = seen.map(({ vector }) => vector);
    const common = ours.map((_, i) => {
      const theirs = nearest(python.sameFile, i);
      return [...nearest(ours, i)].filter((view) => theirs.has(view)).length;
    });
    console.log(
      `cosine ${mean(cosines)} on average, ${mean(common)} of ${TOP} neighbours in common`,
    );
    expect(mean(cosines)).toBeGreaterThanOrEqual(0.995);
    expect(mean(common)).toBeGreaterThanOrEqual(9);
  });
});
