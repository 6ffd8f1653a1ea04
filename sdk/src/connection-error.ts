interface ConnectionErrorOptions {
  readonly retryable: boolean;
  readonly cause?: unknown;
}

/**
 * No usable answer came: the server was not reached, went away in between, or something else answered in its place.
 *
 * Whether the server did what was asked is not known. What the server itself refuses is an `ApiError`.
 */
export class ConnectionError extends Error {
  override readonly name: string = 'ConnectionError';

  /** Whether the same call may be made again without harm, even if the server had carried it out. */
  readonly retryable: boolean;

  constructor(message: string, { retryable, cause }: ConnectionErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryable = retryable;
  }
}

/** The server did not answer within `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  override readonly name: string = 'TimeoutError';
}
