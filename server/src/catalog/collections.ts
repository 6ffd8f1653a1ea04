import { ApiError } from '@likeness/shared/errors';

import type { CollectionRecord, RecordStore } from '../store/record-store.ts';
import type { CollectionInfo, CollectionSettings, Facade } from './catalog.ts';
import { CollectionState, recordOf } from './collection-state.ts';
import { serviceTypeOfCollection } from './framing.ts';
import type { IndexLoader } from './index-loader.ts';
import type { StoreGuard } from './store-guard.ts';

export interface CollectionsOptions {
  readonly records: RecordStore;
  readonly indexes: IndexLoader;
  readonly guard: StoreGuard;
  readonly now: () => number;
  /** A new id of `[0-9a-z]`. */
  readonly createId: () => string;
}

/** The collections by id and by name, and what changes them as a whole. */
export class Collections {
  readonly #options: CollectionsOptions;
  readonly #byId = new Map<string, CollectionState>();
  readonly #byName = new Map<string, CollectionState>();
  /** Names of collections that are being created. */
  readonly #promised = new Set<string>();
  /** Collections whose removal of images did not end. */
  readonly #unfinished = new Map<CollectionState, 'clearing' | 'deleting'>();

  constructor(options: CollectionsOptions) {
    this.#options = options;
  }

  /** Brings every collection into memory, ending what a crash interrupted. Resolves to those of a snapshot. */
  async open(): Promise<readonly CollectionState[]> {
    const ofSnapshots: CollectionState[] = [];
    for (const record of await this.#options.records.collections()) {
      const { state, isOfSnapshot } = await this.#load(record);
      this.#add(state);
      if (record.state !== 'ready') {
        this.#unfinished.set(state, record.state);
        await this.#finish(state);
      } else if (isOfSnapshot) {
        ofSnapshots.push(state);
      }
    }
    await this.#options.indexes.removeOthers(new Set(this.#byId.keys()));
    return ofSnapshots;
  }

