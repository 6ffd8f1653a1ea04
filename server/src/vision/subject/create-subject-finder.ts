import type { ModelPack } from '../pack/load-pack.ts';
import { DetectorFinder } from './detector-finder.ts';
import { FirstFinder } from './first-finder.ts';
import { PlainBackgroundFinder } from './plain-background-finder.ts';
import { SceneFinder } from './scene-finder.ts';
import type { SubjectFinder } from './subject-finder.ts';

/**
 * Who looks for subjects: the rule where the background is plain, then the pack's detector, which may
 * find nothing; a pack without one falls back on what stands out in a scene.
 */
export async function createSubjectFinder(pack: ModelPack): Promise<SubjectFinder> {
  const { detector } = pack.manifest.subject;
  const other =
    detector === undefined
      ? new SceneFinder()
      : await DetectorFinder.load(detector, pack.file(detector.file));
  return new FirstFinder([new PlainBackgroundFinder(), other]);
}
