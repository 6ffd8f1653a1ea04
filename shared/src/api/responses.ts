/** What each action answers, in the vendor SDK's camelCase. */
import type { Attributes } from '../filter/filter.ts';
import type { Role } from './access.ts';

export interface Response {
  readonly requestId: string;
}

/** Of actions that answer `Success` and `Code`; failures are never answered this way, they are thrown. */
export interface OutcomeResponse extends Response {
  readonly success: boolean;
  /** 0. */
  readonly code: number;
}

/** Writes say `message`. */
export interface WriteResponse extends OutcomeResponse {
  readonly message: string;
}

/** Searches say `msg` in the vendor's SDK and `message` in its guide; both are sent. */
export interface ReadResponse extends OutcomeResponse {
  readonly msg: string;
  readonly message: string;
}

/** What was seen in the picture that was sent, or stored. */
export interface PicInfo {
  /** The one that was given, or the first that was predicted. */
  readonly categoryId: number;
  /** The box that was used, `x1,x2,y1,y2`. */
  readonly region: string;
  /** Those that the instance tells apart. */
  readonly allCategories: readonly { readonly id: number; readonly name: string }[];
  /** Every subject found; at least `region`. */
  readonly multiRegion: readonly { readonly region: string }[];
}

export interface Head {
  /** Pictures that match the query, always exact. */
  readonly docsFound: number;
  /** Pictures in this answer. */
  readonly docsReturn: number;
  /** Milliseconds. */
  readonly searchTime: number;
  /** `exact`: every stored vector in scope was compared. `approximate`: those that are hardly among the best were left out. */
  readonly searchMode: 'exact' | 'approximate';
  /** Stored vectors that were compared. */
  readonly rowsScanned: number;
}

/** A stored picture. Unset attributes are 0 and `""`. */
export interface StoredAuction {
  /** As it was given. */
  readonly productId: string;
  /** As it was given. */
  readonly picName: string;
  readonly categoryId: number;
  /** As it was given. */
  readonly customContent: string;
  /** 0 where it is not set, as the other three. */
  readonly intAttr: number;
  readonly intAttr2: number;
  readonly intAttr3: number;
  readonly intAttr4: number;
  /** `""` where it is not set, as the other three. */
  readonly strAttr: string;
  readonly strAttr2: string;
  readonly strAttr3: string;
  readonly strAttr4: string;
  /** A path on the server, presigned, where `thumbnailWidth` was asked for; `""` for a picture that is not kept. */
  readonly thumbnailUrl?: string;
}

/** A hit. */
export interface Auction extends StoredAuction {
  /** 0–1: above 0.9 nearly the same picture, 0.7–0.9 clearly similar, below 0.5 unrelated. */
  readonly score: number;
  /** The cosine, where `rawScore` was asked for. */
  readonly rawScore?: number;
  /** The vendor's older, deprecated measure: `relevance;distance`. */
  readonly sortExprValues: string;
}

export interface AddImageResponse extends WriteResponse {
  readonly picInfo: PicInfo;
}

export type UpdateImageResponse = WriteResponse;

export interface DeleteImageResponse extends WriteResponse {
  readonly data: {
    /** Of the pictures that were deleted. */
    readonly picNames: readonly string[];
  };
}

export interface SearchImageResponse extends ReadResponse {
  readonly head: Head;
  readonly picInfo: PicInfo;
  /** Best first. */
  readonly auctions: readonly Auction[];
}

export interface TextHead extends Head {
  /** What the text was compared with: the pictures themselves, or, where it is not known, words in attributes and names. */
  readonly matchedBy: 'embedding' | 'words';
  /** Words of the text that the model does not know; absent where it knows all. */
  readonly unknownWords?: readonly string[];
}

export interface SearchImageByTextResponse extends ReadResponse {
  readonly head: TextHead;
  readonly picInfo: Pick<PicInfo, 'allCategories'>;
  /** Best first. */
  readonly auctions: readonly Omit<Auction, 'sortExprValues'>[];
}

export interface SearchImageByFilterResponse extends ReadResponse {
  /** An addition of ours, so that matches can be counted before they are deleted. */
  readonly head: Head;
  /** By ProductId, then PicName. */
  readonly auctions: readonly StoredAuction[];
}

export interface CheckImageExistsResponse extends ReadResponse {
  /** Whether it is stored. */
  readonly exists: boolean;
  /** One object, as the vendor has it; empty if there is no such picture. */
  readonly auctions: Partial<StoredAuction>;
}

export interface CompareSimilarByImageResponse extends ReadResponse {
  /** 0–1, as of searches. */
  readonly score: number;
}

