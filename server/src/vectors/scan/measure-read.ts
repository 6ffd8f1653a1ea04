import type { Filter } from '@likeness/shared/filter';

import { FilterCompiler } from '../filter/compile-filter.ts';
import type { IndexRows } from '../index-rows.ts';

import { describeRows } from './job-rows.ts';
import { workersFor } from './search-rows.ts';

export interface ReadTime {
  readonly bytes: number;
  /** Of the slowest worker, in reading alone. */
  readonly ms: number;
}

/** Times a bare read of the coarse bytes that a search with this filter scans, by the same threads. */
export async function measureRead(
  { table, stride, reclaimer, parts }: IndexRows,
  filter?: Filter,
): Promise<ReadTime> {
  const serial = reclaimer.begin();
  try {
    const compiler = filter === undefined ? undefined : new FilterCompiler(filter, table.fields);
    const rows = describeRows(table.chunksOf(), stride, compiler?.finish());
    const found = await parts.pool.run(
      { kind: 'read', rows },
      workersFor(rows, stride, parts.pool.size),
    );
    const reads = found.filter((part) => part.kind === 'read');
    return {
      bytes: reads.reduce((sum, { bytes }) => sum + bytes, 0),
      ms: Math.max(0, ...reads.map(({ ms }) => ms)),
    };
  } finally {
    reclaimer.end(serial);
  }
}
