import { MAX_DIMS, UNIT_ROWS } from '../limits.ts';

const FLOAT = 8;
const WORD = 4;

/** Offsets in a worker's scratch: the first bytes of every shared memory, one part per worker. */
export const SCRATCH = {
  query: 0,
  /** Rows to scan, uint32. */
  list: MAX_DIMS * 2,
  /** Their coarse products, float64. */
  products: MAX_DIMS * 2 + UNIT_ROWS * WORD,
  /** Positions of those selected, uint32. */
  kept: MAX_DIMS * 2 + UNIT_ROWS * (WORD + FLOAT),
  /** Rows to rerank, uint32. */
  rerankList: MAX_DIMS * 2 + UNIT_ROWS * (2 * WORD + FLOAT),
  /** Their residual products, float64. */
  rerankProducts: MAX_DIMS * 2 + UNIT_ROWS * (3 * WORD + FLOAT),
  /** A bit for each row of a unit, which may begin within a word. */
  words: MAX_DIMS * 2 + UNIT_ROWS * (3 * WORD + 2 * FLOAT),
} as const;

const WORDS_BYTES = UNIT_ROWS / 8 + 2 * FLOAT;

export const SCRATCH_BYTES = SCRATCH.words + WORDS_BYTES;
