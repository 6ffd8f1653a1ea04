import { ApiError, ConnectionError } from '@likeness/sdk';

import type { Terminal } from './terminal.ts';

/**
 * A command that tells what went wrong on standard error and exits with code 1: for a refusal code, message and
 * request id, else the message alone.
 */
export function reporting<Arguments extends readonly unknown[]>(
  terminal: Terminal,
  command: (...args: Arguments) => Promise<void>,
): (...args: Arguments) => Promise<void> {
  return async (...args) => {
    try {
      await command(...args);
    } catch (failure) {
      terminal.complain(describeFailure(failure));
      terminal.fail();
    }
  };
}

/** One line. Anything that is not foreseen is a bug, and is thrown on. */
export function describeFailure(failure: unknown): string {
  if (ApiError.is(failure)) {
    const request = failure.requestId === undefined ? '' : ` (request ${failure.requestId})`;
    return `${failure.code}: ${failure.message}${request}`;
  }
  if (failure instanceof ConnectionError || failure instanceof UsageError) return failure.message;
  if (isFileError(failure)) return failure.message;
  throw failure;
}

/** The command line asks for something that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option that changes nothing would look as if it had. */
export function refuseUnused(what: string, values: Readonly<Record<string, unknown>>): void {
  const unused = Object.keys(values).filter(
    (option) => values[option] !== undefined && values[option] !== false,
  );
  if (unused.length > 0) throw new UsageError(`${what} has no use for ${unused.join(', ')}.`);
}

/** What `node:fs` throws for a file that is missing, or may not be read. */
export function isFileError(failure: unknown): failure is { message: string; code: string } {
  return typeof failure === 'object' && failure !== null && 'syscall' in failure;
}
