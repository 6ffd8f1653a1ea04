import { ApiError } from '@likeness/shared/errors';

/** The body of every refusal (docs/wire-protocol.md, Refusals). */
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

export function refusalBody(error: ApiError, requestId: string, host: string): RefusalBody {
  return { RequestId: requestId, HostId: host, Code: error.code, Message: error.message };
}
