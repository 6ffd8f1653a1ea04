import { ApiError } from '@likeness/shared/errors';
import type { TextAnalysis } from '../vision.ts';
import type { Frame } from './frames.ts';

/** What is asked of a worker; it has no body. */
interface TextHead {
  readonly kind: 'text';
  readonly text: string;
}

/** What a worker answers; the vector, if there is one, is the body, as little-endian float32. */
type AnswerHead =
  | { readonly kind: 'text'; readonly analysis: Omit<TextAnalysis, 'vector'> }
  | { readonly kind: 'error'; readonly code: string };

const NO_BODY = new Uint8Array();

export function writeText(text: string): Frame {
  const head: TextHead = { kind: 'text', text };
  return { head, body: NO_BODY };
}

/** The text of a request about one; undefined for a look at a picture. */
export function readText({ head }: Frame): string | undefined {
  const { kind, text } = head as Partial<TextHead>;
  return kind === 'text' ? text : undefined;
}

export function writeTextAnalysis(analysis: TextAnalysis): Frame {
  if (analysis.kind === 'unknown') return { head: { kind: 'text', analysis }, body: NO_BODY };
  const { vector, ...told } = analysis;
  const body = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return { head: { kind: 'text', analysis: told }, body };
}

/** @throws {ApiError} when the worker failed. */
export function readTextAnalysis({ head, body }: Frame): TextAnalysis {
  const answer = head as AnswerHead;
  if (answer.kind === 'error') throw new ApiError(answer.code);
  const { kind, knownShare, unknownWords } = answer.analysis;
  if (kind === 'unknown') return { kind, knownShare, unknownWords };
  // A copy: the body lies anywhere in a larger buffer, float32 wants a multiple of four.
  const { buffer } = Uint8Array.from(body);
  return { kind, knownShare, unknownWords, vector: new Float32Array(buffer) };
}
