import type { FilterPlan } from '../filter/filter-plan.ts';
import type { SharedMemory } from '../kernel/web-assembly.ts';
import type { CalibrationKnots } from '../vector-index.ts';

/**
 * One record of a job's chunk table: what a worker must know of a chunk, as it was when the job was
 * made. The four numbers of each of the plan's columns follow. Workers keep nothing of an index
 * between jobs.
 */
export const CHUNK_RECORD = {
  blockAt: 0,
  capacity: 1,
  liveAt: 2,
  firstId: 3,
  columns: 4,
} as const;

export const COLUMN_RECORD = { at: 0, room: 1, size: 2, flags: 3, length: 4 } as const;

/** Bits of a column's flags; what is above them says its kinds. */
export const COLUMN_FLAGS = { isDense: 1, hasHighs: 2, isSorted: 4, kinds: 8 } as const;

/** One record of a job's unit table: rows `from` to `to` of chunk number `chunk` of the table. */
export const UNIT_RECORD = { chunk: 0, from: 1, to: 2, length: 3 } as const;

/** Shared words that the workers of one job and its owner see. */
export const CONTROL = { nextUnit: 0, isCancelled: 1, length: 2 } as const;

/** The rows a job is about. */
export interface JobRows {
  readonly stride: number;
  readonly chunks: Float64Array;
  readonly chunkRecordLength: number;
  readonly units: Uint32Array;
  /** Int32: see {@link CONTROL}. */
  readonly control: SharedArrayBuffer;
  readonly plan: FilterPlan | undefined;
}

export interface SearchJob {
  readonly kind: 'search';
  readonly rows: JobRows;
  readonly query: Int16Array;
  readonly queryInverseNorm: number;
  readonly calibration: CalibrationKnots;
  /** Best rows (groups, if distinct) wanted. */
  readonly wanted: number;
  readonly minScore: number;
  /** One more than the largest group code if one row a group is wanted, else 0. */
  readonly groupCodes: number;
}

/** Which rows pass, without their vectors. */
export interface MatchJob {
  readonly kind: 'match';
  readonly rows: JobRows;
}

/** Reads the coarse bytes of all rows and does nothing with them. */
export interface ReadJob {
  readonly kind: 'read';
  readonly rows: JobRows;
}

export type ScanJob = SearchJob | MatchJob | ReadJob;

/** What one worker found in its units. */
export interface SearchPart {
  readonly kind: 'search';
  /** Its best rows, unordered, with all that tie with the last wanted one. */
  readonly ids: Float64Array;
  readonly cosines: Float64Array;
  /** Rows that pass; not meant if distinct. */
  readonly found: number;
  /** A bit per group that passes; empty unless distinct. */
  readonly groups: Uint32Array;
  readonly rowsScanned: number;
  readonly stages: StageTimes;
}

export interface StageTimes {
  readonly filterMs: number;
  readonly scanMs: number;
  readonly rerankMs: number;
}

/** Where a search's time went: the stages are those of its slowest worker. */
export interface SearchTimes extends StageTimes {
  /** Filter compiled, tables written. */
  readonly planMs: number;
  /** From the job's posting to the last worker's answer. */
  readonly workersMs: number;
  readonly mergeMs: number;
}

/** The rows of one unit that pass: a bit each. */
export interface UnitRows {
  readonly unit: number;
  readonly words: Uint32Array;
}

/** What passed in the units a worker took. */
export interface MatchPart {
  readonly kind: 'match';
  readonly units: readonly UnitRows[];
}

export interface ReadPart {
  readonly kind: 'read';
  readonly bytes: number;
  readonly ms: number;
}

export type ScanPart = SearchPart | MatchPart | ReadPart;

export type ToWorker =
  | { readonly kind: 'arena'; readonly memory: SharedMemory }
  | { readonly kind: 'job'; readonly ticket: number; readonly job: ScanJob };

export type FromWorker =
  | { readonly kind: 'done'; readonly ticket: number; readonly part: ScanPart }
  | { readonly kind: 'failed'; readonly ticket: number; readonly message: string };
