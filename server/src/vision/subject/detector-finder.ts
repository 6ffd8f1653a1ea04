import { overlap, snap, wholeBox } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import { detectorUse, type GraphUse, type PackGraphs } from '../embed/pack-graphs.ts';
import { MAX_SUBJECTS } from '../limits.ts';
import type { DetectorSpec, PackManifest } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** The pack's learned detector: boxes with scores, the best of those that overlap. */
export class DetectorFinder implements SubjectFinder {
  readonly #spec: DetectorSpec;
  readonly #use: GraphUse;
  readonly #graphs: PackGraphs;

  private constructor(spec: DetectorSpec, use: GraphUse, graphs: PackGraphs) {
    this.#spec = spec;
    this.#use = use;
    this.#graphs = graphs;
  }

  /** Undefined for a pack without a detector. `graphs` stay their owner's to close. */
  static of(manifest: PackManifest, graphs: PackGraphs): DetectorFinder | undefined {
    const spec = manifest.subject.detector;
    const use = detectorUse(manifest);
    return spec && use && new DetectorFinder(spec, use, graphs);
  }

  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const { minScore, maxOverlap } = this.#spec;
    const view = await this.#graphs.run(this.#use, pixels, wholeBox(pixels));
    const [edges, scores] = view.outputs;
    if (edges === undefined || scores === undefined || edges.length !== scores.length * 4) {
      throw new Error('the detector gave other boxes than scores');
    }
    const candidates = Array.from(scores, (confidence, i) => ({ confidence, i }))
      .filter(({ confidence }) => confidence >= minScore)
      .toSorted((a, b) => b.confidence - a.confidence);
    const kept: Subject[] = [];
    for (const { confidence, i } of candidates) {
      const box = this.#toPicture(edges.subarray(i * 4, i * 4 + 4), pixels, view.placed);
      const isNew = kept.every((other) => overlap(other.box, box) <= maxOverlap);
      if (isNew) kept.push({ box, confidence });
      if (kept.length === MAX_SUBJECTS) break;
    }
    return kept;
  }

  /** From shares of the input to pixels of the picture, which fills `placed` of the input. */
  #toPicture(edges: Float32Array, pixels: Pixels, placed: Box): Box {
    const { widthPx, heightPx } = this.#spec.input;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = edges;
    const x = (share: number): number =>
      ((share * widthPx - placed.x1) / (placed.x2 - placed.x1)) * pixels.widthPx;
    const y = (share: number): number =>
      ((share * heightPx - placed.y1) / (placed.y2 - placed.y1)) * pixels.heightPx;
    return snap({ x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) }, pixels);
  }
}
