import type { Pixels } from '../decode/pixels.ts';
import type { ModelPack } from '../pack/load-pack.ts';
import type { PackManifest } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';
import { readLogits } from './category-guesses.ts';
import type { Embedder, Embedding } from './embedder.ts';
import type { Graph } from './graph.ts';
import { loadGraph } from './load-graph.ts';
import { partUse, type PackGraphs } from './pack-graphs.ts';
import { weighedConcatenation } from './vector-arithmetic.ts';

interface PartRun {
  readonly vector: Float32Array;
  /** Of the category head, if it is an output of this part. */
  readonly logits: readonly Float32Array[];
}

/** The picture parts and the category head of a model pack. */
export class PackEmbedder implements Embedder {
  readonly dims: number;
  readonly #manifest: PackManifest;
  readonly #graphs: PackGraphs;
  /** Of a category head that is a graph of its own. */
  readonly #headGraph: Graph | undefined;

  private constructor(manifest: PackManifest, graphs: PackGraphs, headGraph: Graph | undefined) {
    this.dims = manifest.dims;
    this.#manifest = manifest;
    this.#graphs = graphs;
    this.#headGraph = headGraph;
  }

  /** `graphs` stay their owner's to close. */
  static async load(pack: ModelPack, graphs: PackGraphs): Promise<PackEmbedder> {
    const source = pack.manifest.categories?.source;
    const head = source?.kind === 'graph' ? await loadGraph(pack, source.file) : undefined;
    return new PackEmbedder(pack.manifest, graphs, head);
  }

  async embed(pixels: Pixels, box: Box): Promise<Embedding> {
    const { picture, categories } = this.#manifest;
    const runs: PartRun[] = [];
    for (const i of picture.parts.keys()) runs.push(await this.#runPart(i, pixels, box));
    const vector = weighedConcatenation(
      runs.map((run) => run.vector),
      picture.parts.map(({ weight }) => weight),
    );
    const logits = runs.flatMap((run) => run.logits)[0] ?? (await this.#runHead(vector));
    return { vector, categories: readLogits(logits, categories) };
  }

  async close(): Promise<void> {
    await this.#headGraph?.close();
  }

  async #runPart(index: number, pixels: Pixels, box: Box): Promise<PartRun> {
    const use = partUse(this.#manifest, index);
    const { outputs } = await this.#graphs.run(use, pixels, box);
    const [vector, ...logits] = outputs;
    if (vector === undefined || vector.length !== this.#manifest.picture.parts[index]?.dims) {
      throw new Error(`"${use.file}" gave ${vector?.length} dimensions`);
    }
    return { vector, logits };
  }

  /** The logits of a head that is a graph of its own. */
  async #runHead(vector: Float32Array): Promise<Float32Array | undefined> {
    const source = this.#manifest.categories?.source;
    if (source?.kind !== 'graph' || this.#headGraph === undefined) return undefined;
    const tensor = { type: 'float32', data: vector, dims: [1, this.dims] } as const;
    const [logits] = await this.#headGraph.run({ [source.input]: tensor }, [source.output]);
    return logits;
  }
}
