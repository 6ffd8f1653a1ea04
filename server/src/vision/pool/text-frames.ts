import type { TextAnalysis } from '../vision.ts';
import { NO_BODY, readFloats, writeFloats, type Frame } from '../../processes/frames.ts';
import { refuseError } from './answer-frames.ts';

/** What is asked of a worker; it has no body. */
interface RequestHead {
  readonly kind: 'text';
  readonly text: string;
}

/** What a worker answers; the vector, if there is one, is the body. */
interface AnswerHead {
  readonly kind: 'text';
  readonly analysis: Omit<TextAnalysis, 'vector'>;
}

export function writeText(text: string): Frame {
  const head: RequestHead = { kind: 'text', text };
  return { head, body: NO_BODY };
}

export function readText({ head }: Frame): string {
  return (head as RequestHead).text;
}

export function writeTextAnalysis(analysis: TextAnalysis): Frame {
  if (analysis.kind === 'unknown') return { head: { kind: 'text', analysis }, body: NO_BODY };
  const { vector, ...told } = analysis;
  const head: AnswerHead = { kind: 'text', analysis: told };
  return { head, body: writeFloats(vector) };
}

/** @throws {ApiError} when the worker failed. */
export function readTextAnalysis(frame: Frame): TextAnalysis {
  refuseError(frame);
  const { kind, knownShare, unknownWords } = (frame.head as AnswerHead).analysis;
  if (kind === 'unknown') return { kind, knownShare, unknownWords };
  return { kind, knownShare, unknownWords, vector: readFloats(frame.body) };
}
