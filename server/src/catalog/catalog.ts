import type { Attributes, Filter } from '@likeness/shared/filter';

import type { Damage } from '../store/damage.ts';
import type { Box, PackSummary, PictureFormat } from '../vision/vision.ts';
import type { CatalogHealth } from './catalog-health.ts';

export type Facade = 'instance' | 'library';

/** What part of a picture a collection embeds where the caller does not say. */
export type CollectionMode = 'subject' | 'whole' | 'adaptive';

/** What an operator decides about a collection. Sides, categories and the mode follow from the service type. */
export interface CollectionSettings {
  readonly facade: Facade;
  /** Unique within its facade. */
  readonly name: string;
  /** Number of the vendor's service type (0 product, 1 generic …); libraries are generic. */
  readonly serviceType: number;
  readonly mode: CollectionMode;
  /** Most pictures it may hold. */
  readonly capacity: number;
  /** Searches a second; 0 is unlimited. */
  readonly qps: number;
  /** Adds a second; 0 is unlimited. */
  readonly addQps: number;
  /** Deletes and updates a second, together; 0 is unlimited. */
  readonly deleteQps: number;
  /** Applies EXIF orientations instead of refusing them. */
  readonly autoOrient: boolean;
  /** Keeps the picture's bytes, for thumbnails and re-embedding. */
  readonly keepPictures: boolean;
  /** For people; empty for instances. */
  readonly description: string;
}

/** Settings that may change while the collection lives. */
export type ChangeableSettings = Pick<
  CollectionSettings,
  'capacity' | 'qps' | 'addQps' | 'deleteQps' | 'autoOrient' | 'keepPictures' | 'description'
>;

export interface CollectionInfo extends CollectionSettings {
  readonly id: string;
  readonly status: 'ready' | 'clearing' | 'embedding';
  readonly images: number;
  readonly storedBytes: number;
  /** Those of the images that another pack embedded: not found by searches and lists until embedded again. */
  readonly unembedded: number;
  readonly createdMs: number;
  /** When it was created, or its settings changed, or it was cleared, whichever came last. */
  readonly updatedMs: number;
}

export interface ImageKey {
  /** ProductId, or image_id. */
  readonly productId: string;
  /** PicName, or image_uri. */
  readonly picName: string;
}

/** Where the bytes of a stored picture are kept, and what they show. */
export interface KeptObject {
  /** SHA-256 of the bytes, lower-case hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A reading of everything that is stored. */
export interface VerificationState {
  readonly status: 'none' | 'running' | 'done' | 'failed';
  /** Milliseconds since 1970. */
  readonly startedMs?: number;
  readonly endedMs?: number;
  /** What was found so far. */
  readonly damage: readonly Damage[];
}

export interface Verification {
  /** Of the last reading. */
  readonly state: VerificationState;
  /** Begins one, unless one is under way. */
  start(): void;
}

/** A stored picture as answers show it. */
export interface StoredImage extends ImageKey {
  readonly category: number;
  readonly region: Box;
  readonly customContent: string;
  /** RPC attributes are named `int_attr` … `int_attr4`, `str_attr` … `str_attr4`; unset ones are absent. */
  readonly attributes: Attributes;
  readonly addedMs: number;
  /** Absent where the picture's bytes are not kept. */
  readonly kept?: KeptObject;
}

export interface AddImage extends ImageKey {
  /** The caller's again once the picture is added: who keeps it copies it. */
  readonly picture: Uint8Array;
  readonly crop: boolean;
  readonly region?: Box;
  readonly category?: number;
  readonly customContent: string;
  readonly attributes: Attributes;
  /** Whether this picture's bytes are kept; as the collection says if absent. */
  readonly keepPicture?: boolean;
}

/** What a picture's analysis tells an answer's `PicInfo`. */
export interface PictureFindings {
  readonly category: number;
  readonly region: Box;
  /** At least {@link region}. */
  readonly regions: readonly Box[];
}

export interface UpdateImage extends ImageKey {
  readonly customContent?: string;
  readonly attributes: Attributes;
  /** The attributes take the place of all stored ones; they are merged into them if absent or false. */
  readonly replaceAttributes?: boolean;
}

export type RemoveTarget =
  | ({ readonly kind: 'picture' } & ImageKey)
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** A picture that is sent, and which part of it is meant. */
export interface SentPicture {
  /** As in {@link AddImage}. */
  readonly picture: Uint8Array;
  readonly crop: boolean;
  readonly region?: Box;
}

export type SearchQuery =
  | ({ readonly kind: 'picture' } & SentPicture)
  | { readonly kind: 'text'; readonly text: string }
  /** What looks like the picture and is what the text says. */
  | ({
      readonly kind: 'combined';
      readonly text: string;
      /** How much each counts: numbers from 0, not both 0; only their ratio matters. */
      readonly weights: { readonly picture: number; readonly text: number };
    } & SentPicture)
  | ({ readonly kind: 'stored' } & ImageKey);

export interface SearchRequest {
  readonly query: SearchQuery;
  readonly category?: number;
  readonly filter?: Filter;
  readonly start: number;
  readonly num: number;
  /** 0–1, compared with the rounded score. */
  readonly minScore: number;
  readonly distinct: boolean;
}

export interface SearchHit extends StoredImage {
  readonly score: number;
  /** The raw cosine. */
  readonly rawScore: number;
}

export interface SearchResult {
  /** What was seen in the picture that was sent, or stored; absent for a text. */
  readonly picture?: PictureFindings;
  /**
   * How a text was matched: by its place among the pictures, or, where too little of it is known, by the words
   * that pictures have in their attributes and names. Absent for a picture alone.
   */
  readonly matchedBy?: 'embedding' | 'words';
  /** Words of the text that the model does not know, as normalised; absent where it knows all. */
  readonly unknownWords?: readonly string[];
  readonly hits: readonly SearchHit[];
  readonly found: number;
  readonly mode: 'exact' | 'approximate';
  readonly rowsScanned: number;
  readonly searchMs: number;
}

export interface ListRequest {
  readonly filter?: Filter;
  /** Answer rows after this key: the cursor of the page before. */
  readonly after?: ImageKey;
  readonly start: number;
  readonly num: number;
}

export interface ListResult {
  readonly images: readonly StoredImage[];
  readonly found: number;
}

/** Milliseconds a call spent per stage (`decode`, `subject`, `embed`, `scan`, `write` …), for logs and metrics. */
export type StageTimer = (stage: string, ms: number) => void;

export interface CallOptions {
  /** Aborts when the client has gone. */
  readonly signal?: AbortSignal;
  readonly onStage?: StageTimer;
}

/**
 * Collections and their images: the engine both façades call.
 *
 * Collections are addressed by facade and name. Throws `ApiError`: `InvalidInstance` for an unknown one,
 * `InstanceStatusError` while it is being cleared or embedded again, `InstanceOverQuota` when it is full, `PicNotExist` for a
 * stored picture that is not there, `UnsupportedInstanceType` (an instance) or `ModeNotSupported` (a library) for a
 * text where none are searched by, `UnknownText` for one that cannot be placed beside a picture, `NoItemDetected` for
 * a picture that is added to a library of items and shows none, and whatever {@link Vision.analyze} finds wrong with
 * a picture. A resolved write survives `kill -9`.
 */
export interface Catalog {
  readonly pack: PackSummary;
  createCollection(settings: CollectionSettings): Promise<CollectionInfo>;
  listCollections(facade: Facade): readonly CollectionInfo[];
  collection(facade: Facade, name: string): CollectionInfo;
  updateCollection(
    facade: Facade,
    name: string,
    changes: Partial<ChangeableSettings>,
  ): Promise<CollectionInfo>;
  /** Removes all its images; resolves to how many there were. */
  clearCollection(facade: Facade, name: string): Promise<number>;
  deleteCollection(facade: Facade, name: string): Promise<number>;

