import { imageKey, statisticsKey } from './level-keys.ts';
import { sealRecord, type CountedRecord } from './opened-record.ts';
import { encodeImageRecord } from './record-format.ts';
import type { ChangeOutcome, CollectionStatistics, ImageChange } from './record-store.ts';
import { seal } from './seal.ts';
import type { StatisticsTally } from './statistics.ts';

export type LevelOperation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

/** What a batch must know of what is stored. */
export interface StoredState {
  /** The record under the key, as it was before the batch; undefined if absent or damaged. */
  record(key: Buffer): CountedRecord | undefined;
  /** The collection's statistics before the batch. */
  tally(id: string): StatisticsTally;
  /** Rows that damaged records left and the batch must remove. */
  readonly leftovers: readonly Buffer[];
}

const NO_BODY = Buffer.alloc(0);

/** The writes of several callers, gathered into one atomic batch. Later changes see earlier ones. */
export class ImageBatch {
  readonly #stored: StoredState;
  readonly #operations: LevelOperation[] = [];
  /** Records as this batch leaves them, by the text of their key; undefined once removed. */
  readonly #records = new Map<string, CountedRecord | undefined>();
  readonly #tallies = new Map<string, StatisticsTally>();

  constructor(stored: StoredState) {
    this.#stored = stored;
    for (const key of stored.leftovers) this.#delete(key);
  }

  apply(id: string, change: ImageChange): ChangeOutcome {
    const key = imageKey(id, change.kind === 'put' ? change.image : change.key);
    const tally = this.#tally(id);
    const before = this.#record(key);
    if (before !== undefined) {
      tally.remove(before);
      if (before.kept !== undefined) this.#delete(before.kept.referenceKey);
    }
    const revision = tally.nextRevision();
    if (change.kind === 'remove') this.#removeImage(key);
    else this.#putImage(id, key, encodeImageRecord(change.image, revision));
    if (before === undefined) return { revision };
    const previous = before.kept === undefined ? {} : { objectHash: before.kept.hash };
    return { revision, previous };
  }

  /** All operations, and the statistics that each collection has once they are written. */
  finish(): {
    readonly operations: readonly LevelOperation[];
    readonly statistics: ReadonlyMap<string, CollectionStatistics>;
  } {
    const statistics = new Map<string, CollectionStatistics>();
    for (const [id, tally] of this.#tallies) {
      statistics.set(id, tally.read());
      this.#operations.push(statisticsOperation(id, tally.read()));
    }
    return { operations: this.#operations, statistics };
  }

  #putImage(id: string, key: Buffer, body: Buffer): void {
    const record = sealRecord(id, key, body);
    this.#put(key, record.value);
    this.#records.set(key.toString('latin1'), record);
    this.#tally(id).add(record);
    if (record.kept !== undefined) this.#put(record.kept.referenceKey, NO_BODY);
  }

  #removeImage(key: Buffer): void {
    this.#delete(key);
    this.#records.set(key.toString('latin1'), undefined);
  }

  #put(key: Buffer, value: Buffer): void {
    this.#operations.push({ type: 'put', key, value });
  }

  #delete(key: Buffer): void {
    this.#operations.push({ type: 'del', key });
  }

  #record(key: Buffer): CountedRecord | undefined {
    const name = key.toString('latin1');
    return this.#records.has(name) ? this.#records.get(name) : this.#stored.record(key);
  }

  #tally(id: string): StatisticsTally {
    let tally = this.#tallies.get(id);
    if (tally === undefined) {
      tally = this.#stored.tally(id);
      this.#tallies.set(id, tally);
    }
    return tally;
  }
}

/** Writes a collection's statistics. */
export function statisticsOperation(id: string, statistics: CollectionStatistics): LevelOperation {
  const key = statisticsKey(id);
  return { type: 'put', key, value: seal(key, Buffer.from(JSON.stringify(statistics))) };
}
