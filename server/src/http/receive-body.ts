import type { IncomingMessage } from 'node:http';

import { ApiError, type ErrorCode } from '@likeness/shared/errors';

import { ClientGoneError } from './client-gone-error.ts';

export interface ReceiveOptions {
  /** From now to the end of the body. */
  readonly timeoutMs: number;
  /** What is answered when that is over. */
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
  const received = new Promise<void>((resolve, reject) => {
    const stop = (reason?: Error): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      request.on('error', () => undefined);
      if (reason === undefined) resolve();
      else reject(reason);
    };
    const onData = (chunk: Buffer): void => {
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
    const timer = setTimeout(() => stop(new ApiError(timeoutCode)), timeoutMs);
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
  try {
    await received;
  } finally {
    await working;
  }
}
