import type { ScanCosts } from './cells/scan-costs.ts';
import type { KernelModule } from './kernel/web-assembly.ts';
import type { Arenas } from './memory/arenas.ts';
import type { Reclaimer } from './memory/reclaimer.ts';
import type { KeyOrder } from './rows/key-order.ts';
import type { RowTable } from './rows/row-table.ts';
import type { SharedScans } from './scan/shared-scans.ts';
import type { ScanPool } from './scan/scan-pool.ts';
import type { Workbench } from './scan/workbench.ts';
import type { SearchTimes } from './scan/scan-job.ts';
import type { Calibration } from './score/calibration.ts';
import type { IndexOptions } from './vector-index.ts';

/** What all indexes of an engine share. */
export interface EngineParts {
  readonly arenas: Arenas;
  readonly pool: ScanPool;
  /** A thread of low priority for what no search waits for; started when it is first asked for. */
  readonly background: () => ScanPool;
  readonly kernel: KernelModule;
  /** Of the main thread. */
  readonly bench: Workbench;
  readonly costs: ScanCosts;
  /** Rows of a category from which on it has cells. */
  readonly minClusteredRows: number;
  /** Hears of work in the background that failed. */
  readonly onError: (error: unknown) => void;
  readonly onSearch: ((times: SearchTimes) => void) | undefined;
}

/** What a search, a list or a save works on: the rows of one index until it is cleared. */
export interface IndexRows {
  readonly parts: EngineParts;
  readonly options: IndexOptions;
  readonly stride: number;
  readonly calibration: Calibration;
  readonly reclaimer: Reclaimer;
  readonly table: RowTable;
  readonly scans: SharedScans;
  readonly order: KeyOrder;
}
