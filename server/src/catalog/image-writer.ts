import { ApiError } from '@likeness/shared/errors';

import { formatImageKey, normalizeImageKey, parseImageKey } from '../store/image-key.ts';
import type { ImageRecord, NewImageRecord } from '../store/image-record.ts';
import { inTurns } from '../store/in-turns.ts';
import type { ImageChange, RecordStore } from '../store/record-store.ts';
import type { Framing, PictureAnalysis, Vision } from '../vision/vision.ts';
import type {
  AddImage,
  CallOptions,
  ImageKey,
  PictureFindings,
  RemoveTarget,
  StoredImage,
  UpdateImage,
} from './catalog.ts';
import { chooseCategory } from './categories.ts';
import type { CollectionState } from './collection-state.ts';
import { chooseFraming, lacksItem, pictureLimits, regionsOf } from './framing.ts';
import { WRITE_GATE } from './limits.ts';
import type { ObjectKeeper } from './object-keeper.ts';
import { readRecord } from './read-record.ts';
import { listMatching, listNamed } from './remove-targets.ts';
import { analyzePicture, timeStage } from './stages.ts';
import type { StoreGuard, WriteKind } from './store-guard.ts';
import { indexRowOf, storedImageOf } from './stored-image.ts';
import { WorkGate, type GateLoad } from './work-gate.ts';

/** Keys handled in one turn of the event loop: a few milliseconds. */
const KEYS_PER_TURN = 500;

export interface ImageWriterOptions {
  readonly records: RecordStore;
  readonly objects: ObjectKeeper;
  readonly guard: StoreGuard;
  readonly vision: Vision;
  readonly now: () => number;
}

/**
 * The write path: analyse, keep the picture, write the record, then change the index.
 *
 * The index changes in the same turn in which the store acknowledges, with the picture's key held, so
 * that index and records never disagree for longer than a read takes.
 */
export class ImageWriter {
  readonly #options: ImageWriterOptions;
  readonly #gate = new WorkGate(WRITE_GATE);

  constructor(options: ImageWriterOptions) {
    this.#options = options;
  }

  /** Writes that run, wait and were refused. */
  get load(): GateLoad {
    return this.#gate.load;
  }

  async add(
    state: CollectionState,
    image: AddImage,
    options: CallOptions,
  ): Promise<PictureFindings> {
    const { settings } = state;
    const key = normalizeImageKey(image);
    state.requireReady();
    if (isFull(state)) await this.#refuseGrowth(state, key);
    const framing = chooseFraming(settings, image);
    const { picture } = image;
    const limits = pictureLimits(settings);
    const request = { picture, framing, limits, priority: 'add' } as const;
    const analysis = await analyzePicture(this.#options.vision, request, options);
    if (lacksItem(settings, framing, analysis)) throw new ApiError('NoItemDetected');
    const record = {
      ...describePicture(state, image, { framing, analysis }),
      ...key,
      addedMs: this.#options.now(),
      fingerprint: this.#options.vision.pack.fingerprint,
    };
    const put = (objectHash?: string): Promise<void> =>
      this.#put(state, objectHash === undefined ? record : { ...record, objectHash }, options);
    await this.#guarded(options, () =>
      (image.keepPicture ?? settings.keepPictures)
        ? this.#options.objects.keep(image.picture, put)
        : put(),
    );
    return { category: record.category, region: record.region, regions: regionsOf(analysis) };
  }

  async update(
    state: CollectionState,
    update: UpdateImage,
    options: CallOptions,
  ): Promise<StoredImage> {
    const key = normalizeImageKey(update);
    state.requireReady();
    const apply = (): Promise<StoredImage> => this.#update(state, { ...update, ...key });
    return this.#guarded(options, () => this.#locked(state, [formatImageKey(key)], options, apply));
  }

