import { overlap, snap, wholeBox } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import { OnnxGraph } from '../embed/onnx-graph.ts';
import { toPixelTensor } from '../embed/pixel-tensor.ts';
import { MAX_SUBJECTS } from '../limits.ts';
import type { DetectorSpec } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** The pack's learned detector: boxes with scores, the best of those that overlap. */
export class DetectorFinder implements SubjectFinder {
  readonly #spec: DetectorSpec;
  readonly #graph: OnnxGraph;

  private constructor(spec: DetectorSpec, graph: OnnxGraph) {
    this.#spec = spec;
    this.#graph = graph;
  }

  static async load(spec: DetectorSpec, model: Uint8Array): Promise<DetectorFinder> {
    return new DetectorFinder(spec, await OnnxGraph.load(model));
  }

  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const { input, boxes, scores, minScore, maxOverlap } = this.#spec;
    const tensor = await toPixelTensor(pixels, wholeBox(pixels), input);
    const [edges, values] = await this.#graph.run(input.name, tensor, [boxes, scores]);
    if (edges === undefined || values === undefined || edges.length !== values.length * 4) {
      throw new Error('the detector gave other boxes than scores');
    }
    const toPicture = (i: number): Box =>
      this.#toPicture(edges.subarray(i * 4, i * 4 + 4), pixels, tensor.placed);
    const candidates = Array.from(values, (confidence, i) => ({ confidence, i }))
      .filter(({ confidence }) => confidence >= minScore)
      .toSorted((a, b) => b.confidence - a.confidence);
    const kept: Subject[] = [];
    for (const { confidence, i } of candidates) {
      const box = toPicture(i);
      const isNew = kept.every((other) => overlap(other.box, box) <= maxOverlap);
      if (isNew) kept.push({ box, confidence });
      if (kept.length === MAX_SUBJECTS) break;
    }
    return kept;
  }

  async close(): Promise<void> {
    await this.#graph.close();
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
