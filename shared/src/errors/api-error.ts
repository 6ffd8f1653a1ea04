import { ERROR_CODES, type ErrorCode, type ErrorCodeSpec } from './error-codes.ts';

/** Marks our errors across copies of this package and across realms, where `instanceof` is false. */
const BRAND = Symbol.for('likeness.ApiError');

/** What the table does not know. */
export interface ApiErrorOptions {
  /** A sentence for the caller; the table's own if absent. Never holds a secret or a signature. */
  readonly message?: string;
  /** HTTP status; the table's, or 500 for a code it does not know. */
  readonly status?: number;
  readonly requestId?: string;
  /** How long the caller should wait before it tries again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * A failure the caller can act on, identified by {@link ApiError.code}.
 *
 * The server throws it and writes it on the wire; the SDK reads it back and throws the same class.
 * Anything else that is thrown in the server is a bug, and reaches the caller as `InternalError`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** A key of `ERROR_CODES`, or a code that only a newer server knows. */
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode | (string & {}), options: ApiErrorOptions = {}) {
    const spec = specOf(code);
    super(
      options.message ?? spec?.message ?? code,
      'cause' in options ? { cause: options.cause } : undefined,
    );
    this.code = code;
    this.status = options.status ?? spec?.status ?? 500;
    this.requestId = options.requestId;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether `value` is an `ApiError` of this or another copy of the package. */
  static is(value: unknown): value is ApiError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** The gateway's `Missing…`: the required parameter `name` (as on the wire) is absent. */
export function missingParameter(name: string): ApiError {
  return new ApiError(`Missing${name}`, {
    status: 400,
    message: `${name} is mandatory for this action.`,
  });
}

/** The gateway's `Invalid…` for a parameter `name` (as on the wire) that has no code of its own. */
export function invalidParameter(name: string, expected: string): ApiError {
  return new ApiError(`Invalid${name}`, {
    status: 400,
    message: `Specified parameter ${name} is not valid: expected ${expected}.`,
  });
}

function specOf(code: string): ErrorCodeSpec | undefined {
  return Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code as ErrorCode] : undefined;
}

/** Milliseconds that a client is told to wait which was refused for want of time: neither at once, nor for ever. */
const MIN_RETRY_AFTER_MS = 100;
const MAX_RETRY_AFTER_MS = 10_000;

/** `ServiceUnavailable` for work that would wait too long; the client comes back when that time is over. */
export function overloaded(expectedMs: number): ApiError {
  const waitMs = Math.min(Math.max(expectedMs, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS);
  return new ApiError('ServiceUnavailable', { retryAfterMs: Math.round(waitMs) });
}
