import { listBits } from '../filter/filter-plan.ts';
import type { KernelModule } from '../kernel/web-assembly.ts';
import { offsetOf } from '../memory/arenas.ts';
import { blockOffsets } from '../memory/row-block.ts';
import { firstRow, JobReader, type Unit } from '../scan/job-reader.ts';
import { NO_CELL, type AssignJob, type AssignPart } from '../scan/scan-job.ts';
import type { Workbench } from '../scan/workbench.ts';

import { Centroids } from './centroids.ts';

/** The cell of each living row of a job's only chunk, by its coarse plane. */
export function assignCells(job: AssignJob, bench: Workbench, module: KernelModule): AssignPart {
  const { stride, units } = job.rows;
  const centroids = Centroids.from(module, job.centroids);
  const cosines = new Float64Array(centroids.count);
  const counts = new Float64Array(centroids.count);
  const reader = new JobReader(job.rows, bench);
  const cells = new Uint16Array(units.at(-1) ?? 0).fill(NO_CELL);
  for (const unit of reader.units())
    for (const { row, coarse, inverseNorm } of livingRows(reader, unit, {
      views: bench.views,
      stride,
    })) {
      const { centroid, product } = centroids.nearest(coarse);
      cells[row] = centroid;
      cosines[centroid] = (cosines[centroid] ?? 0) + product * inverseNorm;
      counts[centroid] = (counts[centroid] ?? 0) + 1;
    }
  return { kind: 'assign', cells, cosines, counts };
}

export interface LivingRow {
  readonly row: number;
  /** A view: copy what is to stay. */
  readonly coarse: Int8Array;
  /** Of the coarse integers, as good as the residual lets it be. */
  readonly inverseNorm: number;
}

/** The coarse planes of a unit's living rows. */
export function* livingRows(
  reader: JobReader,
  unit: Unit,
  { views, stride }: Pick<Workbench, 'views'> & { readonly stride: number },
): Generator<LivingRow> {
  const { u8, f32 } = views.at(unit.blockAt);
  const start = offsetOf(unit.blockAt);
  const norms = (start + blockOffsets(unit.capacity, stride).norms) / 4;
  for (const bit of listBits(reader.matching(unit))) {
    if (reader.isCancelled) return;
    const row = firstRow(unit) + bit;
    const coarse = new Int8Array(u8.buffer, start + row * stride, stride);
    yield { row, coarse, inverseNorm: 256 * (f32[norms + row] ?? 0) };
  }
}
