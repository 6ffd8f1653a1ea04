import { createHash } from 'node:crypto';

import { alterPack, type Draft } from './model-packs.ts';

const SIDE_PX = 32;
const PATCH_PX = 4;
const FEATURES = 8;
const DIMS = 32;
const PATCHES = (SIDE_PX / PATCH_PX) ** 2;
const CATEGORIES = [3, 5, 88_888_888];

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: Float32Array | Int32Array;
}

/** A folder with a pack whose graph TensorFlow.js runs: patches, a rectifier, a vector and three categories of it. */
export function tensorflowPack(): Promise<string> {
  const weights = [
    noise('kernel', [PATCH_PX, PATCH_PX, 3, FEATURES]),
    { name: 'flat', shape: [2], dtype: 'int32', values: Int32Array.of(1, PATCHES * FEATURES) },
    noise('projection', [PATCHES * FEATURES, DIMS]),
    noise('head', [DIMS, CATEGORIES.length]),
  ] as const;
  const shard = Buffer.concat(weights.map(({ values }) => Buffer.from(values.buffer)));
  return alterPack(describePack, {
    'model.json': Buffer.from(JSON.stringify(describeModel(weights))),
    'weights.bin': shard,
  });
}

function describePack(manifest: Draft): unknown {
  const input = {
    name: 'pixels',
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    type: 'float32',
    layout: 'nhwc',
    channels: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
    resize: { mode: 'squash', kernel: 'cubic' },
  };
  const { text: _text, ...others } = manifest;
  const { detector: _detector, ...subject } = manifest.subject;
  return {
    ...others,
    runtime: 'tensorflow',
    dims: DIMS,
    picture: {
      parts: [{ file: 'model.json', input, output: 'vector', dims: DIMS, weight: 1 }],
    },
    categories: {
      source: { kind: 'part', part: 0, output: 'logits' },
      ids: CATEGORIES,
      temperature: 1,
    },
    subject,
    languages: [],
    calibration: { picture: manifest.calibration.picture },
  };
}

function describeModel(weights: readonly Weight[]): unknown {
  const shape = { dim: [1, SIDE_PX, SIDE_PX, 3].map((size) => ({ size: String(size) })) };
  const type = { T: { type: 'DT_FLOAT' } };
  const strides = { list: { i: ['1', String(PATCH_PX), String(PATCH_PX), '1'] } };
  const convolution = {
    ...type,
    strides,
    dilations: { list: { i: ['1', '1', '1', '1'] } },
    padding: word('VALID'),
    data_format: word('NHWC'),
  };
  const node = [
    { name: 'pixels', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape } } },
    ...weights.map(({ name, dtype }) => ({
      name,
      op: 'Const',
      attr: { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } },
    })),
    { name: 'patches', op: 'Conv2D', input: ['pixels', 'kernel'], attr: convolution },
    { name: 'positive', op: 'Relu', input: ['patches'], attr: type },
    { name: 'row', op: 'Reshape', input: ['positive', 'flat'], attr: type },
    { name: 'product', op: 'MatMul', input: ['row', 'projection'], attr: type },
    { name: 'scores', op: 'MatMul', input: ['product', 'head'], attr: type },
  ];
  return {
    format: 'graph-model',
    modelTopology: { node, library: {}, versions: { producer: 1 } },
    signature: {
      inputs: { pixels: { name: 'pixels:0' } },
      outputs: { vector: { name: 'product:0' }, logits: { name: 'scores:0' } },
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: weights.map(({ name, shape: of, dtype }) => ({ name, shape: of, dtype })),
      },
    ],
  };
}

/** Texts in a graph are Base64. */
function word(text: string): unknown {
  return { s: Buffer.from(text).toString('base64') };
}

/** Numbers from −.5 to .5 that the name decides. */
function noise(name: string, shape: readonly number[]): Weight {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(length);
  for (let start = 0; start < length; start += 16) {
    const hash = createHash('sha512').update(`${name} ${start}`).digest();
    for (let i = 0; i < 16 && start + i < length; i += 1) {
      values[start + i] = hash.readUInt32LE(i * 4) / 2 ** 32 - 0.5;
    }
  }
  return { name, shape, dtype: 'float32', values };
}
