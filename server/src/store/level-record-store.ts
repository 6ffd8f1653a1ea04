import { CommitQueue, type PendingWrite } from './commit-queue.ts';
import type { Damage } from './damage.ts';
import type { Disk } from '../disk/disk.ts';
import { addressesOf, applyWrites, coverErased } from './apply-writes.ts';
import { examineValues } from './examine-store.ts';
import { ImageBatch, statisticsOperation, type LevelOperation } from './image-batch.ts';
import type { ImageKey } from './image-key.ts';
import type { ImageRecord } from './image-record.ts';
import type { Erasures } from './level-erasures.ts';
import {
  openLevel,
  probeFolder,
  writeSynced,
  type LevelFolders,
  type LevelHandle,
} from './level-handle.ts';
import { findClearance, readImages, scanImages } from './level-images.ts';
import { collectionKey, statisticsKey } from './level-keys.ts';
import { checkReferences, hasReferrer } from './level-references.ts';
import { checkTables } from './level-tables.ts';
import { loadLevel, noteClosed, openStore, type OpenedLevel } from './open-store.ts';
import {
  DamagedRecordError,
  StoreFailedError,
  type CollectionRecord,
  type CollectionStatistics,
  type ImageChange,
  type RecordStore,
  type ScannedImage,
  type WriteResult,
} from './record-store.ts';
import { seal } from './seal.ts';
import { NO_STATISTICS } from './statistics.ts';
import { purgeErased } from './purge-erased.ts';
import type { RepairOptions } from './repaired-store.ts';
import { StandIn } from './stand-in.ts';
import { readStoredState } from './stored-records.ts';
import { readValues, valueOperation } from './level-values.ts';
import type { NameRange, ValueChange, ValueStore } from './value-store.ts';

export interface LevelRecordStoreOptions extends LevelFolders {
  readonly disk: Disk;
  /** Opens LevelDB: a seam, so that tests can make its writes fail. */
  readonly openLevel?: (folder: string) => Promise<LevelHandle>;
}

/** A {@link RecordStore} in a LevelDB folder, which one process at a time can open. */
export class LevelRecordStore implements RecordStore, ValueStore {
  readonly #options: RepairOptions;
  readonly #queue = new CommitQueue((writes) => this.#commitWrites(writes));
  #level: LevelHandle;
  #damage: readonly Damage[] = [];
  #collections = new Map<string, CollectionRecord>();
  #statistics = new Map<string, CollectionStatistics>();
  #erasures: Erasures;
  /** Collections whose statistics say nothing until they are cleared. */
  readonly #clearing = new Set<string>();
  /** Scans that have not ended. */
  #scans = 0;
  #failure: StoreFailedError | undefined;
  /** Under way while the store is being reopened: reads wait for it. */
  #reopening: Promise<void> | undefined;
  readonly #standIn: StandIn;

  private constructor(options: RepairOptions, opened: OpenedLevel) {
    this.#options = options;
    this.#standIn = new StandIn(options);
    this.#level = opened.level;
    this.#erasures = opened.erasures;
    this.#adopt(opened);
  }