export interface DetailResponse extends Response {
  readonly success: boolean;
  readonly instance: {
    readonly name: string;
    /** In units of 10,000 pictures. */
    readonly capacity: number;
    /** Searches a second; 0 is unlimited. */
    readonly qps: number;
    /** `local`: the vendor names his own here. */
    readonly region: string;
    /** One of `SERVICE_TYPES`. */
    readonly serviceType: number;
    /** Pictures stored. */
    readonly totalCount: number;
    /** `ready`, `clearing`, or `embedding` while another model pack's pictures are embedded again. */
    readonly status: string;
    /** Those of the pictures that another model pack embedded: searches do not find them. */
    readonly unembeddedCount: number;
    /** Milliseconds since 1970, as text. */
    readonly utcCreate: string;
    /** Likewise, in the year 2100: instances do not expire. */
    readonly utcExpireTime: string;
  };
}

/** An instance as its administrator sees it. */
export interface InstanceInfo {
  readonly instanceName: string;
  /** One of `SERVICE_TYPES`. */
  readonly serviceType: number;
  readonly serviceTypeName: string;
  /** `ready`, `clearing`, or `embedding` while another model pack's pictures are embedded again. */
  readonly status: string;
  /** Pictures it may hold. */
  readonly capacity: number;
  /** Searches a second; 0 is unlimited. */
  readonly qps: number;
  /** Adds a second; 0 is unlimited. */
  readonly addQps: number;
  /** Deletes and updates a second, together; 0 is unlimited. */
  readonly deleteQps: number;
  /** Whether EXIF rotation is applied in place of refused. */
  readonly autoOrient: boolean;
  /** Whether the pictures' bytes are kept. */
  readonly keepPictures: boolean;
  /** Pictures it holds. */
  readonly imageCount: number;
  /** Of kept pictures. */
  readonly storedBytes: number;
  /** Those of the pictures that another model pack embedded: searches do not find them. */
  readonly unembeddedCount: number;
  /** Milliseconds since 1970, as text. */
  readonly utcCreate: string;
}

export interface InstanceResponse extends WriteResponse {
  readonly instance: InstanceInfo;
}

export type CreateInstanceResponse = InstanceResponse;
export type UpdateInstanceResponse = InstanceResponse;

export interface ListInstancesResponse extends WriteResponse {
  /** By name. */
  readonly instances: readonly InstanceInfo[];
}

export interface RemovedResponse extends WriteResponse {
  readonly data: {
    /** Pictures that were removed. */
    readonly removed: number;
  };
}

export type ClearInstanceResponse = RemovedResponse;
export type DeleteInstanceResponse = RemovedResponse;

/** A stored picture with all that is known of it. */
export interface ListedImage extends StoredAuction {
  /** The box that was embedded, `x1,x2,y1,y2`. */
  readonly region: string;
  /** Milliseconds since 1970, as text. */
  readonly utcCreate: string;
  /** Of a library's picture, whose attributes are all unset. */
  readonly tags?: Attributes;
}

export interface ListImagesResponse extends WriteResponse {
  /** By ProductId, then PicName; the order does not change between pages. */
  readonly images: readonly ListedImage[];
  /** Pictures that pass the filter. */
  readonly total: number;
  /** Where the next page starts; `""` on the last. */
  readonly nextCursor: string;
}

/** An access key, without its secret. */
export interface AccessKeyInfo {
  readonly accessKeyId: string;
  /** What people call it. */
  readonly name: string;
  readonly role: Role;
  /** What it may touch: `instance:shoes`, `instance:shop-*`, `library:*`. */
  readonly scopes: readonly string[];
  /** Requests a second; 0 is unlimited. */
  readonly rate: number;
  /** `expired` wins over `disabled`. */
  readonly status: 'active' | 'disabled' | 'expired';
  /** Whether it was left so by its operator. */
  readonly enabled: boolean;
  /** Milliseconds since 1970, as text. */
  readonly utcCreate: string;
  /** Likewise; `""` is never. */
  readonly utcExpireTime: string;
  /** When a request signed with it was last taken; `""` is never. After a crash up to a minute old. */
  readonly utcLastUsed: string;
}

/** A key just made: the only time that its secret is told. */
export interface CreatedAccessKey extends AccessKeyInfo {
  readonly accessKeySecret: string;
}

export interface CreateAccessKeyResponse extends WriteResponse {
  readonly accessKey: CreatedAccessKey;
}

export interface UpdateAccessKeyResponse extends WriteResponse {
  readonly accessKey: AccessKeyInfo;
}

export interface ListAccessKeysResponse extends WriteResponse {
  /** Oldest first; the root key is not among them. */
  readonly accessKeys: readonly AccessKeyInfo[];
}

export type DeleteAccessKeyResponse = WriteResponse;
