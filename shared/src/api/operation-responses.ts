/** What the actions that watch a server answer: usage, pictures' addresses, what runs. */
import type { Response, WriteResponse } from './responses.ts';

/** Calls of one hour or day. Columns that were not grouped by are absent. */
export interface UsageRow {
  /** When the period began: milliseconds since 1970, as text. */
  readonly utcStart: string;
  /** `""` for calls that named nothing that there was. */
  readonly instanceName?: string;
  /** In place of `instanceName`. */
  readonly libraryName?: string;
  readonly action?: string;
  /** `OK`, or the error code. */
  readonly code?: string;
  readonly calls: number;
  /** Milliseconds that half of the calls took at most, within 5 %. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What an instance or a library held at the end of an hour or day, or now. */
export interface StorageRow {
  /** When the period began: milliseconds since 1970, as text. */
  readonly utcStart: string;
  readonly instanceName?: string;
  /** In place of `instanceName`. */
  readonly libraryName?: string;
  readonly imageCount: number;
  readonly storedBytes: number;
}

export interface GetUsageResponse extends WriteResponse {
  /** By time, then by the columns. */
  readonly usage: readonly UsageRow[];
  /** By time, then by name. An hour in which an instance did not change has no row of it; each day has one. */
  readonly storage: readonly StorageRow[];
}

export interface GetPictureResponse extends WriteResponse {
  readonly picture: {
    /** A path on the server, presigned: the picture byte for byte as it was sent. */
    readonly url: string;
    /** When the address ends, milliseconds since 1970, as text; earlier if the key does. */
    readonly utcExpire: string;
    readonly bytes: number;
    /** Pixels, as the picture is looked at. */
    readonly width: number;
    readonly height: number;
  };
}

export interface GetThumbnailResponse extends WriteResponse {
  readonly thumbnail: {
    /** A path on the server, presigned: a WEBP. */
    readonly url: string;
    /** As of pictures. */
    readonly utcExpire: string;
    /** Side of the square it fits into. */
    readonly width: number;
  };
}

export interface ServerInfo {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** Milliseconds since 1970, as text. */
  readonly utcStart: string;
  /** The model pack in use. */
  readonly packs: readonly {
    readonly name: string;
    readonly version: string;
    readonly fingerprint: string;
    readonly dims: number;
    readonly predictsCategories: boolean;
    /** Of texts that pictures are searched by. */
    readonly languages: readonly string[];
  }[];
  readonly workers: {
    /** Processes that look at pictures and are ready. */
    readonly ready: number;
    readonly busy: number;
    /** Lost or replaced since the start. */
    readonly restarts: number;
    /** Work that waits for one. */
    readonly waiting: number;
    /** Work refused since the start because too much waited. */
    readonly refused: number;
  };
  /** Each limit of a request, by its name. */
  readonly limits: Readonly<Record<string, number>>;
  readonly disk: {
    readonly isWritable: boolean;
    /** -1 where the system does not tell. */
    readonly freeBytes: number;
  };
  /** Found since the start, each by name: `likeness verify` looks at everything. */
  readonly damage: readonly { readonly kind: string; readonly detail: string }[];
}

export interface GetServerInfoResponse extends WriteResponse {
  readonly server: ServerInfo;
}

/** Something that is stored and is not what was written. */
export interface FoundDamage {
  /** `record`, `collection`, `value`, `log`, `store`, `object`, `snapshot` or `format`. */
  readonly kind: string;
  /** What is damaged, the same whenever it is found. */
  readonly name: string;
  readonly detail: string;
  /** Nothing is lost by it; it tells of a disk that needs looking at. */
  readonly isMended: boolean;
  /** Where it was copied to as it was found, on the server. */
  readonly copiedTo?: string;
}

export interface VerifyStorageResponse extends WriteResponse {
  readonly verification: {
    /** `none` before the first time. */
    readonly status: 'none' | 'running' | 'done' | 'failed';
    /** Milliseconds since 1970, as text. */
    readonly utcStart?: string;
    /** Likewise. */
    readonly utcEnd?: string;
    /** Found so far. */
    readonly damage: readonly FoundDamage[];
  };
}

/** Where and how to upload one picture: the fields of the form that is posted to `http://BUCKET.ENDPOINT/`. */
export interface AuthorizeFileUploadResponse extends Response {
  /** Whose ticket it is. */
  readonly accessKeyId: string;
  /** First part of the host to post to. */
  readonly bucket: string;
  /** The rest of it, with the port. */
  readonly endpoint: string;
  /** What may be uploaded until when: Base64 of JSON. */
  readonly encodedPolicy: string;
  /** The name to upload under. */
  readonly objectKey: string;
  /** Of the policy. */
  readonly signature: string;
  /** false. */
  readonly useAccelerate: boolean;
}
