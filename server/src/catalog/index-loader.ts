import { join } from 'node:path';

import type { Disk } from '../disk/disk.ts';
import type { DamageRegister } from '../store/damage-register.ts';
import type { CollectionStatistics, RecordStore } from '../store/record-store.ts';
import { inspectSnapshot } from '../vectors/snapshot/inspect-snapshot.ts';
import type { VectorEngine, VectorIndex } from '../vectors/vector-index.ts';
import type { PackSummary } from '../vision/vision.ts';
import { formatImageKey } from '../store/image-key.ts';
import { snapshotDamage } from './snapshot-damage.ts';
import { SNAPSHOT_SUFFIX, snapshotPath } from './snapshot-path.ts';
import { indexRowOf } from './stored-image.ts';

export interface IndexLoaderOptions {
  readonly records: RecordStore;
  readonly vectors: VectorEngine;
  readonly pack: PackSummary;
  readonly disk: Disk;
  /** Where snapshots lie; everything in it is derived. */
  readonly folder: string;
  readonly damage: Pick<DamageRegister, 'note'>;
}

/** An index and where it came from. */
export interface LoadedIndex {
  readonly index: VectorIndex;
  /** `records` were all read and checked on the way; a `snapshot`'s have yet to be. */
  readonly source: 'snapshot' | 'records';
  /** Keys of the records that another pack embedded: they are not in the index. */
  readonly unembedded: Set<string>;
}

/** Brings a collection's index into memory, and keeps a snapshot of it for the next start. */
export class IndexLoader {
  readonly #options: IndexLoaderOptions;

  constructor(options: IndexLoaderOptions) {
    this.#options = options;
  }

  createEmpty(): VectorIndex {
    const { vectors, pack } = this.#options;
    return vectors.createIndex({ dims: pack.dims, calibration: pack.pictureCalibration });
  }

  /** From the snapshot if it holds exactly these records, else from the records. */
  async load(id: string, statistics: CollectionStatistics): Promise<LoadedIndex> {
    if (statistics.images > 0) {
      const { vectors, pack } = this.#options;
      const options = { dims: pack.dims, calibration: pack.pictureCalibration };
      const index = await vectors.loadIndex(this.#path(id), this.#tag(statistics), options);
      if (index?.size === statistics.images) {
        return { index, source: 'snapshot', unembedded: new Set() };
      }
      index?.close();
      // Beside each other: a whole checksum is read of what is then thrown away.
      const inspection = index === undefined ? this.#noteDamaged(id) : undefined;
      const [rebuilt] = await Promise.all([this.rebuild(id), inspection]);
      return rebuilt;
    }
    return this.rebuild(id);
  }

  /** A snapshot that is missing, or of an earlier state, is none. */
  async #noteDamaged(id: string): Promise<void> {
    const found = await inspectSnapshot(this.#path(id)).catch(() => 'damaged' as const);
    if (found === 'damaged') this.#options.damage.note(snapshotDamage(id));
  }

  /** From the records, each of which is checked. */
  async rebuild(id: string): Promise<LoadedIndex> {
    const { records, pack, damage } = this.#options;
    const index = this.createEmpty();
    const unembedded = new Set<string>();
    for await (const step of records.scan(id)) {
      if (step.kind === 'damage') {
        damage.note(step.damage);
      } else if (step.record.fingerprint === pack.fingerprint) {
        index.put(indexRowOf(step.record));
      } else {
        unembedded.add(formatImageKey(step.record));
      }
    }
    return { index, source: 'records', unembedded };
  }

  /** Saves the index in one step, if it is still what `statistics` say when it has been written. */
  async save(
    id: string,
    index: VectorIndex,
    statistics: () => CollectionStatistics,
  ): Promise<boolean> {
    const { disk, folder } = this.#options;
    const tag = this.#tag(statistics());
    const temporary = `${this.#path(id)}.new`;
    await index.save(temporary, tag);
    if (this.#tag(statistics()) !== tag) {
      await disk.remove(temporary);
      return false;
    }
    await disk.rename(temporary, this.#path(id));
    await disk.syncFolder(folder);
    return true;
  }

  async remove(id: string): Promise<void> {
    await this.#options.disk.remove(this.#path(id));
  }

  /** Removes snapshots of collections that are gone, and half-written ones. */
  async removeOthers(ids: ReadonlySet<string>): Promise<void> {
    const { disk, folder } = this.#options;
    for (const name of await disk.list(folder)) {
      const isSnapshot = name.endsWith(SNAPSHOT_SUFFIX);
      const isKnown = isSnapshot && ids.has(name.slice(0, -SNAPSHOT_SUFFIX.length));
      if (!isKnown) await disk.remove(join(folder, name));
    }
  }

  #path(id: string): string {
    return snapshotPath(this.#options.folder, id);
  }

  /** What a snapshot was made of: it is good for exactly these records and this pack. */
  #tag({ images, digest }: CollectionStatistics): string {
    return [images, digest, this.#options.pack.fingerprint].join(' ');
  }
}
