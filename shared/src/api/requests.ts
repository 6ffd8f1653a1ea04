/**
 * What each action takes, in the vendor SDK's camelCase. `picContent` is Base64 here; the SDK also
 * takes bytes and streams and encodes them.
 */
import type { Role } from './access.ts';
import type { ActionName } from './actions.ts';

export interface InstanceRequest {
  /** 1 to 20 letters, digits, `_` or `-`. */
  readonly instanceName: string;
}

/** A library in place of an instance. */
export interface LibraryRequest {
  /** A library of the operator API in place of an instance; both together are refused. */
  readonly libraryName: string;
  readonly instanceName?: never;
}

/** One or the other. */
type CollectionRequest = (InstanceRequest & { readonly libraryName?: never }) | LibraryRequest;

interface ImageKey {
  /** At most 512 characters. */
  readonly productId: string;
  /** At most 512 characters; with `productId` the picture's identity. */
  readonly picName: string;
}

/** Names one stored picture. */
export interface ImageKeyRequest extends InstanceRequest, ImageKey {}

/** What a picture carries: returned by searches, tested by filters. */
export interface AttributeValues {
  /** Returned verbatim; at most 4,096 characters. */
  readonly customContent?: string;
  /** A whole number of 32 bits, as the other three. */
  readonly intAttr?: number;
  readonly intAttr2?: number;
  readonly intAttr3?: number;
  readonly intAttr4?: number;
  /** At most 128 characters, as the other three. */
  readonly strAttr?: string;
  readonly strAttr2?: string;
  readonly strAttr3?: string;
  readonly strAttr4?: string;
}

/** What part of a picture counts, and as what. */
export interface FramingRequest {
  /** One of `CATEGORIES`; predicted if absent. */
  readonly categoryId?: number;
  /** Find the subject (default), or take the whole picture. */
  readonly crop?: boolean;
  /** `x1,x2,y1,y2` in pixels of the picture as sent; wins over `crop`. */
  readonly region?: string;
}

/** Which part of the answer is wanted. `start` + `num` reach 500 at most. */
export interface WindowRequest {
  /** 1–100; 10 if absent. */
  readonly num?: number;
  /** 0–499; 0 if absent. */
  readonly start?: number;
}

/** Asks for presigned addresses of thumbnails. The vendor has no such field. */
export interface ThumbnailRequest {
  /**
   * 1–1,280: each picture of the answer then has `thumbnailUrl`. Thumbnails are made in a few widths (160,
   * 320, 640, 1,280 pixels) and fit into a square of that side; the next larger one is given, none is enlarged.
   */
  readonly thumbnailWidth?: number;
}

export interface RankingRequest extends WindowRequest, ThumbnailRequest {
  /** Only pictures that pass, at most 4,096 characters: `int_attr >= 5 AND str_attr = "red"`. */
  readonly filter?: string;
  /** One hit a product: its best. */
  readonly distinctProductId?: boolean;
  /** 0.00–1.00, two decimals: only hits with at least this score. */
  readonly scoreThreshold?: string | number;
  /** Each hit then has `rawScore`, the cosine that its score was made of. The vendor has no such field. */
  readonly rawScore?: boolean;
}

export interface AddImageRequest extends ImageKeyRequest, AttributeValues, FramingRequest {
  /** JPEG, PNG, GIF, WEBP, BMP, TIFF or PPM, at most 4 MB; how long its sides may be depends on the service type. */
  readonly picContent: string;
}

/** What is absent stays as it is. */
export interface UpdateImageRequest extends ImageKeyRequest, AttributeValues {}

/** One picture (`productId` and `picName`), a product (`productId`), or all that pass a filter (which stands alone). */
export interface DeleteImageRequest extends InstanceRequest {
  /** At most 512 characters. */
  readonly productId?: string;
  /** At most 512 characters; all pictures of the product if absent. */
  readonly picName?: string;
  /** `filter` says what is deleted; false if absent. */
  readonly isDeleteByFilter?: boolean;
  /** As searches have it, at most 4,096 characters; counts only with `isDeleteByFilter`, and alone. */
  readonly filter?: string;
}

