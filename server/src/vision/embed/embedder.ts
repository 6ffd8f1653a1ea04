import type { Box, CategoryGuess } from '../vision.ts';
import type { Pixels } from '../decode/pixels.ts';

/** What an embedder makes of a part of a picture. */
export interface Embedding {
  /** Unit length, `dims` long. */
  readonly vector: Float32Array;
  /** Best first; empty when the pack has no category head. */
  readonly categories: readonly CategoryGuess[];
}

/**
 * Turns a part of a picture into a vector.
 *
 * Every implementation passes `test/contract/embedder.contract.ts`. The same pixels and box give the
 * same bits, in this process and in the next one.
 */
export interface Embedder {
  readonly dims: number;
  /** Embeds the part of `pixels` inside `box`, which lies within them. */
  embed(pixels: Pixels, box: Box): Promise<Embedding>;
  close(): Promise<void>;
}
