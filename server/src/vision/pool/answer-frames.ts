import { ApiError } from '@likeness/shared/errors';
import { NO_BODY, type Frame } from '../../processes/frames.ts';

/** What a worker answers to anything that it could not do: a code, and no body. */
interface ErrorHead {
  readonly kind: 'error';
  readonly code: string;
}

export function writeError(code: string): Frame {
  const head: ErrorHead = { kind: 'error', code };
  return { head, body: NO_BODY };
}

/** @throws {ApiError} when the worker refused, or failed. */
export function refuseError({ head }: Frame): void {
  const { kind, code } = head as Partial<ErrorHead>;
  if (kind === 'error' && code !== undefined) throw new ApiError(code);
}
