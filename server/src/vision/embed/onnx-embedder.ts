import type { Pixels } from '../decode/pixels.ts';
import type { ModelPack } from '../pack/load-pack.ts';
import type { CategoryHead, PicturePart } from '../pack/pack-schema.ts';
import type { Box, CategoryGuess } from '../vision.ts';
import type { Embedder, Embedding } from './embedder.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { toPixelTensor } from './pixel-tensor.ts';
import { weighedConcatenation } from './vector-arithmetic.ts';

interface LoadedPart {
  readonly spec: PicturePart;
  readonly graph: OnnxGraph;
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

  static async load({ manifest, file }: ModelPack): Promise<OnnxEmbedder> {
    const { picture, categories } = manifest;
    const parts = await Promise.all(
      picture.parts.map(async (spec) => ({ spec, graph: await OnnxGraph.load(file(spec.file)) })),
    );
    const source = categories?.source;
    const graph = source?.kind === 'graph' ? await OnnxGraph.load(file(source.file)) : undefined;
    return new OnnxEmbedder(manifest.dims, parts, { spec: categories, graph });
  }

  async embed(pixels: Pixels, box: Box): Promise<Embedding> {
    const vectors: Float32Array[] = [];
    let logits: Float32Array | undefined;
    const source = this.#head?.source;
    for (const [i, { spec, graph }] of this.#parts.entries()) {
      const tensor = await toPixelTensor(pixels, box, spec.input);
      const wanted = source?.kind === 'part' && source.part === i ? [source.output] : [];
      const [vector, scores] = await graph.run(spec.input.name, tensor, [spec.output, ...wanted]);
      if (vector?.length !== spec.dims) {
        throw new Error(`"${spec.file}" gave ${vector?.length} dimensions, not ${spec.dims}`);
      }
      vectors.push(vector);
      logits ??= scores;
    }
    const vector = weighedConcatenation(
      vectors,
      this.#parts.map(({ spec }) => spec.weight),
    );
    if (source?.kind === 'graph') {
      const tensor = { type: 'float32', data: vector, dims: [1, this.dims] } as const;
      [logits] = (await this.#headGraph?.run(source.input, tensor, [source.output])) ?? [];
    }
    return { vector, categories: guesses(logits, this.#head) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.map(({ graph }) => graph.close()), this.#headGraph?.close()]);
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
