import { createHash } from 'node:crypto';

import { ApiError } from '@likeness/shared/errors';

/*
 * The address of an upload, as the vendor's SDKs put it together from a ticket:
 *
 *     http://{Bucket}.{Endpoint}/{ObjectKey}
 *     Bucket "." Endpoint = this server's own host and port, cut at the first dot: no name has to be resolved
 *     ObjectKey           = "likeness-uploads/" owner "/" id
 *     owner               = 16 hex digits of the SHA-256 of the access key id
 *     id                  = 32 hex digits, random
 */
const OBJECT_KEY = /^likeness-uploads\/([0-9a-f]{16})\/([0-9a-f]{32})$/u;
const OWNER_LENGTH = 16;

/** Names an upload: whose it is, and which. */
export interface UploadName {
  readonly owner: string;
  readonly id: string;
}

/** An authority in two parts, as the vendor's clients join them again: by a dot. */
export interface SplitAuthority {
  readonly bucket: string;
  readonly endpoint: string;
}

export function ownerOf(accessKeyId: string): string {
  return createHash('sha256').update(accessKeyId).digest('hex').slice(0, OWNER_LENGTH);
}

export function formatObjectKey({ owner, id }: UploadName): string {
  return `likeness-uploads/${owner}/${id}`;
}

/** Undefined for what {@link formatObjectKey} did not write. */
export function parseObjectKey(objectKey: string): UploadName | undefined {
  const [, owner, id] = OBJECT_KEY.exec(objectKey) ?? [];
  return owner === undefined || id === undefined ? undefined : { owner, id };
}

/** The upload that a URL names, whatever name of this server its host is; undefined for any other URL. */
export function parseUploadUrl(url: string): UploadName | undefined {
  if (!URL.canParse(url)) return undefined;
  const { pathname, search, hash } = new URL(url);
  return search === '' && hash === '' ? parseObjectKey(pathname.slice(1)) : undefined;
}

/**
 * Cuts `host[:port]` at its first dot; `localhost` is 127.0.0.1.
 *
 * @throws {ApiError} `BadRequest` for a name without a dot, and for an IPv6 address
 */
export function splitAuthority(authority: string): SplitAuthority {
  const dotted = authority.replace(/^localhost(?=:|$)/iu, '127.0.0.1');
  const [, bucket, endpoint] = /^([\w-]+)\.([\w.-]+(?::\d+)?)$/u.exec(dotted) ?? [];
  if (bucket !== undefined && endpoint !== undefined) return { bucket, endpoint };
  throw new ApiError('BadRequest', {
    message:
      'A stream can be uploaded to a host name with a dot, or to an IPv4 address: call the server by one, or let its operator set LIKENESS_PUBLIC_URL.',
  });
}
