import type { IncomingMessage } from 'node:http';

import { ApiError, type ErrorCode } from '@likeness/shared/errors';

import { ClientGoneError } from './client-gone-error.ts';
import { BODY_PACE_INTERVAL_MS, MAX_INLINE_FORM_BYTES, MIN_BODY_PACE } from './limits.ts';

export interface ReceiveOptions {
  /** From now to the end of the body. */
  readonly timeoutMs: number;
  /** What is answered when that is over, or will be at this pace. */
  readonly timeoutCode: ErrorCode;
  /** Takes the next bytes. No more come until a promise of it is settled; a failure of it ends the reading. */
  readonly onChunk: (chunk: Buffer) => void | Promise<void>;
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
 * Receives a request's body piece by piece. By events: leaving an async iterator early would destroy the socket that
 * the refusal goes out on. Whatever comes of it, the last `onChunk` has ended before.
 *
 * @throws {ApiError} `timeoutCode`; what `onChunk` throws
 * @throws {ClientGoneError}
 */
export async function receiveBody(
  request: IncomingMessage,
  { timeoutMs, timeoutCode, onChunk }: ReceiveOptions,
): Promise<void> {
  if (!hasBody(request)) return;
  let working: Promise<void> | undefined;
  let length = 0;
  const isTooSlow = judgePace(request, timeoutMs);
  const received = new Promise<void>((resolve, reject) => {
    const stop = (reason?: Error): void => {
      clearInterval(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      request.on('error', () => undefined);
      if (reason === undefined) resolve();
      else reject(reason);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      try {
        const work = onChunk(chunk);
        if (work === undefined) return;
        request.pause();
        working = work.then(() => void request.resume(), stop);
      } catch (error) {
        stop(error as Error);
      }
    };
    const onEnd = (): void => stop();
    const onGone = (): void => stop(new ClientGoneError());
    const timer = setInterval(() => {
      if (isTooSlow(length)) stop(new ApiError(timeoutCode));
    }, BODY_PACE_INTERVAL_MS);
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
  try {
    await received;
  } finally {
    await working;
  }
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
