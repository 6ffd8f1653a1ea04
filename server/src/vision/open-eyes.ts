import { wholeBox } from './box-arithmetic.ts';
import { PackEmbedder } from './embed/pack-embedder.ts';
import { PackGraphs } from './embed/pack-graphs.ts';
import type { Eyes } from './look.ts';
import type { ModelPack } from './pack/load-pack.ts';
import { createSubjectFinder } from './subject/create-subject-finder.ts';

const WARM_UP_SIDE_PX = 96;
const WHITE = 255;

/** Loads what a pack looks at pictures with; its embedder and its finder share their graphs. */
export async function openEyes(pack: ModelPack, clock: () => number): Promise<Eyes> {
  const { manifest } = pack;
  const graphs = await PackGraphs.load(pack);
  const { found, given } = manifest.subject;
  return {
    embedder: await PackEmbedder.load(pack, graphs),
    finder: createSubjectFinder(manifest, graphs),
    windows: { found, given },
    categoryWholeWeight: manifest.categories?.wholeWeight ?? 0,
    clock,
  };
}

/** One look each way, so that the first picture is hardly slower than the second. */
export async function warmUp({ embedder, finder }: Eyes): Promise<void> {
  const side = WARM_UP_SIDE_PX;
  const empty = { widthPx: side, heightPx: side, data: new Uint8Array(side ** 2 * 3).fill(WHITE) };
  // An empty picture is everybody's to look at; with something on it the rule for plain backgrounds ends its work.
  await finder.find(empty);
  await embedder.embed(empty, wholeBox(empty));
  await finder.find({
    ...empty,
    data: empty.data.slice().fill(0, empty.data.length / 3, empty.data.length / 2),
  });
}
