/** Everything the chosen groups need: pictures, their copies, lists. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { listGroups } from './groups.mjs';
import { HELD_OUT, loadHeldOut, loadSet, takeSample } from './pictures.mjs';
import { listHeldOut, loadVariants } from './variants.mjs';

const TRAINING = fileURLToPath(new URL('../../training/distillation/', import.meta.url));

/** @param {NonNullable<ReturnType<typeof import('./options.mjs').readOptions>>} options */
export async function loadContext(options) {
  const { only, composites, sample } = options;
  await mkdir(options.cache, { recursive: true });
  const known = listGroups(await loadClasses(options));
  const groups = Object.entries(known).filter(([name]) => only.includes(name));
  const { sets, variants } = await loadPictures(groups, options);
  const gallery = [...sets.values()].flat();
  return {
    groups,
    sets,
    variants,
    gallery,
    composites,
    sample,
    wording: await loadWording(),
    rows: new Map(gallery.map(({ key, row }) => [key, row])),
    hashes: new Map(gallery.map(({ key, hash }) => [key, hash])),
  };
}

/** The sets that the groups store, and the copies that they ask with, by set. */
async function loadPictures(groups, options) {
  const wanted = (of) => new Set(groups.flatMap(([, group]) => group[of] ?? []));
  const [stored, copied] = [wanted('sets'), wanted('copied')];
  const sets = new Map();
  const variants = new Map();
  for (const set of stored) {
    const all = await loadOne(set, options);
    const pictures = options.sample === undefined ? all : takeSample(all, options.sample);
    sets.set(set, pictures);
    if (!copied.has(set)) continue;
    const kept = new Set(pictures.map(({ key }) => key));
    // The cache holds the copies of a whole set, whatever is asked today.
    const copies = await loadVariants(options, set, all);
    variants.set(
      set,
      copies.filter(({ source }) => kept.has(source.key)),
    );
  }
  return { sets, variants };
}

async function loadOne(set, { evalFolder, trainFolder, python, cache }) {
  if (set !== HELD_OUT) return loadSet(evalFolder, set);
  const script = join(TRAINING, 'held_out.py');
  return loadHeldOut(trainFolder, await listHeldOut({ python, trainFolder, cache, script }));
}

async function loadClasses({ groceryClasses }) {
  if (groceryClasses === undefined) return undefined;
  const text = await readFile(groceryClasses, 'utf8');
  return new Set(text.trim().split(/\s+/u));
}

async function loadWording() {
  const text = await readFile(join(TRAINING, 'unseen-wording.json'), 'utf8');
  return JSON.parse(text).entries;
}