  /** Checks the folder, mends it if need be, opens it and reads its collections. See {@link openStore}. */
  static async open(options: LevelRecordStoreOptions): Promise<LevelRecordStore> {
    const complete = { ...options, openLevel: options.openLevel ?? openLevel };
    return new LevelRecordStore(complete, await openStore(complete));
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get damage(): readonly Damage[] {
    return this.#damage;
  }

  async collections(): Promise<readonly CollectionRecord[]> {
    return [...this.#collections.values()];
  }

  putCollection(collection: CollectionRecord): Promise<void> {
    return this.#queue.exclusive(async () => {
      const { id } = collection;
      const key = collectionKey(id);
      const statistics = this.#statistics.get(id) ?? NO_STATISTICS;
      await this.#commit([
        { type: 'put', key, value: seal(key, Buffer.from(JSON.stringify(collection))) },
        statisticsOperation(id, statistics),
      ]);
      this.#collections.set(id, collection);
      this.#statistics.set(id, statistics);
    });
  }

  deleteCollection(id: string): Promise<void> {
    return this.#queue.exclusive(async () => {
      await this.#commit([
        { type: 'del', key: collectionKey(id) },
        { type: 'del', key: statisticsKey(id) },
      ]);
      this.#collections.delete(id);
      this.#statistics.delete(id);
    });
  }

  async clearImages(id: string): Promise<void> {
    const clearPiece = async (): Promise<boolean> => {
      const deletions = await findClearance(this.#level, id);
      const [first] = deletions;
      if (first === undefined) return false;
      await this.#commit([...deletions, ...this.#erasures.coverAll(id, first.key)]);
      return true;
    };
    this.#clearing.add(id);
    while (await this.#queue.exclusive(clearPiece));
    await this.#queue.exclusive(async () => {
      const { lastRevision } = this.#statistics.get(id) ?? NO_STATISTICS;
      const cleared = { ...NO_STATISTICS, lastRevision };
      await this.#commit([statisticsOperation(id, cleared)]);
      this.#statistics.set(id, cleared);
      this.#clearing.delete(id);
    });
  }

  async statistics(id: string): Promise<CollectionStatistics> {
    return this.#statistics.get(id) ?? NO_STATISTICS;
  }

  write(id: string, changes: readonly ImageChange[]): Promise<WriteResult> {
    return this.#queue.write(id, changes);
  }

  async get(id: string, key: ImageKey): Promise<ImageRecord | undefined> {
    const [scanned] = await this.getMany(id, [key]);
    if (scanned?.kind === 'damage') throw new DamagedRecordError(scanned.damage);
    return scanned?.record;
  }

  async getMany(
    id: string,
    keys: readonly ImageKey[],
  ): Promise<readonly (ScannedImage | undefined)[]> {
    return readImages(await this.#openHandle(), id, keys);
  }

  async *scan(id: string, { isLookedUp } = { isLookedUp: false }): AsyncGenerator<ScannedImage> {
    this.#scans += 1;
    try {
      // Between two batches, so that the rows and the statistics are of one moment.
      const rows = await this.#queue.exclusive(async () => {
        const expected = this.#clearing.has(id) ? undefined : this.#statistics.get(id);
        return scanImages(this.#level, id, { expected, isLookedUp });
      });
      yield* rows;
    } finally {
      this.#scans -= 1;
    }
  }

  async isReferenced(objectHash: string): Promise<boolean> {
    return hasReferrer(await this.#openHandle(), objectHash);
  }

  async checkReferences(): Promise<readonly Damage[]> {
    const check = await this.#queue.exclusive(async () => {
      const comparable = new Map(this.#statistics);
      for (const id of this.#clearing) comparable.delete(id);
      return { damage: checkReferences(this.#level, comparable) };
    });
    return check.damage;
  }

  async readValues(range: NameRange): ReturnType<ValueStore['readValues']> {
    return readValues(await this.#openHandle(), range);
  }

  writeValues(changes: readonly ValueChange[]): Promise<void> {
    return this.#queue.exclusive(() => this.#commit(changes.map(valueOperation)));
  }

  async checkRest(): Promise<readonly Damage[]> {
    const found: Damage[] = [];
    for await (const damage of examineValues(this.#level)) found.push(damage);
    const { folder, disk } = this.#options;
    for await (const damage of checkTables(folder, disk)) found.push(damage);
    return found;
  }

  get hasErased(): boolean {
    return this.#erasures.ids.length > 0;
  }

  async purge(signal?: AbortSignal): Promise<boolean> {
    if (this.#scans > 0 || this.failed) return false;
    const level = (): Promise<LevelHandle> => this.#openHandle();
    const commit = (operations: readonly LevelOperation[]): Promise<void> =>
      this.#queue.exclusive(() => this.#commit(operations));
    return purgeErased({ level, erasures: () => this.#erasures, commit }, signal);
  }

  reopen(): Promise<void> {
    this.#reopening ??= this.#queue
      .exclusive(() => this.#closeAndOpen())
      .finally(() => {
        this.#reopening = undefined;
      });
    return this.#reopening;
  }

  async close(): Promise<void> {
    await this.#queue.exclusive(async () => {
      await this.#level.close();
      await this.#standIn.close();
    });
    await noteClosed(this.#options);
  }

  /** Reads wait for a store that is being reopened. Where that fails, the old handle reads on, or the one that stands in. */
  async #openHandle(): Promise<LevelHandle> {
    await this.#reopening?.catch(() => undefined);
    return this.#level;
  }

  async #closeAndOpen(): Promise<void> {
    await probeFolder(this.#options.folder, this.#options.disk);
    const standIn = await this.#standIn.open();
    if (this.#level !== standIn) await this.#level.close();
    this.#level = standIn ?? this.#level;
    this.#adopt(await loadLevel(this.#options));
    this.#failure = undefined;
    // What is left of it is removed by the next one, or a start.
    await this.#standIn.close().catch(() => undefined);
  }

  #adopt({ level, collections, statistics, erasures, damage }: OpenedLevel): void {
    this.#level = level;
    this.#collections = collections;
    this.#statistics = statistics;
    this.#erasures = erasures;
    this.#damage = damage;
  }

  /** Writes one batch for all of them. Settles each; never rejects. */
  async #commitWrites(writes: readonly PendingWrite[]): Promise<void> {
    try {
      const results = await this.#commitBatch(writes);
      for (const [index, write] of writes.entries()) write.resolve(results[index] as WriteResult);
    } catch (error) {
      if (writes.length === 1 || this.failed) for (const write of writes) write.reject(error);
      // One of them cannot be written, such as a record of nonsense: the others must not pay for it.
      else for (const write of writes) await this.#commitWrites([write]);
    }
  }

  async #commitBatch(writes: readonly PendingWrite[]): Promise<readonly WriteResult[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const addresses = await addressesOf(writes);
    const stored = await readStoredState(this.#level, addresses, this.#statistics);
    const batch = new ImageBatch(stored);
    const outcomes = await applyWrites(batch, writes);
    const { operations, statistics } = batch.finish();
    const covering = await coverErased(this.#erasures, addresses, writes);
    await this.#commit([...operations, ...covering]);
    for (const [id, changed] of statistics) this.#statistics.set(id, changed);
    return writes.map(({ id }, index) => ({
      outcomes: outcomes[index] ?? [],
      statistics: statistics.get(id) ?? NO_STATISTICS,
    }));
  }

  /** The only place that changes what is on the disk. After a failure it refuses. */
  async #commit(operations: readonly LevelOperation[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (operations.length === 0) return;
    try {
      await writeSynced(this.#level, operations);
    } catch (error) {
      this.#failure = new StoreFailedError(error);
      throw this.#failure;
    }
  }
}
