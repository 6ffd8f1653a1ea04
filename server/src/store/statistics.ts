import { createHash } from 'node:crypto';

import type { CountedRecord } from './opened-record.ts';
import type { CollectionStatistics } from './record-store.ts';
import { DIGEST_BYTES, SetDigest } from './set-digest.ts';

/** The statistics of one collection while they change. A damaged record counts as absent. */
export class StatisticsTally {
  #images: number;
  #storedBytes: number;
  #lastRevision: number;
  readonly #digest: SetDigest;
  readonly #references: SetDigest;

  constructor(from?: CollectionStatistics) {
    this.#images = from?.images ?? 0;
    this.#storedBytes = from?.storedBytes ?? 0;
    this.#lastRevision = from?.lastRevision ?? 0;
    this.#digest = from === undefined ? new SetDigest() : SetDigest.fromHex(from.digest);
    this.#references = from === undefined ? new SetDigest() : SetDigest.fromHex(from.references);
  }

  nextRevision(): number {
    this.#lastRevision += 1;
    return this.#lastRevision;
  }

  /** Of a record that was found, when the statistics are made anew. */
  noteRevision(revision: number): void {
    this.#lastRevision = Math.max(this.#lastRevision, revision);
  }

  add({ digest, valueBytes, kept }: CountedRecord): void {
    this.#images += 1;
    this.#storedBytes += valueBytes + (kept?.bytes ?? 0);
    this.#digest.add(digest);
    if (kept !== undefined) this.#references.add(referenceDigest(kept.referenceKey));
  }

  remove({ digest, valueBytes, kept }: CountedRecord): void {
    this.#images -= 1;
    this.#storedBytes -= valueBytes + (kept?.bytes ?? 0);
    this.#digest.remove(digest);
    if (kept !== undefined) this.#references.remove(referenceDigest(kept.referenceKey));
  }

  read(): CollectionStatistics {
    return {
      images: this.#images,
      storedBytes: this.#storedBytes,
      digest: this.#digest.toHex(),
      references: this.#references.toHex(),
      lastRevision: this.#lastRevision,
    };
  }
}

export const NO_STATISTICS: CollectionStatistics = new StatisticsTally().read();

/** The member digest of the row that says that a record keeps an object. */
export function referenceDigest(referenceKey: Uint8Array): Uint8Array {
  return createHash('sha256').update(referenceKey).digest().subarray(0, DIGEST_BYTES);
}