export interface SearchImageByPicRequest extends InstanceRequest, FramingRequest, RankingRequest {
  /** As `AddImage` takes it. */
  readonly picContent: string;
}

export interface SearchImageByNameRequest extends ImageKeyRequest, RankingRequest {
  /** The stored picture's if absent. */
  readonly categoryId?: number;
}

/** The ROA search: `type` decides which other fields count. */
export interface SearchImageRequest extends InstanceRequest, FramingRequest, RankingRequest {
  /** `SearchByPic` if absent. */
  readonly type?: 'SearchByPic' | 'SearchByName';
  /** By picture: as `AddImage` takes it. */
  readonly picContent?: string;
  /** By name. */
  readonly productId?: string;
  /** By name. */
  readonly picName?: string;
}

export interface SearchImageByTextRequest extends InstanceRequest, RankingRequest {
  /** At most 512 characters, in a language that the server's model pack knows. */
  readonly text: string;
  /** All if absent. The vendor has no such field. */
  readonly categoryId?: number;
}

export interface SearchImageByFilterRequest
  extends InstanceRequest, WindowRequest, ThumbnailRequest {
  /** At most 4,096 characters, for example `int_attr in (41, 42) AND str_attr = "red"`. */
  readonly filter: string;
}

export type CheckImageExistsRequest = ImageKeyRequest;

export interface CompareSimilarByImageRequest extends InstanceRequest {
  /** As `AddImage` takes it. */
  readonly primaryPicContent: string;
  /** Likewise. */
  readonly secondaryPicContent: string;
}

export type DetailRequest = InstanceRequest;

export interface InstanceSettingsRequest {
  /** Pictures it may hold; 100,000 if absent. */
  readonly capacity?: number;
  /** Searches a second; 0, the default, is unlimited. */
  readonly qps?: number;
  /** Adds a second; 0, the default, is unlimited. */
  readonly addQps?: number;
  /** Deletes and updates a second, together; 0, the default, is unlimited. */
  readonly deleteQps?: number;
  /** Apply EXIF rotation in place of refusing it; off if absent. */
  readonly autoOrient?: boolean;
  /** Keep the pictures' bytes; on if absent. */
  readonly keepPictures?: boolean;
}

export interface CreateInstanceRequest extends InstanceRequest, InstanceSettingsRequest {
  /** Number or name of one of `SERVICE_TYPES`. */
  readonly serviceType: number | string;
}

export interface UpdateInstanceRequest extends InstanceRequest, InstanceSettingsRequest {}

export type ListInstancesRequest = Readonly<Record<string, never>>;
export type ClearInstanceRequest = InstanceRequest;
export type DeleteInstanceRequest = InstanceRequest;

export type ListImagesRequest = CollectionRequest & ListRequest;

interface ListRequest extends ThumbnailRequest {
  /** As searches have it; of a library a `tag_filter` in JSON. At most 4,096 characters. */
  readonly filter?: string;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** 1–1,000; 100 if absent. */
  readonly num?: number;
}

export interface AccessKeySettingsRequest {
  /** What people call it; at most 128 characters. */
  readonly name?: string;
  /** Requests a second; 0, the default, is unlimited. */
  readonly rate?: number;
  /** Milliseconds since 1970, from which on it is refused; 0, the default, is never. */
  readonly utcExpireTime?: number;
  /** A key that is not is refused; true if absent. */
  readonly enabled?: boolean;
}

export interface CreateAccessKeyRequest extends AccessKeySettingsRequest {
  /** `read`, `write` or `admin`. */
  readonly role: Role;
  /** What it may touch: `instance:shoes`, `instance:shop-*`, `library:*`; as one text with commas between them. */
  readonly scopes: string | readonly string[];
}

