import type { Disk } from '../disk/disk.ts';
import type { DamageRegister } from '../store/damage-register.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { normalizeImageKey } from '../store/image-key.ts';
import { TaskRunner } from '../tasks/task-runner.ts';
import { Calibration } from '../vectors/score/calibration.ts';
import type { VectorEngine } from '../vectors/vector-index.ts';
import type { PackSummary, PictureAnalysis, Vision } from '../vision/vision.ts';
import type {
  AddImage,
  CallOptions,
  Catalog,
  CollectionInfo,
  CollectionSettings,
  Facade,
  ImageKey,
  ListRequest,
  ListResult,
  PictureFindings,
  RemoveTarget,
  SearchRequest,
  SearchResult,
  StoredImage,
  UpdateImage,
} from './catalog.ts';
import { readHealth, type CatalogHealth } from './catalog-health.ts';
import type { CollectionState } from './collection-state.ts';
import { Collections } from './collections.ts';
import { cosineOf } from './cosine.ts';
import { chooseFraming, pictureLimits } from './framing.ts';
import { ImageSearcher } from './image-searcher.ts';
import { ImageWriter } from './image-writer.ts';
import { IndexLoader } from './index-loader.ts';
import { KeptPictures } from './kept-pictures.ts';
import { Maintenance } from './maintenance.ts';
import { ObjectKeeper } from './object-keeper.ts';
import { readRecord } from './read-record.ts';
import { Reembedder, type ReembeddingReport } from './reembedder.ts';
import { RunningVerification } from './running-verification.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import { snapshotFolderOf } from './snapshot-path.ts';
import { analyzePicture } from './stages.ts';
import { StoreGuard } from './store-guard.ts';
import { storedImageOf } from './stored-image.ts';
import type { VerificationOptions } from './verification.ts';

/** A released object is gone after this long at most, and at the next start after a crash. */
const MAINTENANCE_MS = 30_000;
/** Work that failed, as a full disk makes it, is tried again after this. */
const TASK_REST_MS = 5_000;

export interface CatalogOptions {
  readonly records: RecordStore;
  readonly objects: ObjectStore;
  readonly vision: Vision;
  readonly vectors: VectorEngine;
  readonly disk: Disk;
  /** Where snapshots go; everything in it is derived. */
  readonly derivedFolder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new id of `[0-9a-z]`, never the same twice. */
  readonly createId: () => string;
  /** Told of every damage that is found. */
  readonly damage: DamageRegister;
  /** Looks at what lies beside the stores, for a verification. */
  readonly examineOthers?: VerificationOptions['examineOthers'];
  /** Bytes that must stay free where the data lies: what would store more is refused below. */
  readonly reserveBytes: number;
  /** Called for a failure of work that no caller waits for. */
  readonly onBackgroundError: (error: unknown) => void;
  /** Called when a collection that another pack had embedded is ready. */
  readonly onReembedded: (report: ReembeddingReport) => void;
  /** How often snapshots are looked after and released objects removed; 0 never, for tests. */
  readonly maintenanceMs?: number;
}

/** Opens the catalog: collections, their indexes, and the work that goes on beside requests. */
export async function createCatalog(options: CatalogOptions): Promise<LikenessCatalog> {
  const catalog = new LikenessCatalog(options);
  await catalog.open();
  return catalog;
}

/** The {@link Catalog} over a record store, an object store and an index in memory per collection. */
export class LikenessCatalog implements Catalog {
  readonly verification: RunningVerification;
  readonly #options: CatalogOptions;
  readonly #collections: Collections;
  readonly #snapshots: SnapshotKeeper;
  readonly #maintenance: Maintenance;
  readonly #reembedder: Reembedder;
  readonly #tasks: TaskRunner;
  readonly #writer: ImageWriter;
  readonly #searcher: ImageSearcher;
  readonly #folder: string;
  readonly #guard: StoreGuard;
  readonly #kept: KeptPictures;

  constructor(options: CatalogOptions) {
    const { records, vision, now, onBackgroundError: onError } = options;
    this.#options = options;
    this.#folder = snapshotFolderOf(options.derivedFolder);
    const folder = this.#folder;
    const indexes = new IndexLoader({ ...options, pack: vision.pack, folder });
    const guard: StoreGuard = new StoreGuard({
      ...options,
      folder: options.derivedFolder,
      onFailed: (reopen) => this.#collections.bringInLine(reopen),
    });
    const isDoubtful = (): boolean => options.damage.isDoubtful;
    this.#reembedder = new Reembedder({ ...options, guard });
    this.#tasks = new TaskRunner({ restMs: TASK_REST_MS, onError });
    this.#kept = new KeptPictures({ ...options, onError });
    const { thumbnails } = this.#kept;
    const objects = new ObjectKeeper({ objects: options.objects, records, thumbnails, isDoubtful });
    const collections = new Collections({ ...options, indexes, guard });
    const snapshots = new SnapshotKeeper(indexes, now);
    this.#guard = guard;
    this.#collections = collections;
    this.#snapshots = snapshots;
    this.#writer = new ImageWriter({ records, vision, now, objects, guard });
    this.#searcher = new ImageSearcher(options);
    const parts = { collections, snapshots, guard, keeper: objects };
    this.#maintenance = new Maintenance({ ...options, ...parts, onError });
    this.verification = new RunningVerification({ ...options, snapshotFolder: folder });
  }

  get pack(): PackSummary {
    return this.#options.vision.pack;
  }