  all(): readonly CollectionState[] {
    return [...this.#byId.values()];
  }

  list(facade: Facade): readonly CollectionInfo[] {
    const infos = this.all().map((state) => state.info());
    return infos
      .filter((info) => info.facade === facade)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws `InvalidInstance` when there is none of that name. */
  named(facade: Facade, name: string): CollectionState {
    const state = this.#byName.get(nameKey({ facade, name }));
    if (state === undefined) throw new ApiError('InvalidInstance');
    return state;
  }

  /** Throws `InvalidInstance` when it has been deleted since `info` was read. */
  of(info: CollectionInfo): CollectionState {
    const state = this.#byId.get(info.id);
    if (state === undefined) throw new ApiError('InvalidInstance');
    return state;
  }

  /** Throws `InstanceAlreadyExists`. */
  async create(settings: CollectionSettings): Promise<CollectionInfo> {
    const name = nameKey(settings);
    serviceTypeOfCollection(settings);
    if (this.#byName.has(name) || this.#promised.has(name)) {
      throw new ApiError('InstanceAlreadyExists');
    }
    this.#promised.add(name);
    try {
      const { records, createId, now } = this.#options;
      const createdMs = now();
      const named = { id: createId(), createdMs, updatedMs: createdMs, settings };
      const record = recordOf(named, 'ready');
      await this.#options.guard.write(() => records.putCollection(record));
      const { state } = await this.#load(record);
      this.#add(state);
      return state.info();
    } finally {
      this.#promised.delete(name);
    }
  }

  async update(
    state: CollectionState,
    changes: Partial<CollectionSettings>,
  ): Promise<CollectionInfo> {
    await state.settingsLock.run([state.id], async () => {
      state.requireReady();
      const settings = { ...state.settings, ...changes };
      const updatedMs = this.#options.now();
      const { id, createdMs } = state;
      const record = recordOf({ id, createdMs, updatedMs, settings }, 'ready');
      await this.#options.guard.write(() => this.#options.records.putCollection(record));
      state.settings = settings;
      state.updatedMs = updatedMs;
    });
    return state.info();
  }

  /** Removes every image, and for `deleting` the collection. Resolves to how many images there were. */
  async empty(state: CollectionState, goal: 'clearing' | 'deleting'): Promise<number> {
    if (state.status === 'clearing') throw new ApiError('InstanceStatusError');
    const before = state.status;
    state.status = 'clearing';
    return state.settingsLock.run([state.id], async () => {
      try {
        await state.locks.drained();
        const record = recordOf(state, goal);
        await this.#write(() => this.#options.records.putCollection(record));
      } catch (error) {
        state.status = before;
        throw error;
      }
      const { images } = state.statistics;
      this.#unfinished.set(state, goal);
      await this.#write(() => this.#finish(state));
      return images;
    });
  }

  /** Ends what a failing disk interrupted. */
  async finishAll(): Promise<void> {
    for (const state of this.#unfinished.keys()) {
      await state.settingsLock.run([state.id], () => this.#write(() => this.#finish(state)));
    }
  }

  /** A write that removes, for which room need not be left. */
  #write(task: () => Promise<void>): Promise<void> {
    return this.#options.guard.write(task, 'remove');
  }

  /** Runs `reopen` while nothing is written, then loads again what differs from what was acknowledged. */
  async bringInLine(reopen: () => Promise<void>): Promise<void> {
    for (const state of this.#byId.values()) await state.locks.drained();
    await reopen();
    await this.#restoreRows();
    for (const state of this.#byId.values()) {
      const statistics = await this.#options.records.statistics(state.id);
      if (statistics.digest === state.statistics.digest) continue;
      const { index, unembedded } = await this.#options.indexes.rebuild(state.id);
      state.index.close();
      state.index = index;
      state.unembedded = unembedded;
      state.statistics = statistics;
    }
  }

  /** Makes the stored collections those that were acknowledged: a write that failed may be there all the same. */
  async #restoreRows(): Promise<void> {
    const { records } = this.#options;
    const stored = new Map((await records.collections()).map((record) => [record.id, record]));
    for (const id of stored.keys()) if (!this.#byId.has(id)) await records.deleteCollection(id);
    for (const state of this.#byId.values()) {
      const record = recordOf(state, this.#unfinished.get(state) ?? 'ready');
      const isSame = JSON.stringify(stored.get(state.id)) === JSON.stringify(record);
      if (!isSame) await records.putCollection(record);
    }
  }

  async #finish(state: CollectionState): Promise<void> {
    const { records, indexes } = this.#options;
    const goal = this.#unfinished.get(state);
    if (goal === undefined) return;
    state.clearRows();
    await records.clearImages(state.id);
    if (goal === 'clearing') {
      state.updatedMs = this.#options.now();
      await records.putCollection(recordOf(state, 'ready'));
      state.statistics = await records.statistics(state.id);
      state.status = 'ready';
    } else {
      await records.deleteCollection(state.id);
      this.#byId.delete(state.id);
      this.#byName.delete(nameKey(state.settings));
      state.index.close();
      await indexes.remove(state.id);
    }
    this.#unfinished.delete(state);
  }

  async #load(
    record: CollectionRecord,
  ): Promise<{ readonly state: CollectionState; readonly isOfSnapshot: boolean }> {
    const { records, indexes } = this.#options;
    const statistics = await records.statistics(record.id);
    if (record.state !== 'ready') {
      const index = indexes.createEmpty();
      const status = 'clearing';
      return {
        state: new CollectionState({ record, statistics, index, status }),
        isOfSnapshot: false,
      };
    }
    const { index, source, unembedded } = await indexes.load(record.id, statistics);
    const status = unembedded.size > 0 ? 'embedding' : 'ready';
    const state = new CollectionState({ record, statistics, index, unembedded, status });
    return { state, isOfSnapshot: source === 'snapshot' };
  }

  #add(state: CollectionState): void {
    this.#byId.set(state.id, state);
    this.#byName.set(nameKey(state.settings), state);
  }
}

function nameKey({ facade, name }: Pick<CollectionSettings, 'facade' | 'name'>): string {
  return `${facade} ${name}`;
}
