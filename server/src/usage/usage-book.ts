import type { CollectionFigures } from '../metrics/server-state.ts';
import {
  namesUnder,
  type StoredValue,
  type ValueChange,
  type ValueStore,
} from '../store/value-store.ts';
import { LatencyHistogram, type BucketCounts } from './latency-histogram.ts';
import { GRANULARITIES, PERIODS, startOfPeriod } from './periods.ts';
import { StorageLedger } from './storage-ledger.ts';
import { formatCallName, formatPeriod, type CallName } from './usage-names.ts';

/** A crash loses at most what was noted since the last of these, and what it took to write. */
export const FLUSH_MS = 30_000;
/** Changes of one step, so that no write of a picture waits long behind it. */
const CHANGES_PER_STEP = 256;
/** Rows held at once; further ones are counted without their collection. */
const MAX_ROWS = 20_000;

/** A request that was answered. */
export interface UsageCall extends Pick<CallName, 'collection' | 'action' | 'code'> {
  readonly ms: number;
}

export interface UsageBookOptions {
  readonly values: ValueStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly readCollections: () => readonly CollectionFigures[];
  /** Told when usage could not be written; it is tried again with the next flush. */
  readonly onError: (error: unknown) => void;
  /** 0 never, for tests. */
  readonly flushMs?: number;
}

/** One row while its period lasts, and until it is written. */
interface Row {
  readonly period: Pick<CallName, 'granularity' | 'startMs'>;
  readonly histogram: LatencyHistogram;
  /** Whether what the store had of it was added: from then on the row is the truth. */
  isLoaded: boolean;
  isDirty: boolean;
}

/** Counts calls by hour and by day, in memory, and writes the counts to the store every half minute. */
export class UsageBook {
  readonly #options: UsageBookOptions;
  readonly #rows = new Map<string, Row>();
  readonly #storage = new StorageLedger();
  readonly #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: UsageBookOptions) {
    this.#options = options;
    const flushMs = options.flushMs ?? FLUSH_MS;
    if (flushMs > 0) this.#timer = setInterval(() => void this.flush(), flushMs).unref();
  }

  /** Counts a call. In memory alone: nothing waits for it. */
  note({ ms, ...call }: UsageCall): void {
    const nowMs = this.#options.now();
    for (const granularity of GRANULARITIES) {
      const period = { granularity, startMs: startOfPeriod(granularity, nowMs) };
      const row = this.#row(period, call);
      row.histogram.add(ms);
      row.isDirty = true;
    }
  }

  /** Writes what was noted. One after another; a failure is told, and tried again with the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flush().catch(this.#options.onError));
    return this.#flushing;
  }

  /** Values of the store, with what it does not have yet; `name` and histogram of each. */
  overlay(stored: readonly StoredValue[], prefix: string): ReadonlyMap<string, LatencyHistogram> {
    const merged = new Map<string, LatencyHistogram>();
    for (const { name, text } of stored) merged.set(name, readHistogram(text));
    for (const [name, { histogram, isLoaded }] of this.#rows) {
      if (!name.startsWith(prefix)) continue;
      const whole = new LatencyHistogram(histogram.toCounts());
      const before = merged.get(name);
      if (before !== undefined && !isLoaded) whole.addAll(before.toCounts());
      merged.set(name, whole);
    }
    return merged;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  #row(
    period: Pick<CallName, 'granularity' | 'startMs'>,
    call: Pick<CallName, 'collection' | 'action' | 'code'>,
  ): Row {
    const name = formatCallName({ ...period, ...call });
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    if (this.#rows.size >= MAX_ROWS && call.collection !== '') {
      return this.#row(period, { ...call, collection: '' });
    }
    const row = { period, histogram: new LatencyHistogram(), isLoaded: false, isDirty: false };
    this.#rows.set(name, row);
    return row;
  }

  async #flush(): Promise<void> {
    const nowMs = this.#options.now();
    await this.#load();
    await this.#writeRows();
    const figures = this.#options.readCollections();
    const { changes, onWritten } = this.#storage.changes(figures, nowMs);
    await this.#write(changes);
    onWritten();
    this.#forgetPast(nowMs);
    await this.#prune(nowMs);
  }

  /** Adds what earlier runs counted in the periods of new rows. */
  async #load(): Promise<void> {
    const fresh = [...this.#rows.values()].filter(({ isLoaded }) => !isLoaded);
    for (const prefix of new Set(fresh.map(({ period }) => `${formatPeriod(period)}/c/`))) {
      const { values } = await this.#options.values.readValues(namesUnder(prefix));
      const texts = new Map(values.map(({ name, text }) => [name, text]));
      for (const [name, row] of this.#rows) {
        if (row.isLoaded || !name.startsWith(prefix)) continue;
        const text = texts.get(name);
        if (text !== undefined) row.histogram.addAll(readHistogram(text).toCounts());
        row.isLoaded = true;
      }
    }
  }

  async #writeRows(): Promise<void> {
    // A row that came while others were loaded has its turn with the next flush.
    const dirty = [...this.#rows].filter(([, row]) => row.isDirty && row.isLoaded);
    for (let start = 0; start < dirty.length; start += CHANGES_PER_STEP) {
      const step = dirty.slice(start, start + CHANGES_PER_STEP);
      const changes = step.map(([name, row]): ValueChange => {
        row.isDirty = false;
        return { kind: 'put', name, text: JSON.stringify(row.histogram.toCounts()) };
      });
      try {
        await this.#options.values.writeValues(changes);
      } catch (error) {
        for (const [, row] of step) row.isDirty = true;
        throw error;
      }
    }
  }

  async #write(changes: readonly ValueChange[]): Promise<void> {
    for (let start = 0; start < changes.length; start += CHANGES_PER_STEP) {
      await this.#options.values.writeValues(changes.slice(start, start + CHANGES_PER_STEP));
    }
  }

  /** Rows of periods that are over, once they are written. */
  #forgetPast(nowMs: number): void {
    for (const [name, { period, isDirty }] of this.#rows) {
      const isOver = period.startMs !== startOfPeriod(period.granularity, nowMs);
      if (isOver && !isDirty) this.#rows.delete(name);
    }
  }

  /** Once an hour, removes what is kept no longer. */
  async #prune(nowMs: number): Promise<void> {
    if (this.#prunedAtMs === startOfPeriod('hour', nowMs)) return;
    for (const granularity of GRANULARITIES) {
      const oldestMs = Math.max(0, nowMs - PERIODS[granularity].keptMs);
      const range = {
        from: formatPeriod({ granularity, startMs: 0 }),
        to: formatPeriod({ granularity, startMs: startOfPeriod(granularity, oldestMs) }),
      };
      const { values, damaged } = await this.#options.values.readValues(range);
      const names = [...values.map(({ name }) => name), ...damaged];
      await this.#write(names.map((name) => ({ kind: 'remove', name })));
    }
    this.#prunedAtMs = startOfPeriod('hour', nowMs);
  }
}

function readHistogram(text: string): LatencyHistogram {
  return new LatencyHistogram(JSON.parse(text) as BucketCounts);
}
