import type { TextAnalysis } from '../vision.ts';

/**
 * Turns a text into a vector that pictures' vectors are compared with.
 *
 * Every implementation passes `test/contract/text-embedder.contract.ts`. The same text gives the same
 * bits, in this process and in the next one.
 */
export interface TextEmbedder {
  /** Length of a vector: that of a picture's. */
  readonly dims: number;
  /** Places a text, or says that it cannot. */
  embed(text: string): Promise<TextAnalysis>;
  close(): Promise<void>;
}
