import type { Disk } from '../disk/disk.ts';
import type { DamageKind } from '../store/damage.ts';
import type { DamageRegister } from '../store/damage-register.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { VectorAnswer } from '../vectors/vector-index.ts';
import type { Vision, VisionLoad } from '../vision/vision.ts';
import type { GateLoad } from './work-gate.ts';

/** Searches by how they were made, and the rows that they compared with a query. */
export type SearchCounts = Readonly<
  Record<VectorAnswer['mode'], { readonly searches: number; readonly rowsScanned: number }>
>;

/** What an operator watches. */
export interface CatalogHealth {
  /** Found since the start; the first of them, where there are very many. */
  readonly damage: readonly { readonly kind: DamageKind; readonly detail: string }[];
  /** How many of each kind, zeros too. */
  readonly damageCounts: Readonly<Record<DamageKind, number>>;
  /** Whether writes are accepted: the last one did not fail, and the disk has more room than its reserve. */
  readonly isWritable: boolean;
  /** Bytes that may still be written; absent where the system does not tell. */
  readonly freeBytes?: number;
  readonly vision: VisionLoad;
  readonly scans: GateLoad;
  /** How indexes were searched since the start. */
  readonly searches: SearchCounts;
  readonly writes: GateLoad;
}

export interface HealthParts {
  readonly disk: Pick<Disk, 'freeBytes'>;
  /** Where the data lies. */
  readonly derivedFolder: string;
  readonly reserveBytes: number;
  readonly records: Pick<RecordStore, 'failed'>;
  readonly damage: Pick<DamageRegister, 'list' | 'count'>;
  readonly vision: Pick<Vision, 'load'>;
  readonly searcher: { readonly load: GateLoad; readonly counts: SearchCounts };
  readonly writer: { readonly load: GateLoad };
}

/** Looks at everything once. Never throws. */
export async function readHealth(parts: HealthParts): Promise<CatalogHealth> {
  const { disk, derivedFolder, reserveBytes, records, damage, vision, searcher, writer } = parts;
  const freeBytes = await disk.freeBytes(derivedFolder).catch(() => undefined);
  return {
    damage: damage.list().map(({ kind, detail }) => ({ kind, detail })),
    damageCounts: {
      record: damage.count('record'),
      collection: damage.count('collection'),
      value: damage.count('value'),
      log: damage.count('log'),
      store: damage.count('store'),
      object: damage.count('object'),
      snapshot: damage.count('snapshot'),
      format: damage.count('format'),
      identity: damage.count('identity'),
    },
    isWritable: !records.failed && (freeBytes ?? reserveBytes) >= reserveBytes,
    ...(freeBytes !== undefined && { freeBytes }),
    vision: vision.load,
    scans: searcher.load,
    searches: searcher.counts,
    writes: writer.load,
  };
}
