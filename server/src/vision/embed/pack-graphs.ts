import type { Pixels } from '../decode/pixels.ts';
import type { ModelPack } from '../pack/load-pack.ts';
import type { PackManifest, PixelInput } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';
import type { Graph } from './graph.ts';
import { loadGraph } from './load-graph.ts';
import { toPixelTensor, type PixelTensor } from './pixel-tensor.ts';

/** What somebody reads of a graph of pixels. */
export interface GraphUse {
  readonly file: string;
  readonly input: PixelInput;
  readonly outputs: readonly string[];
}

/** What a graph says of one window of a picture. */
export interface GraphView {
  /** In the order in which the use names them. */
  readonly outputs: readonly Float32Array[];
  /** Where the window lies in the input, in its pixels (all of it unless letterboxed). */
  readonly placed: Box;
}

interface Run {
  readonly outputs: ReadonlyMap<string, Float32Array>;
  readonly placed: Box;
}

/** What was made of one picture: tensors and runs by window. */
interface Seen {
  readonly tensors: Map<string, Promise<PixelTensor>>;
  readonly runs: Map<string, Promise<Run>>;
}

/**
 * The graphs of a pack that look at pixels. Whoever uses the same file shares one session, and what
 * was made of a picture is remembered as long as its pixels are held: a window is resized once for
 * each kind of input, and goes through a graph once, for all outputs that anybody wants.
 */
export class PackGraphs {
  readonly #sessions: ReadonlyMap<string, Graph>;
  readonly #wanted: ReadonlyMap<string, readonly string[]>;
  readonly #seen = new WeakMap<Pixels, Seen>();

  private constructor(
    sessions: ReadonlyMap<string, Graph>,
    wanted: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#sessions = sessions;
    this.#wanted = wanted;
  }

  static async load(pack: ModelPack): Promise<PackGraphs> {
    const uses = graphUses(pack.manifest);
    const files = [...new Set(uses.map(({ file }) => file))];
    const sessions = await Promise.all(
      files.map(async (file) => [file, await loadGraph(pack, file)] as const),
    );
    const wanted = new Map<string, readonly string[]>();
    for (const use of uses) {
      const name = graphName(use);
      wanted.set(name, [...new Set([...(wanted.get(name) ?? []), ...use.outputs])]);
    }
    return new PackGraphs(new Map(sessions), wanted);
  }

  /** Shows a graph the part of `pixels` inside `box`. Pixels must not change once they were shown. */
  async run(use: GraphUse, pixels: Pixels, box: Box): Promise<GraphView> {
    const seen = this.#seen.get(pixels) ?? { tensors: new Map(), runs: new Map() };
    this.#seen.set(pixels, seen);
    const window = [box.x1, box.y1, box.x2, box.y2].join(' ');
    const run = await remember(seen.runs, `${window} ${graphName(use)}`, async () => {
      const tensor = await remember(seen.tensors, `${window} ${inputName(use.input)}`, () =>
        toPixelTensor(pixels, box, use.input),
      );
      return this.#runGraph(use, tensor);
    });
    return { outputs: use.outputs.map((name) => outputOf(run, name)), placed: run.placed };
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#sessions.values(), (session) => session.close()));
  }

  async #runGraph(use: GraphUse, tensor: PixelTensor): Promise<Run> {
    const session = this.#sessions.get(use.file);
    const names = this.#wanted.get(graphName(use));
    if (session === undefined || names === undefined) {
      throw new Error(`"${use.file}" is no graph of this pack's pictures`);
    }
    const values = await session.run({ [use.input.name]: tensor }, names);
    const outputs = new Map(names.map((name, i) => [name, values[i] ?? new Float32Array()]));
    return { outputs, placed: tensor.placed };
  }
}

/** How a picture part of the pack is used: its vector, then the logits if it has the category head. */
export function partUse({ picture, categories }: PackManifest, index: number): GraphUse {
  const part = picture.parts[index];
  if (part === undefined) throw new Error(`there is no part ${index}`);
  const source = categories?.source;
  const isHead = source?.kind === 'part' && source.part === index;
  const { file, input, output } = part;
  return { file, input, outputs: isHead ? [output, source.output] : [output] };
}

/** How the pack's detector is used, if it has one: its boxes, then their scores. */
export function detectorUse({ subject }: PackManifest): GraphUse | undefined {
  if (subject.detector === undefined) return undefined;
  const { file, input, boxes, scores } = subject.detector;
  return { file, input, outputs: [boxes, scores] };
}

function graphUses(manifest: PackManifest): readonly GraphUse[] {
  const parts = manifest.picture.parts.map((_, index) => partUse(manifest, index));
  return [...parts, detectorUse(manifest) ?? []].flat();
}

/** Equal for uses that one run serves. */
function graphName({ file, input }: GraphUse): string {
  return JSON.stringify([file, input]);
}

/** Equal for inputs that one tensor serves, whatever a graph calls it. */
function inputName(input: PixelInput): string {
  return JSON.stringify({ ...input, name: undefined });
}

function outputOf({ outputs }: Run, name: string): Float32Array {
  const output = outputs.get(name);
  if (output === undefined) throw new Error(`nobody said that output "${name}" is wanted`);
  return output;
}

function remember<T>(
  known: Map<string, Promise<T>>,
  name: string,
  make: () => Promise<T>,
): Promise<T> {
  const made = known.get(name) ?? make();
  known.set(name, made);
  return made;
}
