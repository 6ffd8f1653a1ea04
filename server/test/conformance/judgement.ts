/** Whether what an SDK answered is what the scenario expects. */
import { isDeepStrictEqual } from 'node:util';

import { fromWireBody } from '@likeness/shared/api';

import type { Expectation } from './scenario.ts';

/** What a driver prints for a step: an answer, what the SDK threw, or why its SDK has no such call. */
export interface Outcome {
  readonly body?: unknown;
  readonly error?: {
    readonly code: string;
    /** Absent where the SDK keeps none. */
    readonly status?: number;
    readonly message: string;
  };
  readonly absent?: string;
}

/** @returns what is wrong, or undefined. Names compare as SDKs write them, `PicName` and `picName` alike. */
export function faultOf(outcome: Outcome, expectation: Expectation): string | undefined {
  const { error } = outcome;
  if (expectation.code !== undefined) {
    if (error === undefined) return `answered instead of ${expectation.code}`;
    const isStatusRight = error.status === undefined || error.status === expectation.status;
    if (error.code === expectation.code && isStatusRight) return undefined;
    return `${error.code} ${error.status ?? ''} (${error.message}) instead of ${expectation.code} ${expectation.status}`;
  }
  if (error !== undefined) return `${error.code}: ${error.message}`;
  return (
    differenceOf(fromWireBody(outcome.body), fromWireBody(expectation.body ?? {}), 'body') ??
    lengthFaultOf(outcome.body, expectation.lengths ?? {})
  );
}

/** `expected` is a part: other fields, and further elements of a list, may be there. */
function differenceOf(actual: unknown, expected: unknown, at: string): string | undefined {
  if (typeof expected !== 'object' || expected === null) {
    const isSame = isDeepStrictEqual(actual, expected);
    return isSame ? undefined : `${at} is ${JSON.stringify(actual)}, not ${String(expected)}`;
  }
  if (typeof actual !== 'object' || actual === null) return `${at} is ${JSON.stringify(actual)}`;
  const fields = actual as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(expected)) {
    const difference = differenceOf(fields[name], value, `${at}.${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function lengthFaultOf(
  body: unknown,
  lengths: Readonly<Record<string, number>>,
): string | undefined {
  const lists = fromWireBody(body) as Readonly<Record<string, readonly unknown[] | undefined>>;
  for (const [name, length] of Object.entries(fromWireBody(lengths) as typeof lengths)) {
    const actual = lists[name]?.length;
    if (actual !== length) return `${name} has ${actual} elements, not ${length}`;
  }
  return undefined;
}
