import { setImmediate } from 'node:timers/promises';

import { namesUnder, type ValueStore } from '../store/value-store.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { PERIODS, startOfPeriod, type Granularity } from './periods.ts';
import type { StorageFigures } from './storage-ledger.ts';
import type { UsageBook } from './usage-book.ts';
import { formatPeriod, parseUsageName, type CallName } from './usage-names.ts';

/** By what calls are told apart; the rest is added up. */
export type UsageColumn = 'collection' | 'action' | 'code';

export interface UsageQuery {
  readonly granularity: Granularity;
  /** Periods that begin in `[fromMs, toMs)`; the one that holds `fromMs` included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** `instance:NAME`; of all if absent. */
  readonly collection?: string;
  readonly columns: readonly UsageColumn[];
  /** Whether the caller may see rows of a collection, or of none (empty). */
  readonly isVisible: (collection: string) => boolean;
}

/** Calls of one period, one line of its table. Columns that were not asked for are absent. */
export interface UsageRow extends Partial<Pick<CallName, UsageColumn>> {
  readonly startMs: number;
  readonly calls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface StorageRow extends StorageFigures {
  readonly startMs: number;
  readonly collection: string;
}

export interface UsageReport {
  /** By period, then collection, action, code. */
  readonly calls: readonly UsageRow[];
  /** By period, then collection. Hours in which a collection did not change have none. */
  readonly storage: readonly StorageRow[];
}

/** Lines of a report; a query for more must be narrowed. */
export const MAX_REPORT_ROWS = 10_000;

/** A report would have more than {@link MAX_REPORT_ROWS} lines. */
export class ReportTooLongError extends Error {
  override readonly name = 'ReportTooLongError';
}

export interface UsageReader {
  /** Throws {@link ReportTooLongError}. */
  report(query: UsageQuery): Promise<UsageReport>;
}

/** Tells what the book has counted, period by period, so that no long report holds the main thread. */
export class StoredUsageReader implements UsageReader {
  readonly #values: ValueStore;
  readonly #book: Pick<UsageBook, 'overlay'>;

  constructor(values: ValueStore, book: Pick<UsageBook, 'overlay'>) {
    this.#values = values;
    this.#book = book;
  }

  async report(query: UsageQuery): Promise<UsageReport> {
    const { granularity, fromMs, toMs } = query;
    const calls: UsageRow[] = [];
    const storage: StorageRow[] = [];
    let startMs = startOfPeriod(granularity, fromMs);
    for (; startMs < toMs; startMs += PERIODS[granularity].lengthMs) {
      calls.push(...(await this.#callsOf(query, startMs)));
      storage.push(...(await this.#storageOf(query, startMs)));
      if (calls.length + storage.length > MAX_REPORT_ROWS) throw new ReportTooLongError();
      await setImmediate();
    }
    return { calls, storage };
  }

  async #callsOf(query: UsageQuery, startMs: number): Promise<readonly UsageRow[]> {
    const { granularity, collection, columns, isVisible } = query;
    const own = collection === undefined ? '' : `${collection}\0`;
    const prefix = `${formatPeriod({ granularity, startMs })}/c/${own}`;
    const { values } = await this.#values.readValues(namesUnder(prefix));
    const groups = new Map<string, { readonly name: CallName; readonly sum: LatencyHistogram }>();
    for (const [text, histogram] of this.#book.overlay(values, prefix)) {
      const name = parseUsageName(text);
      if (name?.kind !== 'calls' || !isVisible(name.collection)) continue;
      const group = columns.map((column) => name[column]).join('\0');
      const sum = groups.get(group)?.sum ?? new LatencyHistogram();
      sum.addAll(histogram.toCounts());
      groups.set(group, { name, sum });
    }
    return [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { name, sum }]) => ({
        startMs,
        ...Object.fromEntries(columns.map((column) => [column, name[column]])),
        calls: sum.total,
        p50Ms: sum.percentile(0.5),
        p95Ms: sum.percentile(0.95),
      }));
  }

  async #storageOf(query: UsageQuery, startMs: number): Promise<readonly StorageRow[]> {
    const { granularity, collection, isVisible } = query;
    const prefix = `${formatPeriod({ granularity, startMs })}/s/${collection ?? ''}`;
    const { values } = await this.#values.readValues(namesUnder(prefix));
    return values.flatMap(({ name, text }) => {
      const parsed = parseUsageName(name);
      if (parsed?.kind !== 'storage' || !isVisible(parsed.collection)) return [];
      if (collection !== undefined && parsed.collection !== collection) return [];
      const { images, storedBytes } = JSON.parse(text) as StorageFigures;
      return [{ startMs, collection: parsed.collection, images, storedBytes }];
    });
  }
}
