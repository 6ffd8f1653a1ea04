import type { ThumbnailRequest } from '../vision.ts';
import { refuseError } from './answer-frames.ts';
import type { Frame } from '../../processes/frames.ts';

/** What is asked of a worker; the picture is the body. */
interface RequestHead {
  readonly kind: 'thumbnail';
  readonly sidePx: number;
}

/** What a worker answers; the WEBP is the body. */
interface AnswerHead {
  readonly kind: 'thumbnail';
}

export function writeThumbnailRequest({ picture, sidePx }: ThumbnailRequest): Frame {
  const head: RequestHead = { kind: 'thumbnail', sidePx };
  return { head, body: picture };
}

export function readThumbnailRequest({ head, body }: Frame): ThumbnailRequest {
  return { picture: body, sidePx: (head as RequestHead).sidePx };
}

export function writeThumbnail(webp: Uint8Array): Frame {
  const head: AnswerHead = { kind: 'thumbnail' };
  return { head, body: webp };
}

/** @throws {ApiError} when the worker refused the picture. */
export function readThumbnail(frame: Frame): Uint8Array {
  refuseError(frame);
  return frame.body;
}
