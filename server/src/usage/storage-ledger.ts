import type { CollectionFigures } from '../metrics/server-state.ts';
import type { ValueChange } from '../store/value-store.ts';
import { GRANULARITIES, startOfPeriod } from './periods.ts';
import { formatCollection, formatStorageName } from './usage-names.ts';

/** What a collection held at the end of a period, or latest. */
export interface StorageFigures {
  readonly images: number;
  readonly storedBytes: number;
}

/** What was written last of a collection. */
interface Written extends StorageFigures {
  readonly dayMs: number;
}

/**
 * Decides which rows of storage are due: of an hour where something changed, of a day always, so that a
 * thousand collections at rest cost a thousand rows a day.
 */
export class StorageLedger {
  #written = new Map<string, Written>();

  /** The rows that are due; call `onWritten` when they are stored. */
  changes(
    collections: readonly CollectionFigures[],
    nowMs: number,
  ): { readonly changes: readonly ValueChange[]; readonly onWritten: () => void } {
    const dayMs = startOfPeriod('day', nowMs);
    const changes: ValueChange[] = [];
    const next = new Map<string, Written>();
    for (const { facade, name, images, storedBytes } of collections) {
      const collection = formatCollection({ facade, name });
      const before = this.#written.get(collection);
      const isChanged = before?.images !== images || before.storedBytes !== storedBytes;
      next.set(collection, { images, storedBytes, dayMs });
      for (const granularity of GRANULARITIES) {
        const isDue = isChanged || (granularity === 'day' && before.dayMs !== dayMs);
        if (!isDue) continue;
        const startMs = startOfPeriod(granularity, nowMs);
        const text = JSON.stringify({ images, storedBytes } satisfies StorageFigures);
        changes.push({
          kind: 'put',
          name: formatStorageName({ granularity, startMs, collection }),
          text,
        });
      }
    }
    return {
      changes,
      onWritten: () => {
        this.#written = next;
      },
    };
  }
}
