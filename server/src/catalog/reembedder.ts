import { ApiError } from '@likeness/shared/errors';

import { formatImageKey, parseImageKey } from '../store/image-key.ts';
import type { ImageRecord, NewImageRecord } from '../store/image-record.ts';
import { DamagedObjectError, type ObjectStore } from '../store/object-store.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { Framing, PictureAnalysis, PictureRequest, Vision } from '../vision/vision.ts';
import type { CollectionSettings, Facade } from './catalog.ts';
import { chooseCategory } from './categories.ts';
import type { CollectionState } from './collection-state.ts';
import { subjectFraming } from './framing.ts';
import type { StoreGuard } from './store-guard.ts';
import { indexRowOf } from './stored-image.ts';

/** Pictures that are held in memory, and whose records are written, at once. */
const BATCH_PICTURES = 16;
/** A look that took its process along, or too long, is tried once more: the picture need not be why. */
const MAX_LOOKS = 2;
const NOT_THE_PICTURES_FAULT: ReadonlySet<string> = new Set([
  'InternalError',
  'ExtractFeatureTimeout',
]);

/** What became of a collection that another pack had embedded. */
export interface ReembeddingReport {
  readonly facade: Facade;
  readonly name: string;
  /** Pictures that were embedded again since this process began. */
  readonly embedded: number;
  /** Pictures that searches and lists leave out from now on, by reason. */
  readonly notKept: number;
  readonly missing: number;
  readonly unreadable: number;
}

type Loss = 'notKept' | 'missing' | 'unreadable';
type Tally = Record<Loss | 'embedded', number>;

export interface ReembedderOptions {
  readonly records: RecordStore;
  readonly objects: ObjectStore;
  readonly guard: StoreGuard;
  readonly vision: Vision;
  readonly onReembedded: (report: ReembeddingReport) => void;
}

/**
 * Embeds the pictures of a collection again, with the pack in use.
 *
 * Each record is replaced by itself with another vector, so that it may be cut off anywhere: what
 * carries the pack's fingerprint is done. The collection answers nothing before all of it is.
 */
export class Reembedder {
  readonly #options: ReembedderOptions;
  readonly #tallies = new WeakMap<CollectionState, Tally>();

  constructor(options: ReembedderOptions) {
    this.#options = options;
  }

  /** Makes the collection ready. Rejects when it must be tried again, with what is left. */
  async run(state: CollectionState, signal: AbortSignal): Promise<void> {
    if (state.status !== 'embedding') return;
    const tally = {
      embedded: 0,
      ...this.#tallies.get(state),
      notKept: 0,
      missing: 0,
      unreadable: 0,
    };
    this.#tallies.set(state, tally);
    const keys = [...state.unembedded];
    for (let start = 0; start < keys.length; start += BATCH_PICTURES) {
      await this.#embedBatch(state, keys.slice(start, start + BATCH_PICTURES), { signal, tally });
    }
    requireEmbedding(state, signal);
    state.status = 'ready';
    const { facade, name } = state.settings;
    this.#options.onReembedded({ facade, name, ...tally });
  }

  async #embedBatch(
    state: CollectionState,
    keys: readonly string[],
    { signal, tally }: { readonly signal: AbortSignal; readonly tally: Tally },
  ): Promise<void> {
    requireEmbedding(state, signal);
    const { records, guard } = this.#options;
    const found = await records.getMany(state.id, keys.map(parseImageKey));
    const stale = found.flatMap((step) => (step?.kind === 'image' ? [step.record] : []));
    const looks = await Promise.all(stale.map((record) => this.#look(state, record, signal)));
    const images = looks.filter((look) => typeof look !== 'string');
    for (const look of looks) if (typeof look === 'string') tally[look] += 1;
    if (images.length === 0) return;
    await guard.write(() =>
      state.locks.run(images.map(formatImageKey), () => this.#put(state, images, signal)),
    );
    tally.embedded += images.length;
  }

  /** The record with its new vector, or why there is none. */
  async #look(
    state: CollectionState,
    record: ImageRecord,
    signal: AbortSignal,
  ): Promise<NewImageRecord | Loss> {
    if (record.objectHash === undefined) return 'notKept';
    const picture = await this.#read(record.objectHash);
    if (picture === undefined) return 'missing';
    const analysis = await this.#analyze(requestOf(state.settings, record, picture), signal);
    if (analysis === undefined) return 'unreadable';
    const given = record.categoryGiven ? record.category : undefined;
    return {
      ...record,
      category: chooseCategory(state.settings, given, analysis.categories),
      region: analysis.region,
      fingerprint: this.#options.vision.pack.fingerprint,
      vector: analysis.vector,
    };
  }

  async #read(hash: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#options.objects.get(hash);
    } catch (error) {
      if (error instanceof DamagedObjectError) return undefined;
      throw error;
    }
  }

  /** Undefined for a picture that cannot be looked at. */
  async #analyze(
    request: PictureRequest,
    signal: AbortSignal,
  ): Promise<PictureAnalysis | undefined> {
    for (let looks = 1; looks <= MAX_LOOKS; looks += 1) {
      try {
        return await this.#options.vision.analyze(request, signal);
      } catch (error) {
        if (!ApiError.is(error) || error.code === 'ServiceUnavailable') throw error;
        if (!NOT_THE_PICTURES_FAULT.has(error.code)) return undefined;
      }
    }
    return undefined;
  }

  /** The records, then the rows in the same turn, as every write does it. */
  async #put(
    state: CollectionState,
    images: readonly NewImageRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    this.#options.guard.requireInLine();
    requireEmbedding(state, signal);
    const changes = images.map((image) => ({ kind: 'put', image }) as const);
    const { outcomes, statistics } = await this.#options.records.write(state.id, changes);
    state.statistics = statistics;
    for (const [index, image] of images.entries()) {
      state.putRow(indexRowOf({ ...image, revision: outcomes[index]?.revision ?? 0 }));
    }
  }
}

/** Nobody but us writes to a collection that is being embedded; but it may be cleared or deleted. */
function requireEmbedding(state: CollectionState, signal: AbortSignal): void {
  signal.throwIfAborted();
  if (state.status !== 'embedding') throw new ApiError('InstanceStatusError');
}

/** What was once accepted is accepted again, framed as it was. */
function requestOf(
  settings: CollectionSettings,
  record: ImageRecord,
  picture: Uint8Array,
): PictureRequest {
  const { widthPx, heightPx } = record;
  const part = framingOf(settings, record);
  const limits = {
    maxBytes: picture.length,
    minSidePx: 1,
    maxSidePx: Math.max(widthPx, heightPx),
    orientation: 'apply',
  } as const;
  return { picture, framing: part, limits, priority: 'background' };
}

function framingOf(settings: CollectionSettings, { framing, region }: ImageRecord): Framing {
  switch (framing) {
    case 'box':
      return { kind: 'box', box: region };
    case 'subject':
      return subjectFraming(settings);
    case 'whole':
      return { kind: 'whole' };
  }
}
