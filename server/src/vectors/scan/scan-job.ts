import type { CentroidPlane } from '../cells/centroids.ts';
import type { FilterPlan } from '../filter/filter-plan.ts';
import type { SharedMemory } from '../kernel/web-assembly.ts';
import type { CalibrationKnots } from '../vector-index.ts';

/**
 * One record of a job's chunk table: what a worker must know of a chunk, as it was when the job was
 * made. The numbers of each of the plan's columns follow. Workers keep nothing of an index
 * between jobs.
 */
export const CHUNK_RECORD = {
  blockAt: 0,
  capacity: 1,
  liveAt: 2,
  firstId: 3,
  /** Where a {@link MatchJob} writes which rows match: a bit each, as those of living rows lie; 0 for no place. */
  matchesAt: 4,
  columns: 5,
} as const;

export const COLUMN_RECORD = { at: 0, room: 1, size: 2, scale: 3, flags: 4, length: 5 } as const;

/** Bits of a column's flags; what is above them says its kinds. */
export const COLUMN_FLAGS = { isDense: 1, isWide: 2, isSorted: 4, kinds: 8 } as const;

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

/** Several searches of the same rows in one pass: each piece of them is read from memory once. */
export interface SharedSearchJob {
  readonly kind: 'shared';
  readonly rows: JobRows;
  /** Their own rows do not count. */
  readonly searches: readonly SearchJob[];
}

/** Which rows pass, without their vectors: written to {@link CHUNK_RECORD.matchesAt}. */
export interface MatchJob {
  readonly kind: 'match';
  readonly rows: JobRows;
}

/** Finds centroids for the rows, by k-means over a sample of them. */
export interface TrainJob {
  readonly kind: 'train';
  readonly rows: JobRows;
  readonly cells: number;
  /** Every so manieth living row is in the sample. */
  readonly every: number;
}

/** Finds the nearest centroid of every living row of one chunk. */
export interface AssignJob {
  readonly kind: 'assign';
  readonly rows: JobRows;
  readonly centroids: CentroidPlane;
}

/** Reads the coarse bytes of all rows and does nothing with them. */
export interface ReadJob {
  readonly kind: 'read';
  readonly rows: JobRows;
}

/** Reads sections of an open file, each into shared memory of its length, and checks them. */
export interface LoadJob {
  readonly kind: 'load';
  readonly fd: number;
  readonly sections: readonly {
    readonly from: number;
    readonly checksum: number;
    readonly to: Uint8Array;
  }[];
}

/** About rows. */
export type ScanJob = SearchJob | SharedSearchJob | MatchJob | TrainJob | AssignJob | ReadJob;

export type WorkerJob = ScanJob | LoadJob;

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

/** What a worker found for each search. */
export interface SharedSearchPart {
  readonly kind: 'shared';
  readonly parts: readonly SearchPart[];
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

/** How many rows passed in the units a worker took. */
export interface MatchPart {
  readonly kind: 'match';
  readonly found: number;
}

export interface TrainPart {
  readonly kind: 'train';
  readonly centroids: CentroidPlane;
}

export interface AssignPart {
  readonly kind: 'assign';
  /** Of each row of the chunk; {@link NO_CELL} for a dead one. */
  readonly cells: Uint16Array;
  /** By cell: the sum of its rows' cosines with the centroid, and how many rows. */
  readonly cosines: Float64Array;
  readonly counts: Float64Array;
}

export interface ReadPart {
  readonly kind: 'read';
  readonly bytes: number;
  readonly ms: number;
}

export type ScanPart =
  | SearchPart
  | SharedSearchPart
  | MatchPart
  | TrainPart
  | AssignPart
  | ReadPart
  | { readonly kind: 'load' };

/** Stands for the cell of a row that has none. */
export const NO_CELL = 0xffff;

export type ToWorker =
  | { readonly kind: 'arena'; readonly memory: SharedMemory }
  | { readonly kind: 'job'; readonly ticket: number; readonly job: WorkerJob };

export type FromWorker =
  | { readonly kind: 'done'; readonly ticket: number; readonly part: ScanPart }
  | { readonly kind: 'failed'; readonly ticket: number; readonly message: string };
