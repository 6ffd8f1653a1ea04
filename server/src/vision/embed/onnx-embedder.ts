import type { Pixels } from '../decode/pixels.ts';
import type { ModelPack } from '../pack/load-pack.ts';
import type { CategoryHead, PicturePart } from '../pack/pack-schema.ts';
import type { Box, CategoryGuess } from '../vision.ts';
import type { Embedder, Embedding } from './embedder.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { toPixelTensor, type PixelTensor } from './pixel-tensor.ts';
import { weighedConcatenation } from './vector-arithmetic.ts';

interface LoadedPart {
  readonly spec: PicturePart;
  readonly graph: OnnxGraph;
}

interface PartRun {
  readonly vector: Float32Array;
  /** Of the category head, if it is an output of this part. */
  readonly logits: readonly Float32Array[];
}

/** The picture part and category head of a model pack, on onnxruntime. */
export class OnnxEmbedder implements Embedder {
  readonly dims: number;
  readonly #parts: readonly LoadedPart[];
  readonly #head: CategoryHead | undefined;
  readonly #headGraph: OnnxGraph | undefined;

  private constructor(
    dims: number,
    parts: readonly LoadedPart[],
    head: { readonly spec: CategoryHead | undefined; readonly graph: OnnxGraph | undefined },
  ) {
    this.dims = dims;
    this.#parts = parts;
    this.#head = head.spec;
    this.#headGraph = head.graph;
  }

  static async load(pack: ModelPack): Promise<OnnxEmbedder> {
    const file = (name: string): Uint8Array => pack.file(name);
    const { picture, categories, dims } = pack.manifest;
    const parts = await Promise.all(
      picture.parts.map(async (spec) => ({ spec, graph: await OnnxGraph.load(file(spec.file)) })),
    );
    const source = categories?.source;
    const graph = source?.kind === 'graph' ? await OnnxGraph.load(file(source.file)) : undefined;
    return new OnnxEmbedder(dims, parts, { spec: categories, graph });
  }

  async embed(pixels: Pixels, box: Box): Promise<Embedding> {
    const runs: PartRun[] = [];
    for (const [i, part] of this.#parts.entries()) {
      runs.push(await this.#runPart(i, await toPixelTensor(pixels, box, part.spec.input)));
    }
    const vector = weighedConcatenation(
      runs.map((run) => run.vector),
      this.#parts.map(({ spec }) => spec.weight),
    );
    const logits = runs.flatMap((run) => run.logits)[0] ?? (await this.#runHead(vector));
    return { vector, categories: guesses(logits, this.#head) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.map(({ graph }) => graph.close()), this.#headGraph?.close()]);
  }

  async #runPart(i: number, tensor: PixelTensor): Promise<PartRun> {
    const part = this.#parts[i];
    if (part === undefined) throw new Error(`there is no part ${i}`);
    const { file, input, output, dims } = part.spec;
    const source = this.#head?.source;
    const wanted = source?.kind === 'part' && source.part === i ? [source.output] : [];
    const [vector, ...logits] = await part.graph.run(input.name, tensor, [output, ...wanted]);
    if (vector?.length !== dims) throw new Error(`"${file}" gave ${vector?.length} dimensions`);
    return { vector, logits };
  }

  /** The logits of a head that is a graph of its own. */
  async #runHead(vector: Float32Array): Promise<Float32Array | undefined> {
    const source = this.#head?.source;
    if (source?.kind !== 'graph' || this.#headGraph === undefined) return undefined;
    const tensor = { type: 'float32', data: vector, dims: [1, this.dims] } as const;
    const [logits] = await this.#headGraph.run(source.input, tensor, [source.output]);
    return logits;
  }
}

/** Softmax of logits / temperature, best first. */
function guesses(
  logits: Float32Array | undefined,
  head: CategoryHead | undefined,
): readonly CategoryGuess[] {
  if (logits === undefined || head === undefined) return [];
  if (logits.length !== head.ids.length) {
    throw new Error(`the category head gave ${logits.length} logits for ${head.ids.length} ids`);
  }
  const highest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Array.from(logits, (value) => Math.exp((value - highest) / head.temperature));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return head.ids
    .map((id, i) => ({ id, confidence: (powers[i] ?? 0) / total }))
    .toSorted((a, b) => b.confidence - a.confidence);
}
