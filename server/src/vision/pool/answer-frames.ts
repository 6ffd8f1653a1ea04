import { ApiError } from '@likeness/shared/errors';
import type { Frame } from './frames.ts';

/** What a worker answers to anything that it could not do: a code, and no body. */
interface ErrorHead {
  readonly kind: 'error';
  readonly code: string;
}

export const NO_BODY = new Uint8Array();

export function writeError(code: string): Frame {
  const head: ErrorHead = { kind: 'error', code };
  return { head, body: NO_BODY };
}

/** @throws {ApiError} when the worker refused, or failed. */
export function refuseError({ head }: Frame): void {
  const { kind, code } = head as Partial<ErrorHead>;
  if (kind === 'error' && code !== undefined) throw new ApiError(code);
}

/** A vector as a body: little-endian float32. */
export function writeVector(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** The vector that is a whole body. */
export function readVector(body: Uint8Array): Float32Array {
  return new Float32Array(body.buffer, body.byteOffset, body.byteLength / 4);
}
