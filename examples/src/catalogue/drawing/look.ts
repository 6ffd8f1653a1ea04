import type { Sketch } from './sketch.ts';
import type { Pose } from './solid.ts';
import type { Print, Weave } from './texture.ts';

/** What tells one product of a kind from another. */
export interface Look {
  /** The colour that a shopper would name. */
  readonly main: string;
  readonly second: string;
  readonly accent: string;
  readonly print?: Print;
  readonly weave?: Weave;
  /** Which of the kind's forms. */
  readonly form?: number;
}

/** Draws one product of a kind into a square of `SKETCH_SIDE`. */
export type DrawProduct = (sketch: Sketch, look: Look, pose: Pose) => void;
