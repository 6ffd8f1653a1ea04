import { ApiError } from '@likeness/shared/errors';
import type { PictureAnalysis, PictureRequest } from '../vision.ts';
import type { Frame } from './frames.ts';

/** What is asked of a worker; the picture is the body. */
type RequestHead = Omit<PictureRequest, 'picture'>;

/** What a worker answers; the vector is the body, as little-endian float32. */
type AnswerHead =
  | { readonly kind: 'analysis'; readonly analysis: Omit<PictureAnalysis, 'vector'> }
  | { readonly kind: 'error'; readonly code: string };

export function writeRequest({ picture, framing, limits }: PictureRequest): Frame {
  const head: RequestHead = { framing, limits };
  return { head, body: picture };
}

export function readRequest({ head, body }: Frame): PictureRequest {
  return { ...(head as RequestHead), picture: body };
}

export function writeAnalysis({ vector, ...analysis }: PictureAnalysis): Frame {
  const head: AnswerHead = { kind: 'analysis', analysis };
  return { head, body: new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength) };
}

/** @throws {ApiError} when the worker refused the picture. */
export function readAnalysis({ head, body }: Frame): PictureAnalysis {
  const answer = head as AnswerHead;
  if (answer.kind === 'error') throw new ApiError(answer.code);
  // A copy: the body lies anywhere in a larger buffer, float32 wants a multiple of four.
  const { buffer } = Uint8Array.from(body);
  return { ...answer.analysis, vector: new Float32Array(buffer) };
}