  addImage(
    collection: CollectionInfo,
    image: AddImage,
    options?: CallOptions,
  ): Promise<PictureFindings>;
  updateImage(
    collection: CollectionInfo,
    update: UpdateImage,
    options?: CallOptions,
  ): Promise<StoredImage>;
  /** Resolves to the keys that were removed, in key order; none is not an error. */
  removeImages(
    collection: CollectionInfo,
    target: RemoveTarget,
    options?: CallOptions,
  ): Promise<readonly ImageKey[]>;
  getImage(collection: CollectionInfo, key: ImageKey): Promise<StoredImage | undefined>;
  search(
    collection: CollectionInfo,
    request: SearchRequest,
    options?: CallOptions,
  ): Promise<SearchResult>;
  list(
    collection: CollectionInfo,
    request: ListRequest,
    options?: CallOptions,
  ): Promise<ListResult>;
  /** Calibrated score of two pictures, subjects framed as the collection does. */
  compare(
    collection: CollectionInfo,
    pictures: readonly [Uint8Array, Uint8Array],
    options?: CallOptions,
  ): Promise<number>;
  /** The bytes of a kept picture, by {@link KeptObject.hash}; undefined when they are gone, or damaged. */
  keptPicture(
    hash: string,
  ): Promise<{ readonly format: PictureFormat; readonly bytes: Uint8Array } | undefined>;
  /**
   * A WEBP of a kept picture that fits into a square of one of `THUMBNAIL_SIDES_PX`: made once, then kept. Undefined
   * when the picture is gone, or damaged. Throws `ServiceUnavailable` while too many are to be made.
   */
  thumbnail(hash: string, sidePx: number): Promise<Uint8Array | undefined>;
  /** Reads everything that is stored, beside requests. */
  readonly verification: Verification;
  /** What an operator watches, as of now. */
  health(): Promise<CatalogHealth>;
  /**
   * Runs a write of something else that lives in the same store. Throws `InsufficientStorage` and
   * `ServiceUnavailable` as writes of images do, and after a failure brings the store back before the next.
   *
   * @param kind `remove` is let through where there is no room, to make some
   */
  guardWrite<Result>(task: () => Promise<Result>, kind?: 'store' | 'remove'): Promise<Result>;
  close(): Promise<void>;
}
