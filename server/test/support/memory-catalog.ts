import { OTHER_CATEGORY } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';
import { matches } from '@likeness/shared/filter';

import type {
  AddImage,
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
  Verification,
} from '../../src/catalog/catalog.ts';
import type { CatalogHealth } from '../../src/catalog/catalog-health.ts';
import { DEFAULT_SETTINGS } from '../../src/catalog/default-settings.ts';

type Kept = StoredImage & { readonly picture: Uint8Array };

interface Shelf {
  info: CollectionInfo;
  images: Kept[];
}

const NO_DAMAGE = {
  record: 0,
  collection: 0,
  value: 0,
  log: 0,
  store: 0,
  object: 0,
  snapshot: 0,
  format: 0,
  identity: 0,
} as const;

const WHOLE = { x1: 0, y1: 0, x2: 100, y2: 100 };

/** A real catalog without vision: pictures score 1 if their bytes are equal, else 0.5. Nothing is kept. */
export class MemoryCatalog implements Catalog {
  readonly pack = {
    name: 'bytes',
    version: '1',
    fingerprint: '0',
    dims: 1,
    predictsCategories: false,
    languages: [],
    pictureCalibration: [
      [-1, 0],
      [1, 1],
    ],
  } as const;
  readonly #shelves = new Map<string, Shelf>();

  async createCollection(settings: CollectionSettings): Promise<CollectionInfo> {
    if (this.#shelves.has(shelfName(settings.facade, settings.name))) {
      throw new ApiError('InstanceAlreadyExists');
    }
    const info: CollectionInfo = {
      ...settings,
      id: `c${this.#shelves.size}`,
      status: 'ready',
      images: 0,
      storedBytes: 0,
      unembedded: 0,
      createdMs: 1_700_000_000_000,
      updatedMs: 1_700_000_000_000,
    };
    this.#shelves.set(shelfName(settings.facade, settings.name), { info, images: [] });
    return info;
  }

  listCollections(facade: Facade): readonly CollectionInfo[] {
    return Array.from(this.#shelves.values(), ({ info }) => info).filter(
      (info) => info.facade === facade,
    );
  }

  collection(facade: Facade, name: string): CollectionInfo {
    const shelf = this.#found(facade, name);
    return { ...shelf.info, images: shelf.images.length };
  }

  async updateCollection(
    facade: Facade,
    name: string,
    changes: Partial<CollectionInfo>,
  ): Promise<CollectionInfo> {
    const shelf = this.#shelf(facade, name);
    shelf.info = { ...shelf.info, ...changes };
    return shelf.info;
  }

  async clearCollection(facade: Facade, name: string): Promise<number> {
    return this.#shelf(facade, name).images.splice(0).length;
  }

  async deleteCollection(facade: Facade, name: string): Promise<number> {
    const removed = await this.clearCollection(facade, name);
    this.#shelves.delete(shelfName(facade, name));
    return removed;
  }

  async addImage(collection: CollectionInfo, image: AddImage): Promise<PictureFindings> {
    const shelf = this.#shelf(collection.facade, collection.name);
    const kept = shelf.images.filter((each) => !isSame(each, image));
    if (kept.length >= collection.capacity) throw new ApiError('InstanceOverQuota');
    const region = image.region ?? WHOLE;
    const category = image.category ?? OTHER_CATEGORY;
    // Its memory is another request's once this one is answered.
    const picture = Uint8Array.from(image.picture);
    shelf.images = [...kept, { ...image, picture, region, category, addedMs: 1 }].toSorted(byKey);
    return { category, region, regions: [region] };
  }

  async updateImage(collection: CollectionInfo, update: UpdateImage): Promise<StoredImage> {
    const shelf = this.#shelf(collection.facade, collection.name);
    const at = shelf.images.findIndex((each) => isSame(each, update));
    const before = shelf.images[at];
    if (before === undefined) throw new ApiError('PicNotExist');
    const stored = update.replaceAttributes === true ? {} : before.attributes;
    const attributes = { ...stored, ...update.attributes };
    const after = { ...before, ...update, attributes };
    shelf.images = shelf.images.with(at, after);
    return after;
  }

  async removeImages(
    collection: CollectionInfo,
    target: RemoveTarget,
  ): Promise<readonly ImageKey[]> {
    const shelf = this.#shelf(collection.facade, collection.name);
    const isTarget = (image: StoredImage): boolean => {
      if (target.kind === 'filter') return matches(target.filter, image.attributes);
      if (target.kind === 'picture') return isSame(image, target);
      return image.productId === target.productId;
    };
    const removed = shelf.images.filter(isTarget);
    shelf.images = shelf.images.filter((image) => !isTarget(image));
    return removed;
  }

