import type { Attributes, Filter } from '@likeness/shared/filter';

/** Knots `[cosine, score]`, both strictly increasing: how a raw cosine becomes a score of 0–1. */
export type CalibrationKnots = readonly (readonly [cosine: number, score: number])[];

export interface IndexRow {
  /** Identity, unique in the index. Equal scores are ordered by its UTF-8 bytes. */
  readonly key: string;
  /** Rows of one group (a product) count once in a distinct search. */
  readonly group: string;
  readonly category: number;
  /** Unit length, `dims` long. */
  readonly vector: Float32Array;
  readonly attributes: Attributes;
  /** Number of the write that made the row: tells a record from its successor. */
  readonly revision: number;
}

/** Which rows take part; all if empty. */
export interface RowScope {
  readonly filter?: Filter;
  readonly categories?: readonly number[];
}

export interface VectorQuery extends RowScope {
  readonly vector: Float32Array;
  /** How this query's cosines become scores; the index's own calibration if absent. */
  readonly calibration?: CalibrationKnots;
  /** Hits to skip, and at most how many to return. */
  readonly start: number;
  readonly num: number;
  /** Keep hits whose rounded, calibrated score is at least this; 0 keeps all. */
  readonly minScore: number;
  /** One hit per group: its best. Applied before paging. */
  readonly distinct: boolean;
  /** The row that is ranked first whatever ties with it: the stored picture a search starts from. */
  readonly pinnedKey?: string;
}

/** A search without a vector: by words in the attributes' texts and in the keys of rows. */
export interface WordQuery extends RowScope, Pick<VectorQuery, 'start' | 'num' | 'distinct'> {
  /** Each in all its spellings, the plainest first; at most `MAX_WORDS` count. */
  readonly words: readonly (readonly string[])[];
  /** Keep rows with at least this share of the words, which is their score; a row with none is never kept. */
  readonly minScore: number;
}

export interface VectorHit {
  readonly key: string;
  readonly revision: number;
  /** Calibrated, rounded to 4 decimals. */
  readonly score: number;
  /** Of a search by words, the share of them. */
  readonly cosine: number;
}

export interface VectorAnswer {
  /** Ordered by score, then key. */
  readonly hits: readonly VectorHit[];
  /** Rows (groups, if distinct) that match, always exact. */
  readonly found: number;
  readonly mode: 'exact' | 'approximate';
  readonly rowsScanned: number;
  /** Milliseconds that it took to find out which rows are to be compared, where that was a step of its own. */
  readonly planMs?: number;
}

export interface KeyAnswer {
  /** In key order. */
  readonly keys: readonly { readonly key: string; readonly revision: number }[];
  /** Rows in scope, also those before the first key answered; always exact. */
  readonly found: number;
}

/**
 * The vectors and attributes of one collection, in memory.
 *
 * Every implementation passes `test/contract/vector-index.contract.ts`. A row put is found by the
 * next search; a row replaced or removed never again, also by a search that is under way.
 */
export interface VectorIndex {
  readonly size: number;
  /**
   * Adds the row, or replaces the one with the same key.
   *
   * @throws RangeError if the vector has other dims, or a component that is not finite.
   */
  put(row: IndexRow): void;
  /** Replaces the attributes of a row. False if there is no such row. */
  setAttributes(key: string, attributes: Attributes, revision: number): boolean;
  /** Removes the row. False if there was none. */
  remove(key: string): boolean;
  search(query: VectorQuery, signal?: AbortSignal): Promise<VectorAnswer>;
  searchWords(query: WordQuery, signal?: AbortSignal): Promise<VectorAnswer>;
  /** Lists rows without comparing vectors, in key order, after `after` if given. */
  list(
    scope: RowScope & { readonly after?: string; readonly start: number; readonly num: number },
  ): Promise<KeyAnswer>;
  /** Keys of one group, in key order. */
  keysOfGroup(group: string): readonly string[];
  /** Removes every row. */
  clear(): void;
  /** Writes all rows to a file, with a checksum, tagged: {@link VectorEngine.loadIndex} reads it back only for the same tag. */
  save(path: string, tag: string): Promise<void>;
  /** Releases its memory. Later calls reject. */
  close(): void;
}

export interface IndexOptions {
  readonly dims: number;
  /** Of queries that bring none of their own. */
  readonly calibration: CalibrationKnots;
}

/** The scan workers and the memory they share: one per server, for all collections. */
export interface VectorEngine {
  createIndex(options: IndexOptions): VectorIndex;
  /** The index as saved; undefined when the file is missing, damaged, of another tag or other dims. */
  loadIndex(path: string, tag: string, options: IndexOptions): Promise<VectorIndex | undefined>;
  close(): Promise<void>;
}
