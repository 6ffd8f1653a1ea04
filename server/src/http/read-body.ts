import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { BodyLease } from './body-budget.ts';
import { GrowingBody } from './growing-body.ts';
import { BODY_RETRY_AFTER_MS } from './limits.ts';
import { isBodyTooLarge, receiveBody } from './receive-body.ts';

export interface ReadBodyOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Counts what is kept, and has room for it. */
  readonly lease: Pick<BodyLease, 'take' | 'room'>;
}

/** A body as it arrived, and its hashes, computed on the way. */
export interface Body {
  readonly bytes: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Base64, where the client sent a Content-MD5. */
  readonly md5?: string;
}

/**
 * Reads a request's body.
 *
 * @throws {ApiError} `RequestBodyTooLarge`, `TimeoutForTransferImage`; `ServiceUnavailable` where all
 *   bodies together would take too much memory
 * @throws {ClientGoneError}
 */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<Body> {
  if (isBodyTooLarge(request, options.maxBytes)) throw new ApiError('RequestBodyTooLarge');
  const sha256 = createHash('sha256');
  const md5 = request.headers['content-md5'] === undefined ? undefined : createHash('md5');
  const body = new GrowingBody(options.lease, Number(request.headers['content-length'] ?? 0));
  const onChunk = (chunk: Buffer): void => {
    if (body.length + chunk.length > options.maxBytes) throw new ApiError('RequestBodyTooLarge');
    if (!options.lease.take(chunk.length)) throw outOfMemory();
    sha256.update(chunk);
    md5?.update(chunk);
    body.append(chunk);
  };
  const { timeoutMs } = options;
  await receiveBody(request, { timeoutMs, timeoutCode: 'TimeoutForTransferImage', onChunk });
  return {
    bytes: body.bytes,
    sha256: sha256.digest('hex'),
    ...(md5 === undefined ? {} : { md5: md5.digest('base64') }),
  };
}

/** All bodies together would take too much memory. */
export function outOfMemory(): ApiError {
  return new ApiError('ServiceUnavailable', { retryAfterMs: BODY_RETRY_AFTER_MS });
}
