/** Rows of a full chunk. The first chunks of a category are smaller, so that small collections cost little. */
export const CHUNK_ROWS = 8192;
export const SMALLEST_CHUNK_ROWS = 64;

/** Rows of the smallest chunk that rows are laid into in the order of their cells. */
export const SMALLEST_LAID_ROWS = 256;

/**
 * Rows that are laid at once, at least and at most, and as a share of their category: their memory
 * is taken twice meanwhile. The more, the longer the runs of rows that a cell is read in.
 */
export const MIN_LAYING_ROWS = 2 * CHUNK_ROWS;
export const MAX_LAYING_ROWS = 16 * CHUNK_ROWS;
export const LAYING_SHARE = 1 / 20;

/** A category with fewer rows has no cells: it is searched as a whole in less than two milliseconds. */
export const MIN_CLUSTERED_ROWS = 32_768;

/** Most cells of a clustering; their numbers are 16 bits. */
export const MAX_CELLS = 8192;

/** Rows a scan worker takes at a time: small enough to share work evenly, a multiple of 32. */
export const UNIT_ROWS = 2048;

/** Longest vector: above it the 32-bit lanes of the kernel could overflow (512 products of 128 × 32,639 each). */
export const MAX_DIMS = 2048;

/** Rows start at multiples of this, which is what the kernel reads in one step. */
export const STRIDE_BYTES = 32;

/**
 * Most bytes of one shared memory: below 2 GiB every offset is a positive int32, in WebAssembly and
 * out of it. More memories are added as they are needed.
 */
export const MAX_ARENA_BYTES = 2 ** 31 - 65_536;

/** Searches over fewer bytes of vectors than this stay on one worker: waking a second costs more. */
export const ONE_WORKER_BYTES = 1024 * 1024;

/** Attribute names of an index that get columns of their own as soon as they are met … */
export const MAX_FIRST_FIELDS = 32;

/** … and rows that any other name must have first. What fewer rows have shares one column. */
export const MIN_FIELD_ROWS = 256;

/**
 * A column keeps a value for each row of its chunk (5 bytes) where at least this share of them has one, else pairs of
 * row and value (6 bytes). So a value that is there takes 8 bytes at most.
 */
export const MIN_DENSE_SHARE = 0.625;

/** The same of a column with numbers that take 8 bytes: a number for each row, or pairs of 10 bytes. */
export const MIN_WIDE_DENSE_SHARE = 0.8;

/** A column with a value for each row is given up when fewer than this share have one. */
export const MIN_KEPT_DENSE_SHARE = 0.3;

/** Words of a query that rows are looked through for: a bit each. What follows them is left out. */
export const MAX_WORDS = 32;

/**
 * Where rows may be missed, every search ranks at least so many hits. So the first pages of a query come from one
 * ranking, and what is ranked last among those asked for is as sure as what is ranked first.
 */
export const RANKED_DEPTHS = [100, 500] as const;

/** How often a search is repeated because a hit was removed or replaced while it ran. */
export const MAX_SEARCH_ATTEMPTS = 4;

/** Distinct texts that are looked through for words before other work gets its turn. */
export const WORD_SLICE = 2048;

/** Dictionary entries a filter term is compared with before other work gets its turn. */
export const DICTIONARY_SLICE = 10_000;

/** Bytes of a row, vectors of `dims` padded to whole kernel steps. */
export function strideOf(dims: number): number {
  if (!Number.isInteger(dims) || dims < 1 || dims > MAX_DIMS)
    throw new RangeError(`"dims" must be an integer from 1 to ${MAX_DIMS}, got ${dims}`);
  return Math.ceil(dims / STRIDE_BYTES) * STRIDE_BYTES;
}
