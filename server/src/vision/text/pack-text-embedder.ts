import { normalizeText } from '@likeness/shared/encoding';

import type { Graph, GraphTensor } from '../embed/graph.ts';
import { loadGraph } from '../embed/load-graph.ts';
import { toUnit } from '../embed/vector-arithmetic.ts';
import { PackError, type ModelPack } from '../pack/load-pack.ts';
import type { PackManifest, TextSpec } from '../pack/pack-schema.ts';
import type { TextAnalysis } from '../vision.ts';
import { loadSimplifier, type TextRewriter } from './chinese-script.ts';
import { PackTokenizer } from './pack-tokenizer.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Where in the whole vector a text's vector lies; the rest of it is zero. */
interface Place {
  readonly start: number;
  readonly length: number;
  readonly dims: number;
}

interface Parts {
  readonly spec: TextSpec;
  readonly place: Place;
  readonly graph: Graph;
  readonly tokenizer: PackTokenizer;
  readonly rewrite: TextRewriter;
}

/** The text part of a model pack. */
export class PackTextEmbedder implements TextEmbedder {
  readonly dims: number;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.dims = parts.place.dims;
    this.#parts = parts;
  }

  /**
   * Undefined for a pack without text. Runs the graph once, so that the first text is no slower.
   *
   * @throws {PackError} when the tokenizer cannot be read, or the graph's vectors do not fit.
   */
  static async load(pack: ModelPack): Promise<PackTextEmbedder | undefined> {
    const spec = pack.manifest.text;
    if (spec === undefined) return undefined;
    const embedder = new PackTextEmbedder({
      spec,
      place: placeOf(pack.manifest, spec),
      graph: await loadGraph(pack, spec.file),
      tokenizer: readTokenizer(pack, spec),
      rewrite: spec.simplified === true ? await loadSimplifier() : (text) => text,
    });
    await embedder.#run([0]);
    return embedder;
  }

  async embed(text: string): Promise<TextAnalysis> {
    const { spec, tokenizer, rewrite } = this.#parts;
    const normalized = rewrite(normalizeText(text));
    const { ids, knownTokens, tokens } = tokenizer.tokenize(normalized);
    const knownShare = tokens === 0 ? 0 : knownTokens / tokens;
    const unknownWords = knownShare === 1 ? [] : tokenizer.unknownWords(normalized);
    if (knownTokens === 0 || knownShare < (spec.minKnown ?? 0)) {
      return { kind: 'unknown', knownShare, unknownWords };
    }
    return { kind: 'placed', vector: await this.#run(ids), knownShare, unknownWords };
  }

  async close(): Promise<void> {
    await this.#parts.graph.close();
  }

  async #run(ids: readonly number[]): Promise<Float32Array> {
    const { spec, place, graph } = this.#parts;
    const { ids: idsName, mask } = spec.inputs;
    const feeds = {
      [idsName]: row(ids),
      ...(mask !== undefined && { [mask]: row(ids.map(() => 1)) }),
    };
    const [found] = await graph.run(feeds, [spec.output]);
    if (found?.length !== place.length) {
      throw new PackError(`"${spec.file}" gave ${found?.length} dimensions, not ${place.length}`);
    }
    const vector = new Float32Array(place.dims);
    vector.set(toUnit(found), place.start);
    return vector;
  }
}

function row(values: readonly number[]): GraphTensor {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [1, values.length] };
}

function placeOf({ dims, picture }: PackManifest, { part }: TextSpec): Place {
  if (part === undefined) return { start: 0, length: dims, dims };
  const before = picture.parts.slice(0, part);
  const start = before.reduce((sum, each) => sum + each.dims, 0);
  return { start, length: picture.parts[part]?.dims ?? 0, dims };
}

function readTokenizer(pack: ModelPack, { tokenizer, maxTokens }: TextSpec): PackTokenizer {
  try {
    return PackTokenizer.parse(pack.file(tokenizer), maxTokens);
  } catch (cause) {
    throw new PackError(`"${tokenizer}" is no tokenizer`, { cause });
  }
}