  async #update(state: CollectionState, update: UpdateImage): Promise<StoredImage> {
    const { records } = this.#options;
    const current = await readRecord(records, state.id, update);
    if (current === undefined) throw new ApiError('PicNotExist');
    const image: ImageRecord = {
      ...current,
      customContent: update.customContent ?? current.customContent,
      attributes: {
        ...(update.replaceAttributes !== true && current.attributes),
        ...update.attributes,
      },
    };
    const { outcomes, statistics } = await records.write(state.id, [{ kind: 'put', image }]);
    const revision = outcomes[0]?.revision ?? current.revision;
    state.statistics = statistics;
    const row = indexRowOf({ ...image, revision });
    if (state.unembedded.has(row.key)) return storedImageOf(image);
    if (!state.index.setAttributes(row.key, row.attributes, revision)) state.index.put(row);
    return storedImageOf(image);
  }

  async remove(
    state: CollectionState,
    target: RemoveTarget,
    options: CallOptions,
  ): Promise<readonly ImageKey[]> {
    state.requireReady();
    // Behind the guard: what a failed write left, and a reopened store shows, goes too.
    return this.#guarded(options, () => this.#removeTarget(state, target, options), 'remove');
  }

  #removeTarget(
    state: CollectionState,
    target: RemoveTarget,
    options: CallOptions,
  ): Promise<readonly ImageKey[]> {
    if (target.kind === 'filter') {
      return state.locks.runAlone(async () => {
        this.#requireGoingOn(state, options);
        const keys = await listMatching(state, target.filter, this.#options.records);
        return this.#removeKeys(state, keys);
      });
    }
    const keys = listNamed(state, target);
    return this.#locked(state, keys, options, () => this.#removeKeys(state, keys));
  }

  /** In one step of the store, whatever their number. */
  async #removeKeys(state: CollectionState, keys: readonly string[]): Promise<readonly ImageKey[]> {
    const changes: (ImageChange & { readonly kind: 'remove' })[] = [];
    for await (const piece of inTurns(keys, KEYS_PER_TURN)) {
      for (const key of piece) changes.push({ kind: 'remove', key: parseImageKey(key) });
    }
    if (changes.length === 0) return [];
    const { outcomes, statistics } = await this.#options.records.write(state.id, changes);
    state.statistics = statistics;
    await state.removeRows(keys);
    const removed: ImageKey[] = [];
    for await (const piece of inTurns([...outcomes.entries()], KEYS_PER_TURN)) {
      for (const [index, { previous }] of piece) {
        const key = changes[index]?.key;
        if (previous === undefined || key === undefined) continue;
        removed.push(key);
        if (previous.objectHash !== undefined) this.#options.objects.release(previous.objectHash);
      }
    }
    return removed;
  }

  /** The last step of an add, with the picture analysed and its bytes stored. */
  #put(state: CollectionState, image: NewImageRecord, options: CallOptions): Promise<void> {
    const { records, objects } = this.#options;
    return this.#locked(state, [formatImageKey(image)], options, async () => {
      const release = await this.#reserve(state, image);
      try {
        const { outcomes, statistics } = await records.write(state.id, [{ kind: 'put', image }]);
        const outcome = outcomes[0];
        state.statistics = statistics;
        state.putRow(indexRowOf({ ...image, revision: outcome?.revision ?? 0 }));
        const replaced = outcome?.previous?.objectHash;
        if (replaced !== undefined && replaced !== image.objectHash) objects.release(replaced);
      } finally {
        release();
      }
    });
  }

  /** Takes a place for a picture that is new. Throws `InstanceOverQuota` when none is left. */
  async #reserve(state: CollectionState, key: ImageKey): Promise<() => void> {
    const [stored] = await this.#options.records.getMany(state.id, [key]);
    if (stored !== undefined) return () => undefined;
    if (isFull(state)) throw new ApiError('InstanceOverQuota');
    state.reserved += 1;
    return () => {
      state.reserved -= 1;
    };
  }

  async #refuseGrowth(state: CollectionState, key: ImageKey): Promise<void> {
    const [stored] = await this.#options.records.getMany(state.id, [key]);
    if (stored === undefined) throw new ApiError('InstanceOverQuota');
  }

  #guarded<Result>(
    options: CallOptions,
    task: () => Promise<Result>,
    kind?: WriteKind,
  ): Promise<Result> {
    return timeStage('write', options, () =>
      this.#gate.run(() => this.#options.guard.write(task, kind), options.signal),
    );
  }

  #locked<Result>(
    state: CollectionState,
    keys: readonly string[],
    options: CallOptions,
    task: () => Promise<Result>,
  ): Promise<Result> {
    return state.locks.run(keys, async () => {
      this.#requireGoingOn(state, options);
      return task();
    });
  }

  /** The store may have failed, the collection or the client gone, while a write waited. */
  #requireGoingOn(state: CollectionState, { signal }: CallOptions): void {
    this.#options.guard.requireInLine();
    state.requireReady();
    signal?.throwIfAborted();
  }
}

function isFull({ statistics, reserved, settings }: CollectionState): boolean {
  return statistics.images + reserved >= settings.capacity;
}

function describePicture(
  { settings }: CollectionState,
  image: AddImage,
  { framing, analysis }: { readonly framing: Framing; readonly analysis: PictureAnalysis },
): Omit<NewImageRecord, keyof ImageKey | 'addedMs' | 'fingerprint'> {
  const category = chooseCategory(settings, image.category, analysis.categories);
  return {
    category,
    categoryGiven: category === image.category,
    framing: framing.kind,
    region: analysis.region,
    widthPx: analysis.widthPx,
    heightPx: analysis.heightPx,
    pictureBytes: image.picture.length,
    customContent: image.customContent,
    attributes: image.attributes,
    vector: analysis.vector,
  };
}
