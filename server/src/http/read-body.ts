import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { BodyLease } from './body-budget.ts';
import { ClientGoneError } from './client-gone-error.ts';
import {
  BODY_PACE_INTERVAL_MS,
  BODY_RETRY_AFTER_MS,
  MAX_INLINE_FORM_BYTES,
  MIN_BODY_PACE,
} from './limits.ts';

export interface ReadBodyOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Counts what is kept. */
  readonly lease: Pick<BodyLease, 'take'>;
}

/** A body as it arrived, and its hashes, computed on the way. */
export interface Body {
  readonly bytes: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Base64, where the client sent a Content-MD5. */
  readonly md5?: string;
}

/** Whether the head announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether the head announces a body that is too large to be read. */
export function isBodyTooLarge({ headers }: IncomingMessage, maxBytes: number): boolean {
  return Number(headers['content-length'] ?? 0) > maxBytes;
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
  const chunks: Buffer[] = [];
  if (hasBody(request)) {
    await collect(request, options, (chunk) => {
      sha256.update(chunk);
      md5?.update(chunk);
      chunks.push(chunk);
    });
  }
  return {
    bytes: Buffer.concat(chunks),
    sha256: sha256.digest('hex'),
    ...(md5 === undefined ? {} : { md5: md5.digest('base64') }),
  };
}

/** By events: leaving an async iterator early would destroy the socket that the refusal goes out on. */
function collect(
  request: IncomingMessage,
  { maxBytes, timeoutMs, lease }: ReadBodyOptions,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let length = 0;
    const stop = (reason?: Error): void => {
      clearInterval(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      request.on('error', () => undefined);
      if (reason === undefined) resolve();
      else reject(reason);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) stop(new ApiError('RequestBodyTooLarge'));
      else if (!lease.take(chunk.length)) stop(outOfMemory());
      else onChunk(chunk);
    };
    const onEnd = (): void => stop();
    const onGone = (): void => stop(new ClientGoneError());
    const isTooSlow = judgePace(request, timeoutMs);
    const timer = setInterval(() => {
      if (isTooSlow(length)) stop(new ApiError('TimeoutForTransferImage'));
    }, BODY_PACE_INTERVAL_MS);
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/**
 * Whether a body comes too slowly, asked every second with the bytes that are here.
 *
 * Looks are counted, not milliseconds: after a pause of this process what came meanwhile is read before the next.
 */
function judgePace(request: IncomingMessage, timeoutMs: number): (received: number) => boolean {
  const announced = Number(request.headers['content-length'] ?? 0);
  // A small one is a few packets, of which one may be lost and sent again.
  const minShare = announced > MAX_INLINE_FORM_BYTES ? MIN_BODY_PACE : 0;
  let looks = 0;
  return (received) => {
    looks += 1;
    const elapsedShare = (looks * BODY_PACE_INTERVAL_MS) / timeoutMs;
    if (elapsedShare >= 1) return true;
    return looks > 1 && received < elapsedShare * announced * minShare;
  };
}

function outOfMemory(): ApiError {
  return new ApiError('ServiceUnavailable', { retryAfterMs: BODY_RETRY_AFTER_MS });
}
