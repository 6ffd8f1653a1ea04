import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import { operatorPathOf } from './operators/operator-paths.ts';
import { wordError } from './operators/status-words.ts';

/** An error as it is answered. */
export interface Refusal {
  /** Of HTTP. */
  readonly status: number;
  /** What the answer calls it. */
  readonly code: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The body of every refusal but the operator API's (docs/wire-protocol.md, Refusals). */
export interface RefusalBody extends Record<string, string> {
  readonly RequestId: string;
  readonly HostId: string;
  readonly Code: string;
  readonly Message: string;
}

/** What is thrown, as the caller may see it: a bug is `InternalError` and nothing more. */
export function toApiError(thrown: unknown): ApiError {
  return ApiError.is(thrown) ? thrown : new ApiError('InternalError');
}

/** An error in the form of the API that was asked (docs/wire-protocol.md, Refusals; docs/operator-api.md). */
export function formatRefusal(
  error: ApiError,
  { url, headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  requestId: string,
): Refusal {
  if (operatorPathOf(url ?? '') !== undefined) {
    const { word, httpStatus, message } = wordError(error);
    return { status: httpStatus, code: word, body: { status: word, message, data: null } };
  }
  const { code, status } = error;
  return { status, code, body: refusalBody(error, requestId, headers.host ?? '') };
}

export function refusalBody(error: ApiError, requestId: string, host: string): RefusalBody {
  return { RequestId: requestId, HostId: host, Code: error.code, Message: error.message };
}
