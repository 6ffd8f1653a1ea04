import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { BodyLease } from './body-budget.ts';
import { ClientGoneError } from './client-gone-error.ts';
import { BODY_RETRY_AFTER_MS } from './limits.ts';

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
      clearTimeout(timer);
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
    const timer = setTimeout(() => stop(new ApiError('TimeoutForTransferImage')), timeoutMs);
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

function outOfMemory(): ApiError {
  return new ApiError('ServiceUnavailable', { retryAfterMs: BODY_RETRY_AFTER_MS });
}
