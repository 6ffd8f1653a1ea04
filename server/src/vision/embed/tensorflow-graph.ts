import { z } from 'zod';

import { PackError, type ModelPack } from '../pack/load-pack.ts';
import type { Graph, GraphTensor } from './graph.ts';
import {
  loadTensorflow,
  type Tensorflow,
  type TensorflowModel,
  type TensorflowTensor,
} from './tensorflow.ts';

const tensorNames = z.record(z.string(), z.looseObject({ name: z.string() })).optional();

/** A `model.json` of tensorflowjs_converter, as far as it is looked at here. */
const modelFile = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.array(
    z.looseObject({ paths: z.array(z.string()), weights: z.array(z.looseObject({})) }),
  ),
  signature: z.looseObject({ inputs: tensorNames, outputs: tensorNames }).optional(),
});

type ModelFile = z.infer<typeof modelFile>;

/** One graph model of TensorFlow.js. */
export class TensorflowGraph implements Graph {
  readonly #tensorflow: Tensorflow;
  readonly #model: TensorflowModel;
  readonly #signature: ModelFile['signature'];

  private constructor(
    tensorflow: Tensorflow,
    model: TensorflowModel,
    signature: ModelFile['signature'],
  ) {
    this.#tensorflow = tensorflow;
    this.#model = model;
    this.#signature = signature;
  }

  /**
   * @param file a `model.json`; its weights are files of the pack too
   * @throws {PackError} where TensorFlow.js is not installed, or the file is no graph model
   */
  static async load(pack: ModelPack, file: string): Promise<TensorflowGraph> {
    const tensorflow = await loadTensorflow();
    const model = readModel(pack, file);
    const shards = model.weightsManifest.flatMap(({ paths }) => paths);
    const weightData = Uint8Array.from(Buffer.concat(shards.map((path) => pack.file(path)))).buffer;
    const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights);
    const handler = tensorflow.io.fromMemory({ ...model, weightSpecs, weightData });
    return new TensorflowGraph(
      tensorflow,
      await tensorflow.loadGraphModel(handler),
      model.signature,
    );
  }

  async run(
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<readonly Float32Array[]> {
    const feeds: Record<string, TensorflowTensor> = {};
    for (const [name, tensor] of Object.entries(inputs)) {
      const node = nodeOf(this.#signature?.inputs, name);
      feeds[node] = this.#toTensor(node, tensor);
    }
    const nodes = outputs.map((name) => nodeOf(this.#signature?.outputs, name));
    const results = [this.#model.execute(feeds, nodes)].flat();
    try {
      return await Promise.all(results.map((result, i) => readFloats(result, outputs[i] ?? '')));
    } finally {
      for (const each of [...Object.values(feeds), ...results]) each.dispose();
    }
  }

  async close(): Promise<void> {
    this.#model.dispose();
  }

  /** TensorFlow.js knows no uint8 and no int64: whole numbers become what the graph's input is. */
  #toTensor(node: string, { type, data, dims }: GraphTensor): TensorflowTensor {
    const input = this.#model.inputs.find(({ name }) => name === node || name === `${node}:0`);
    const dtype = input?.dtype ?? (type === 'float32' ? 'float32' : 'int32');
    const numbers: Iterable<number> =
      data instanceof BigInt64Array ? Array.from(data, Number) : data;
    const values = dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers);
    return this.#tensorflow.tensor(values, dims, dtype);
  }
}

function readModel(pack: ModelPack, file: string): ModelFile {
  try {
    return modelFile.parse(JSON.parse(Buffer.from(pack.file(file)).toString('utf8')));
  } catch (cause) {
    throw new PackError(`"${file}" is no graph model of TensorFlow.js`, { cause });
  }
}

/** A pack may name what the signature names, or a node. */
function nodeOf(
  names: Readonly<Record<string, { readonly name: string }>> | undefined,
  name: string,
): string {
  return names?.[name]?.name ?? name;
}

async function readFloats(tensor: TensorflowTensor, name: string): Promise<Float32Array> {
  if (tensor.dtype !== 'float32') throw new Error(`output "${name}" is not float32`);
  return Float32Array.from(await tensor.data());
}
