import type { PackGraphs } from '../embed/pack-graphs.ts';
import type { PackManifest } from '../pack/pack-schema.ts';
import { DetectorFinder } from './detector-finder.ts';
import { FirstFinder } from './first-finder.ts';
import { PlainBackgroundFinder } from './plain-background-finder.ts';
import { SceneFinder } from './scene-finder.ts';
import type { SubjectFinder } from './subject-finder.ts';

/**
 * Who looks for subjects: the rule where the background is plain, elsewhere the pack's detector, which may
 * find nothing and contradicts the rule where that is in doubt; a pack without one falls back on what stands
 * out in a scene.
 */
export function createSubjectFinder(manifest: PackManifest, graphs: PackGraphs): SubjectFinder {
  const other = DetectorFinder.of(manifest, graphs) ?? new SceneFinder();
  return new FirstFinder(new PlainBackgroundFinder(), other);
}
