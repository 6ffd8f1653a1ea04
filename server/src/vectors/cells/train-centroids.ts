import type { KernelModule } from '../kernel/web-assembly.ts';
import { JobReader } from '../scan/job-reader.ts';
import type { TrainJob, TrainPart } from '../scan/scan-job.ts';
import type { Workbench } from '../scan/workbench.ts';

import { livingRows } from './assign-cells.ts';
import { Centroids } from './centroids.ts';

const ROUNDS = 8;

/** A cell with fewer rows than this share of the mean takes rows of the largest. */
const SMALL_SHARE = 0.2;

/** Rows to learn from: `stride` int8 each. */
interface Sample {
  readonly count: number;
  readonly planes: Int8Array;
  readonly inverseNorms: Float32Array;
}

/** Directions that the rows gather around: k-means by cosine over a sample. The same rows give the same centroids. */
export function trainCentroids(job: TrainJob, bench: Workbench, module: KernelModule): TrainPart {
  const { stride } = job.rows;
  const reader = new JobReader(job.rows, bench);
  const sample = takeSample(job, reader, bench);
  const centroids = new Centroids(module, stride, Math.max(1, Math.min(job.cells, sample.count)));
  for (let cell = 0; cell < centroids.count; cell += 1) {
    const row = Math.floor((cell * sample.count) / centroids.count);
    centroids.set(cell, Float32Array.from(planeOf(sample, row, stride)));
  }
  for (let round = 1; round <= ROUNDS && !reader.isCancelled; round += 1)
    improve(centroids, sample, { stride, isLast: round === ROUNDS, reader });
  return { kind: 'train', centroids: centroids.plane };
}

function takeSample(job: TrainJob, reader: JobReader, { views }: Workbench): Sample {
  const { stride, units } = job.rows;
  let rows = 0;
  for (let at = 0; at < units.length; at += 3) rows += (units[at + 2] ?? 0) - (units[at + 1] ?? 0);
  const room = Math.ceil(rows / job.every);
  const planes = new Int8Array(room * stride);
  const inverseNorms = new Float32Array(room);
  let [seen, count] = [0, 0];
  for (const unit of reader.units())
    for (const { coarse, inverseNorm } of livingRows(reader, unit, { views, stride })) {
      seen += 1;
      if (seen % job.every !== 0 || count === room) continue;
      planes.set(coarse, count * stride);
      inverseNorms[count] = inverseNorm;
      count += 1;
    }
  return { count, planes, inverseNorms };
}

/** One round: each row joins its nearest centroid, which then moves to the middle of its rows. */
function improve(
  centroids: Centroids,
  sample: Sample,
  { stride, isLast, reader }: { stride: number; isLast: boolean; reader: JobReader },
): void {
  const sums = new Float32Array(centroids.count * stride);
  const counts = new Uint32Array(centroids.count);
  const lastRows = new Uint32Array(centroids.count);
  for (let row = 0; row < sample.count && !reader.isCancelled; row += 1) {
    const plane = planeOf(sample, row, stride);
    const { centroid } = centroids.nearest(plane);
    counts[centroid] = (counts[centroid] ?? 0) + 1;
    lastRows[centroid] = row;
    const scale = sample.inverseNorms[row] ?? 0;
    const at = centroid * stride;
    for (let i = 0; i < stride; i += 1)
      sums[at + i] = (sums[at + i] ?? 0) + (plane[i] ?? 0) * scale;
  }
  for (let cell = 0; cell < centroids.count; cell += 1)
    if ((counts[cell] ?? 0) > 0)
      centroids.set(cell, sums.subarray(cell * stride, (cell + 1) * stride));
  if (!isLast) splitLargest(centroids, sample, { stride, counts, lastRows });
}

/** Gives the centroids of small cells to rows of the largest, one each. */
function splitLargest(
  centroids: Centroids,
  sample: Sample,
  { stride, counts, lastRows }: { stride: number; counts: Uint32Array; lastRows: Uint32Array },
): void {
  const bySize = Array.from(counts, (_, cell) => cell).sort(
    (a, b) => (counts[a] ?? 0) - (counts[b] ?? 0),
  );
  const least = (SMALL_SHARE * sample.count) / centroids.count;
  for (const [i, small] of bySize.slice(0, bySize.length / 2).entries()) {
    const large = bySize.at(-1 - i) ?? small;
    const isWorthwhile = (counts[small] ?? 0) < least && (counts[large] ?? 0) > 2 * least;
    if (!isWorthwhile) return;
    const row = planeOf(sample, lastRows[large] ?? 0, stride);
    centroids.set(small, Float32Array.from(row));
  }
}

function planeOf({ planes }: Sample, row: number, stride: number): Int8Array {
  return planes.subarray(row * stride, (row + 1) * stride);
}