  /** Called once, by {@link createCatalog}. */
  async open(): Promise<void> {
    const { records, disk, maintenanceMs, damage } = this.#options;
    for (const found of records.damage) damage.note(found);
    await disk.makeFolder(this.#folder);
    const loaded = await this.#collections.open();
    for (const state of this.#collections.all()) {
      if (state.status === 'embedding') this.#reembed(state);
    }
    for (const state of loaded) this.#snapshots.noteLoaded(state);
    this.#maintenance.start(maintenanceMs ?? MAINTENANCE_MS);
  }

  createCollection(settings: CollectionSettings): Promise<CollectionInfo> {
    return this.#collections.create(settings);
  }

  listCollections(facade: Facade): readonly CollectionInfo[] {
    return this.#collections.list(facade);
  }

  collection(facade: Facade, name: string): CollectionInfo {
    return this.#collections.named(facade, name).info();
  }

  async updateCollection(
    facade: Facade,
    name: string,
    changes: Partial<CollectionSettings>,
  ): Promise<CollectionInfo> {
    return this.#collections.update(this.#collections.named(facade, name), changes);
  }

  async clearCollection(facade: Facade, name: string): Promise<number> {
    return this.#empty(this.#collections.named(facade, name), 'clearing');
  }

  async deleteCollection(facade: Facade, name: string): Promise<number> {
    return this.#empty(this.#collections.named(facade, name), 'deleting');
  }

  async addImage(
    collection: CollectionInfo,
    image: AddImage,
    options: CallOptions = {},
  ): Promise<PictureFindings> {
    return this.#writer.add(this.#collections.of(collection), image, options);
  }

  async updateImage(
    collection: CollectionInfo,
    update: UpdateImage,
    options: CallOptions = {},
  ): Promise<StoredImage> {
    return this.#writer.update(this.#collections.of(collection), update, options);
  }

  async removeImages(
    collection: CollectionInfo,
    target: RemoveTarget,
    options: CallOptions = {},
  ): Promise<readonly ImageKey[]> {
    return this.#writer.remove(this.#collections.of(collection), target, options);
  }

  async getImage(collection: CollectionInfo, key: ImageKey): Promise<StoredImage | undefined> {
    const state = this.#collections.of(collection);
    state.requireReady();
    const record = await readRecord(this.#options.records, state.id, normalizeImageKey(key));
    return record === undefined ? undefined : storedImageOf(record);
  }

  async search(
    collection: CollectionInfo,
    request: SearchRequest,
    options: CallOptions = {},
  ): Promise<SearchResult> {
    return this.#searcher.search(this.#collections.of(collection), request, options);
  }

  async list(
    collection: CollectionInfo,
    request: ListRequest,
    options: CallOptions = {},
  ): Promise<ListResult> {
    return this.#searcher.list(this.#collections.of(collection), request, options);
  }

  async compare(
    collection: CollectionInfo,
    pictures: readonly [Uint8Array, Uint8Array],
    options: CallOptions = {},
  ): Promise<number> {
    const state = this.#collections.of(collection);
    state.requireReady();
    const framing = chooseFraming(state.settings, { crop: true });
    const limits = pictureLimits(state.settings);
    const look = (picture: Uint8Array): Promise<PictureAnalysis> =>
      analyzePicture(this.#options.vision, { picture, framing, limits }, options);
    const [first, second] = await Promise.all([look(pictures[0]), look(pictures[1])]);
    const calibration = new Calibration(this.pack.pictureCalibration);
    return calibration.scoreOf(cosineOf(first.vector, second.vector));
  }

  keptPicture(hash: string): ReturnType<Catalog['keptPicture']> {
    return this.#kept.picture(hash);
  }

  thumbnail(hash: string, sidePx: number): Promise<Uint8Array | undefined> {
    return this.#kept.thumbnails.get(hash, sidePx);
  }

  health(): Promise<CatalogHealth> {
    return readHealth({ ...this.#options, searcher: this.#searcher, writer: this.#writer });
  }

  guardWrite<Result>(task: () => Promise<Result>, kind?: 'store' | 'remove'): Promise<Result> {
    return this.#guard.write(task, kind);
  }

  /** One round of the work beside requests: removes released objects, saves snapshots that are due. */
  maintain(): Promise<void> {
    return this.#maintenance.runOnce();
  }

  /** Resolves when every collection is embedded by the pack in use, as far as it can be. */
  async embedded(): Promise<void> {
    await this.#tasks.settled();
  }

  /** Ends what is under way and saves the indexes. The stores and engines are the caller's to close. */
  async close(): Promise<void> {
    await this.#tasks.stop();
    await this.#maintenance.stop();
    await this.verification.stop();
    const states = this.#collections.all();
    for (const state of states) await state.locks.drained();
    await this.#snapshots.save(states, true).catch(this.#options.onBackgroundError);
    for (const { index } of states) index.close();
  }

  #reembed(state: CollectionState): void {
    const run = async (signal: AbortSignal): Promise<void> => {
      try {
        await this.#reembedder.run(state, signal);
      } catch (error) {
        // Whoever clears or deletes it meanwhile leaves nothing to do.
        if (state.status === 'embedding') throw error;
      }
    };
    this.#tasks.submit({ name: `embed collection ${state.id} again`, run });
  }

  async #empty(state: CollectionState, goal: 'clearing' | 'deleting'): Promise<number> {
    try {
      const images = await this.#collections.empty(state, goal);
      this.#maintenance.sweepAll();
      return images;
    } finally {
      if (state.status === 'embedding') this.#reembed(state);
    }
  }
}
