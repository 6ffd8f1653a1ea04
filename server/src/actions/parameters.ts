/** Turns one parameter's text into a checked value. Absent values have been left out before. */
import { ApiError, missingParameter, type ErrorCode } from '@likeness/shared/errors';

import type { RequestParameters } from './action.ts';

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

const INTEGER = /^-?\d+$/u;
const TRUE = new Set(['true', '1']);
const FALSE = new Set(['false', '0']);

/** @throws {ApiError} `missing`, or `Missing<name>` if the product has no code of its own for it. */
export function requireText(
  { text }: RequestParameters,
  name: string,
  missing?: ErrorCode,
): string {
  const value = text.get(name);
  if (value !== undefined) return value;
  throw missing === undefined ? missingParameter(name) : new ApiError(missing);
}

/** @throws {ApiError} `invalid` if it is longer than `maxLength` UTF-16 units. */
export function checkLength(value: string, maxLength: number, invalid: ErrorCode): string {
  if (value.length > maxLength) throw new ApiError(invalid);
  return value;
}

/** A whole number inside `range`; undefined if absent. */
export function readInteger(
  { text }: RequestParameters,
  name: string,
  range: IntegerRange,
  invalid: (expected: string) => ApiError,
): number | undefined {
  const written = text.get(name);
  if (written === undefined) return undefined;
  const value = INTEGER.test(written) ? Number(written) : Number.NaN;
  if (value >= range.min && value <= range.max) return value + 0;
  throw invalid(`a whole number from ${range.min} to ${range.max}`);
}

/**
 * `true` or `false` in any case, also 1 and 0; undefined if absent.
 *
 * @throws {ApiError} `BadRequest`
 */
export function readBoolean({ text }: RequestParameters, name: string): boolean | undefined {
  const written = text.get(name);
  if (written === undefined) return undefined;
  if (isTrue(written)) return true;
  if (FALSE.has(written.toLowerCase())) return false;
  throw badRequest(`${name} must be true or false`);
}

/** Whether a parameter, as it was sent, says yes; what says neither yes nor no does not. */
export function isTrue(written: string | undefined): boolean {
  return written !== undefined && TRUE.has(written.toLowerCase());
}

/** The general complaint, said precisely: `problem` names the parameter. */
export function badRequest(problem: string): ApiError {
  return new ApiError('BadRequest', {
    message: `The request has invalid parameters: ${problem}.`,
  });
}
