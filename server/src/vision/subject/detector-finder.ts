import { areaOf, overlap, snap, wholeBox } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import { embeddingWindow } from '../embed/embedding-window.ts';
import {
  detectorUse,
  type GraphUse,
  type GraphView,
  type PackGraphs,
} from '../embed/pack-graphs.ts';
import { MAX_SUBJECTS } from '../limits.ts';
import type { DetectorSpec, PackManifest, WindowSpec } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/**
 * The pack's learned detector: boxes with scores, the best of those that overlap. It looks twice: what it sees
 * first is looked at again in the window that is embedded for it, and the best box there takes its place.
 */
export class DetectorFinder implements SubjectFinder {
  readonly #spec: DetectorSpec;
  readonly #use: GraphUse;
  readonly #window: WindowSpec;
  readonly #graphs: PackGraphs;

  private constructor(spec: DetectorSpec, use: GraphUse, window: WindowSpec, graphs: PackGraphs) {
    this.#spec = spec;
    this.#use = use;
    this.#window = window;
    this.#graphs = graphs;
  }

  /** Undefined for a pack without a detector. `graphs` stay their owner's to close. */
  static of(manifest: PackManifest, graphs: PackGraphs): DetectorFinder | undefined {
    const { detector, found } = manifest.subject;
    const use = detectorUse(manifest);
    return detector && use && new DetectorFinder(detector, use, found, graphs);
  }

  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const first = await this.#detect(pixels, wholeBox(pixels));
    const [best] = first;
    if (best === undefined) return [];
    const window = embeddingWindow(best.box, this.#window, pixels);
    const [closer = best] = await this.#detect(pixels, window);
    return this.#withoutDuplicates([{ ...closer, firstBox: best.box }, ...first]);
  }

  /** What is seen in a part of the picture, best first, in pixels of the picture. */
  async #detect(pixels: Pixels, part: Box): Promise<readonly Subject[]> {
    const view = await this.#graphs.run(this.#use, pixels, part);
    const [edges, scores] = view.outputs;
    if (edges === undefined || scores === undefined || edges.length !== scores.length * 4) {
      throw new Error('the detector gave other boxes than scores');
    }
    const subjects = Array.from(scores, (confidence, i) => {
      const box = this.#toPicture(edges.subarray(i * 4, i * 4 + 4), part, view);
      return { box: snap(box, pixels), confidence };
    })
      .filter(({ confidence }) => confidence >= this.#spec.minScore)
      .toSorted((a, b) => this.#prominenceOf(b) - this.#prominenceOf(a));
    return this.#withoutDuplicates(subjects);
  }

  #prominenceOf({ box, confidence }: Subject): number {
    return confidence * areaOf(box) ** (this.#spec.areaPower ?? 0);
  }

  #withoutDuplicates(subjects: readonly Subject[]): readonly Subject[] {
    const kept: Subject[] = [];
    for (const subject of subjects) {
      const isNew = kept.every(({ box }) => overlap(box, subject.box) <= this.#spec.maxOverlap);
      if (isNew) kept.push(subject);
      if (kept.length === MAX_SUBJECTS) break;
    }
    return kept;
  }

  /** From shares of the input to pixels of the picture, whose `part` fills `placed` of the input. */
  #toPicture(edges: Float32Array, part: Box, { placed }: GraphView): Box {
    const { widthPx, heightPx } = this.#spec.input;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = edges;
    const x = (share: number): number =>
      part.x1 + ((share * widthPx - placed.x1) / (placed.x2 - placed.x1)) * (part.x2 - part.x1);
    const y = (share: number): number =>
      part.y1 + ((share * heightPx - placed.y1) / (placed.y2 - placed.y1)) * (part.y2 - part.y1);
    return { x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) };
  }
}
