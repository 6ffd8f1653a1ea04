import { ApiError } from '@likeness/shared/errors';
import type { ThumbnailRequest } from '../vision.ts';
import type { Frame } from './frames.ts';

/** What is asked of a worker; the picture is the body. */
interface RequestHead {
  readonly kind: 'thumbnail';
  readonly sidePx: number;
}

/** What a worker answers; the WEBP is the body. */
type AnswerHead =
  | { readonly kind: 'thumbnail' }
  | { readonly kind: 'error'; readonly code: string };

export function writeThumbnailRequest({ picture, sidePx }: ThumbnailRequest): Frame {
  const head: RequestHead = { kind: 'thumbnail', sidePx };
  return { head, body: picture };
}

/** What is asked for; undefined for a request about something else. */
export function readThumbnailRequest({ head, body }: Frame): ThumbnailRequest | undefined {
  const { kind, sidePx } = head as Partial<RequestHead>;
  return kind === 'thumbnail' && sidePx !== undefined ? { picture: body, sidePx } : undefined;
}

export function writeThumbnail(webp: Uint8Array): Frame {
  const head: AnswerHead = { kind: 'thumbnail' };
  return { head, body: webp };
}

/** @throws {ApiError} when the worker refused the picture. */
export function readThumbnail({ head, body }: Frame): Uint8Array {
  const answer = head as AnswerHead;
  if (answer.kind === 'error') throw new ApiError(answer.code);
  // A copy: the body lies in a larger buffer, which it would keep.
  return Uint8Array.from(body);
}
