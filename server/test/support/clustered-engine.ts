import { ScanCosts } from '../../src/vectors/cells/scan-costs.ts';
import { createVectorEngine, type ScanEngine } from '../../src/vectors/create-vector-engine.ts';

/** Cells for so few rows, and searches that go by them wherever that leaves out any row. */
export function createClusteredEngine(minClusteredRows: number): ScanEngine {
  return createVectorEngine({
    workers: 2,
    minClusteredRows,
    costs: new ScanCosts({ handOverMs: 0, megabyteMs: 1, unitMs: 0 }),
    onBackgroundError: (error) => {
      throw error;
    },
  });
}
