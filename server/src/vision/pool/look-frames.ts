import type { PictureAnalysis, PictureRequest } from '../vision.ts';
import { readFloats, writeFloats, type Frame } from '../../processes/frames.ts';
import { refuseError } from './answer-frames.ts';

/** What is asked of a worker; the picture is the body. */
interface RequestHead extends Omit<PictureRequest, 'picture'> {
  readonly kind: 'look';
}

/** What a worker answers; the vector is the body. */
interface AnswerHead {
  readonly kind: 'look';
  readonly analysis: Omit<PictureAnalysis, 'vector'>;
}

export function writeRequest({ picture, framing, limits }: PictureRequest): Frame {
  const head: RequestHead = { kind: 'look', framing, limits };
  return { head, body: picture };
}

export function readRequest({ head, body }: Frame): PictureRequest {
  const { framing, limits } = head as RequestHead;
  return { framing, limits, picture: body };
}

export function writeAnalysis({ vector, ...analysis }: PictureAnalysis): Frame {
  const head: AnswerHead = { kind: 'look', analysis };
  return { head, body: writeFloats(vector) };
}

/** @throws {ApiError} when the worker refused the picture. */
export function readAnalysis(frame: Frame): PictureAnalysis {
  refuseError(frame);
  const { analysis } = frame.head as AnswerHead;
  return { ...analysis, vector: readFloats(frame.body) };
}
