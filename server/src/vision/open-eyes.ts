import { wholeBox } from './box-arithmetic.ts';
import { OnnxEmbedder } from './embed/onnx-embedder.ts';
import { PackGraphs } from './embed/pack-graphs.ts';
import type { Eyes } from './look.ts';
import type { ModelPack } from './pack/load-pack.ts';
import { createSubjectFinder } from './subject/create-subject-finder.ts';

const WARM_UP_SIDE_PX = 64;
const GREY = 128;

/** Loads what a pack looks at pictures with; its embedder and its finder share their graphs. */
export async function openEyes(pack: ModelPack, clock: () => number): Promise<Eyes> {
  const { manifest } = pack;
  const graphs = await PackGraphs.load(pack);
  const { found, given } = manifest.subject;
  return {
    embedder: await OnnxEmbedder.load(pack, graphs),
    finder: createSubjectFinder(manifest, graphs),
    windows: { found, given },
    categoryWholeWeight: manifest.categories?.wholeWeight ?? 0,
    clock,
  };
}

/** One run through every graph, so that the first picture is no slower than the second. */
export async function warmUp({ embedder, finder }: Eyes): Promise<void> {
  const size = { widthPx: WARM_UP_SIDE_PX, heightPx: WARM_UP_SIDE_PX };
  const pixels = { ...size, data: new Uint8Array(WARM_UP_SIDE_PX ** 2 * 3).fill(GREY) };
  await finder.find(pixels);
  await embedder.embed(pixels, wholeBox(pixels));
}
