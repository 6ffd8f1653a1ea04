import { GRAPH_CANDIDATES } from './search-effort.ts';

/** Rows that faiss learns from, for each centroid that it has to find: fewer, and it complains. */
const SAMPLE_ROWS_A_CENTROID = 40;
/** Of quantisers, where the description tells no larger number of lists. */
const MIN_CENTROIDS = 256;

/** The only index that compares every row and keeps all of its vector. */
const EXACT = 'Flat';

/** All neighbours are ranked on the thread that serves. */
const MAX_NEIGHBOURS = 4096;
const MAX_NEIGHBOURS_OF_LISTS = 1024;

export interface FaissPlan {
  /** As faiss's `index_factory` reads it: `Flat`, `HNSW32`, `IVF1024,Flat`. */
  readonly description: string;
  /** Lists that an inverted file looks into (`nprobe`), a sixteenth if not given; candidates of a graph (`efSearch`), 512 if not given. */
  readonly effort: number | undefined;
}

/** Rows from which an index that must learn is made; as many are learnt from. */
export function sampleRows({ description }: FaissPlan): number {
  const lists = Number(/IVF(\d+)/u.exec(description)?.[1] ?? 0);
  return SAMPLE_ROWS_A_CENTROID * Math.max(MIN_CENTROIDS, lists);
}

/** Neighbours that are never too many to ask for. */
export const MIN_NEIGHBOURS = 128;

/** Neighbours that are worth asking for: a graph misses many of those whose rank comes near its candidates. */
export function maxNeighbours(plan: FaissPlan): number {
  if (isExact(plan)) return MAX_NEIGHBOURS;
  if (!plan.description.includes('HNSW')) return MAX_NEIGHBOURS_OF_LISTS;
  return Math.max(MIN_NEIGHBOURS, Math.floor((plan.effort ?? GRAPH_CANDIDATES) / 2));
}

/** Whether it finds the nearest rows for certain. */
export function isExact({ description }: FaissPlan): boolean {
  return description === EXACT;
}
