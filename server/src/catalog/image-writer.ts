import { compareCodePoints } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';
import { matches, type Filter } from '@likeness/shared/filter';

import { formatImageKey, normalizeImageKey, parseImageKey } from '../store/image-key.ts';
import type { ImageRecord, NewImageRecord } from '../store/image-record.ts';
import type { RecordStore } from '../store/record-store.ts';
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
import { analyzePicture, timeStage } from './stages.ts';
import type { StoreGuard, WriteKind } from './store-guard.ts';
import { indexRowOf, storedImageOf } from './stored-image.ts';
import { WorkGate, type GateLoad } from './work-gate.ts';

/** Keys fetched from the index, and records from the store, at once. */
const PAGE_ROWS = 1_000;

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
    return this.#guarded(options, () => this.#locked(state, [key], options, apply));
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
    const remove = async (): Promise<readonly ImageKey[]> => {
      // Behind the guard: what a failed write left, and a reopened store shows, goes too.
      const keys = await listTargets(state, target);
      const removeKeys = (): Promise<readonly ImageKey[]> => this.#removeKeys(state, keys, target);
      return keys.length === 0 ? [] : this.#locked(state, keys, options, removeKeys);
    };
    return this.#guarded(options, remove, 'remove');
  }

  async #removeKeys(
    state: CollectionState,
    keys: readonly ImageKey[],
    target: RemoveTarget,
  ): Promise<readonly ImageKey[]> {
    const filter = target.kind === 'filter' ? target.filter : undefined;
    const doomed = filter === undefined ? keys : await this.#stillMatching(state, keys, filter);
    const changes = doomed.map((key) => ({ kind: 'remove', key }) as const);
    const { outcomes, statistics } = await this.#options.records.write(state.id, changes);
    state.statistics = statistics;
    await state.removeRows(doomed.map(formatImageKey));
    for (const { previous } of outcomes) {
      if (previous?.objectHash !== undefined) this.#options.objects.release(previous.objectHash);
    }
    return doomed.filter((_, index) => outcomes[index]?.previous !== undefined);
  }

  /** The last step of an add, with the picture analysed and its bytes stored. */
  #put(state: CollectionState, image: NewImageRecord, options: CallOptions): Promise<void> {
    const { records, objects } = this.#options;
    return this.#locked(state, [image], options, async () => {
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

  async #stillMatching(
    state: CollectionState,
    keys: readonly ImageKey[],
    filter: Filter,
  ): Promise<readonly ImageKey[]> {
    const matching: ImageKey[] = [];
    for (let start = 0; start < keys.length; start += PAGE_ROWS) {
      const page = keys.slice(start, start + PAGE_ROWS);
      const found = await this.#options.records.getMany(state.id, page);
      for (const [index, key] of page.entries()) {
        const step = found[index];
        if (step?.kind === 'image' && matches(filter, step.record.attributes)) matching.push(key);
      }
    }
    return matching;
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
    keys: readonly ImageKey[],
    options: CallOptions,
    task: () => Promise<Result>,
  ): Promise<Result> {
    return state.locks.run(keys.map(formatImageKey), async () => {
      // The store may have failed, the collection or the client gone, while this waited.
      this.#options.guard.requireInLine();
      state.requireReady();
      options.signal?.throwIfAborted();
      return task();
    });
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

async function listTargets(
  { index, unembedded }: CollectionState,
  target: RemoveTarget,
): Promise<readonly ImageKey[]> {
  if (target.kind === 'picture') return [normalizeImageKey(target)];
  // What is not in the index is not found there; whether it matches a filter is seen in its record.
  const others = [...unembedded];
  if (target.kind === 'product') {
    const { productId } = normalizeImageKey({ productId: target.productId, picName: '' });
    const own = others.filter((key) => parseImageKey(key).productId === productId);
    return inKeyOrder([...index.keysOfGroup(productId), ...own]);
  }
  const keys: string[] = [];
  for (let after: string | undefined; ;) {
    const scope = { filter: target.filter, ...(after !== undefined && { after }) };
    const page = await index.list({ ...scope, start: 0, num: PAGE_ROWS });
    for (const { key } of page.keys) keys.push(key);
    after = page.keys.at(-1)?.key;
    if (page.keys.length === PAGE_ROWS && after !== undefined) continue;
    // The index answers in the order of the keys.
    return others.length === 0 ? keys.map(parseImageKey) : inKeyOrder([...keys, ...others]);
  }
}

function inKeyOrder(keys: readonly string[]): readonly ImageKey[] {
  return keys.toSorted(compareCodePoints).map(parseImageKey);
}