/** What is absent stays as it is; the secret always. */
export interface UpdateAccessKeyRequest extends AccessKeySettingsRequest {
  /** The key that is changed. */
  readonly userAccessKeyId: string;
  /** `read`, `write` or `admin`. */
  readonly role?: Role;
  /** As `CreateAccessKey` takes them. */
  readonly scopes?: string | readonly string[];
}

export interface DeleteAccessKeyRequest {
  /** The key that goes. */
  readonly userAccessKeyId: string;
}

export type ListAccessKeysRequest = Readonly<Record<string, never>>;

/** Of one instance or library; of all that the key may see if neither is named. */
export type GetUsageRequest = (
  | CollectionRequest
  | { readonly instanceName?: never; readonly libraryName?: never }
) &
  UsageRequest;

interface UsageRequest {
  /** `hour` (kept 8 days), the default, or `day` (kept 2 years); both by UTC. */
  readonly granularity?: 'hour' | 'day';
  /** Milliseconds since 1970: the first period is the one that holds it. A day, or 30 days, ago if absent. */
  readonly utcFrom?: number;
  /** Periods that begin before it; now if absent. */
  readonly utcTo?: number;
  /** Columns with commas between them: `InstanceName` or `LibraryName` (both are the same), `Action`, `Code`. All if absent; others are added up. */
  readonly groupBy?: string;
}

export type GetPictureRequest = CollectionRequest & ImageKey;

export type GetThumbnailRequest = CollectionRequest & ImageKey & ThumbnailRequest;

export type GetServerInfoRequest = Readonly<Record<string, never>>;

export interface VerifyStorageRequest {
  /** Begins to read everything, unless that is under way; else only tells of the last time. */
  readonly start?: boolean;
}

/** The vendor's SDKs send it before they upload a stream; they have no other use for its answer than that. */
export interface AuthorizeFileUploadRequest {
  /** What the upload is for: `ImageSearch`. */
  readonly product: string;
  /** The vendor's region; any is taken, and nothing depends on it. */
  readonly regionId?: string;
}

/** Actions that other issues build have no request here yet. */
export interface RequestOf {
  readonly AddImage: AddImageRequest;
  readonly UpdateImage: UpdateImageRequest;
  readonly DeleteImage: DeleteImageRequest;
  readonly SearchImage: SearchImageRequest;
  readonly SearchImageByPic: SearchImageByPicRequest;
  readonly SearchImageByName: SearchImageByNameRequest;
  readonly SearchImageByText: SearchImageByTextRequest;
  readonly SearchImageByFilter: SearchImageByFilterRequest;
  readonly CheckImageExists: CheckImageExistsRequest;
  readonly CompareSimilarByImage: CompareSimilarByImageRequest;
  readonly Detail: DetailRequest;
  readonly CreateInstance: CreateInstanceRequest;
  readonly ListInstances: ListInstancesRequest;
  readonly UpdateInstance: UpdateInstanceRequest;
  readonly ClearInstance: ClearInstanceRequest;
  readonly DeleteInstance: DeleteInstanceRequest;
  readonly ListImages: ListImagesRequest;
  readonly CreateAccessKey: CreateAccessKeyRequest;
  readonly ListAccessKeys: ListAccessKeysRequest;
  readonly UpdateAccessKey: UpdateAccessKeyRequest;
  readonly DeleteAccessKey: DeleteAccessKeyRequest;
  readonly GetUsage: GetUsageRequest;
  readonly GetPicture: GetPictureRequest;
  readonly GetThumbnail: GetThumbnailRequest;
  readonly GetServerInfo: GetServerInfoRequest;
  readonly VerifyStorage: VerifyStorageRequest;
  readonly AuthorizeFileUpload: AuthorizeFileUploadRequest;
}

/** An action whose request and response are described. */
export type DescribedActionName = keyof RequestOf & ActionName;