  async getImage(collection: CollectionInfo, key: ImageKey): Promise<StoredImage | undefined> {
    const { images } = this.#shelf(collection.facade, collection.name);
    return images.find((each) => isSame(each, key));
  }

  async search(collection: CollectionInfo, request: SearchRequest): Promise<SearchResult> {
    const { query, filter, start, num, minScore } = request;
    const { images } = this.#shelf(collection.facade, collection.name);
    const stored = query.kind === 'stored' && images.find((each) => isSame(each, query));
    if (stored === undefined) throw new ApiError('PicNotExist');
    const picture = 'picture' in query ? query.picture : stored && stored.picture;
    const ranked = images
      .filter((each) => filter === undefined || matches(filter, each.attributes))
      .map((each) => ({ ...each, score: String(each.picture) === String(picture) ? 1 : 0.5 }))
      .filter(({ score }) => score >= minScore)
      .map((each) => ({ ...each, rawScore: each.score }))
      .toSorted((a, b) => b.score - a.score);
    const region = ('region' in query && query.region) || WHOLE;
    return {
      ...(query.kind === 'text'
        ? { matchedBy: 'embedding' }
        : {
            picture: {
              category: request.category ?? OTHER_CATEGORY,
              region,
              regions: [region],
            },
          }),
      hits: ranked.slice(start, start + num),
      found: ranked.length,
      mode: 'exact',
      rowsScanned: images.length,
      searchMs: 1.4,
    };
  }

  async list(collection: CollectionInfo, request: ListRequest): Promise<ListResult> {
    const { filter, after, start, num } = request;
    const { images } = this.#shelf(collection.facade, collection.name);
    const passing = images.filter(
      (each) => filter === undefined || matches(filter, each.attributes),
    );
    const rest = passing.filter((each) => after === undefined || byKey(after, each) < 0);
    return { images: rest.slice(start, start + num), found: passing.length };
  }

  async compare(
    collection: CollectionInfo,
    [a, b]: readonly [Uint8Array, Uint8Array],
  ): Promise<number> {
    this.#shelf(collection.facade, collection.name);
    return String(a) === String(b) ? 1 : 0.5;
  }

  async keptPicture(): Promise<undefined> {
    return undefined;
  }

  async thumbnail(): Promise<undefined> {
    return undefined;
  }

  readonly verification: Verification = {
    state: { status: 'none', damage: [] },
    start: () => undefined,
  };

  async health(): Promise<CatalogHealth> {
    const none = { search: 0, add: 0, background: 0 };
    const idle = { running: 0, waiting: 0, refused: 0 };
    return {
      damage: [],
      damageCounts: NO_DAMAGE,
      isWritable: true,
      freeBytes: 1_000_000,
      vision: { workers: { ready: 1, busy: 0, restarts: 0 }, waiting: none, refused: none },
      scans: idle,
      searches: {
        exact: { searches: 0, rowsScanned: 0 },
        approximate: { searches: 0, rowsScanned: 0 },
      },
      writes: idle,
    };
  }

  guardWrite<Result>(task: () => Promise<Result>): Promise<Result> {
    return task();
  }

  async close(): Promise<void> {
    this.#shelves.clear();
  }

  /** The shelf, unless it is being cleared. */
  #shelf(facade: Facade, name: string): Shelf {
    const shelf = this.#found(facade, name);
    if (shelf.info.status === 'clearing') throw new ApiError('InstanceStatusError');
    return shelf;
  }

  #found(facade: Facade, name: string): Shelf {
    const shelf = this.#shelves.get(shelfName(facade, name));
    if (shelf === undefined) throw new ApiError('InvalidInstance');
    return shelf;
  }
}

/** A collection as CreateInstance makes it. */
export const PLAIN_SETTINGS: CollectionSettings = {
  ...DEFAULT_SETTINGS,
  facade: 'instance',
  name: 'demo',
  serviceType: 0,
  mode: 'subject',
};

function shelfName(facade: Facade, name: string): string {
  return `${facade}:${name}`;
}

function isSame(a: ImageKey, b: ImageKey): boolean {
  return a.productId === b.productId && a.picName === b.picName;
}

function byKey(a: ImageKey, b: ImageKey): number {
  const [left, right] = [a, b].map((key) => `${key.productId}\0${key.picName}`);
  return left! < right! ? -1 : Number(left! > right!);
}
