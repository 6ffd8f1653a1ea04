import { decodeKeptObject, type KeptObject } from './record-format.ts';
import type { CollectionStatistics } from './record-store.ts';
import { readSeal } from './seal.ts';
import { SetDigest } from './set-digest.ts';

/** A sealed record, opened: its whole value and its body. */
export interface OpenedRecord {
  readonly value: Uint8Array;
  readonly body: Uint8Array;
}

/** The statistics of one collection while they change. A damaged record counts as absent. */
export class StatisticsTally {
  #images: number;
  #storedBytes: number;
  #lastRevision: number;
  readonly #digest: SetDigest;

  constructor(from?: CollectionStatistics) {
    this.#images = from?.images ?? 0;
    this.#storedBytes = from?.storedBytes ?? 0;
    this.#lastRevision = from?.lastRevision ?? 0;
    this.#digest = from === undefined ? new SetDigest() : SetDigest.fromHex(from.digest);
  }

  nextRevision(): number {
    this.#lastRevision += 1;
    return this.#lastRevision;
  }

  /** Of a record that was found, when the statistics are made anew. */
  noteRevision(revision: number): void {
    this.#lastRevision = Math.max(this.#lastRevision, revision);
  }

  add(record: OpenedRecord): KeptObject | undefined {
    this.#images += 1;
    this.#digest.add(readSeal(record.value));
    const kept = decodeKeptObject(record.body);
    this.#storedBytes += record.value.length + (kept?.bytes ?? 0);
    return kept;
  }

  remove(record: OpenedRecord): KeptObject | undefined {
    this.#images -= 1;
    this.#digest.remove(readSeal(record.value));
    const kept = decodeKeptObject(record.body);
    this.#storedBytes -= record.value.length + (kept?.bytes ?? 0);
    return kept;
  }

  read(): CollectionStatistics {
    return {
      images: this.#images,
      storedBytes: this.#storedBytes,
      digest: this.#digest.toHex(),
      lastRevision: this.#lastRevision,
    };
  }
}

export const NO_STATISTICS: CollectionStatistics = new StatisticsTally().read();
