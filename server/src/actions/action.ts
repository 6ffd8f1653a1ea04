import type { KeyRing } from '../auth/key-ring.ts';
import type { PictureLinks } from '../auth/picture-links.ts';
import type { RateLimiter } from '../auth/rate-limiter.ts';
import type { Rights } from '../auth/rights.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { PictureFetcher } from '../fetch/picture-fetcher.ts';
import type { AuditLog } from '../log/audit-log.ts';
import type { UploadTickets } from '../uploads/upload-tickets.ts';
import type { UsageReader } from '../usage/usage-report.ts';

/** What a picture parameter holds: Base64, decoded off the main thread; an address; or neither. */
export type SentPicture =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'invalid' };

/** A request's parameters: query and form merged, empty values gone. Names are the wire's, case-sensitive. */
export interface RequestParameters {
  readonly text: ReadonlyMap<string, string>;
  /** `PicContent` and its like. */
  readonly pictures: ReadonlyMap<string, SentPicture>;
}

/** Whose signature held, or who needs none. */
export interface Caller {
  readonly accessKeyId: string;
  /** The key that presigned addresses are of, where that is another. */
  readonly linkKeyId?: string;
  /** Every action is called for those alone whose rights suffice for it and for the collection it names. */
  readonly rights: Rights;
}

/** What is known of a request, whatever API it came by. */
export interface CallContext {
  readonly requestId: string;
  readonly caller: Caller;
  /** Address of the client. */
  readonly peer?: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Milliseconds spent in a stage, for the request's log line. */
  readonly onStage: (stage: string, ms: number) => void;
}

export interface ActionCall extends CallContext {
  readonly parameters: RequestParameters;
  /** `host[:port]` that the client asked. */
  readonly authority: string;
  /** The picture at an address. Throws `InvalidPicUrl` for one that this caller may not name. */
  readonly loadPicture: (url: string) => Promise<Uint8Array>;
}

/** What `GetServerInfo` tells beside the catalog's health. */
export interface ProgramFacts {
  readonly version: string;
  /** Of Node. */
  readonly node: string;
  /** Operating system and architecture. */
  readonly platform: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
}

export interface ActionServices {
  readonly catalog: Catalog;
  /** Holds every instance to its Qps, AddQps and DeleteQps. */
  readonly instanceRates: Pick<RateLimiter, 'take'>;
  readonly accessKeys: Pick<KeyRing, 'list' | 'create' | 'update' | 'remove'>;
  readonly audit: Pick<AuditLog, 'note'>;
  /** Signs addresses of kept pictures. */
  readonly pictureLinks: Pick<PictureLinks, 'signerFor'>;
  /** Gets pictures that are named by URL, from the hosts that the operator lists. */
  readonly pictures: Pick<PictureFetcher, 'fetch'>;
  /** Allows uploads. */
  readonly uploadTickets: Pick<UploadTickets, 'issue'>;
  readonly usage: UsageReader;
  /** What runs. */
  readonly program: ProgramFacts;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One API action. Returns the body in wire names, without `RequestId`; throws `ApiError`. */
export type Action = (
  call: ActionCall,
  services: ActionServices,
) => Promise<Record<string, unknown>>;
