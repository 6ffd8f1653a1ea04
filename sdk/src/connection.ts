import { encodeHex } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';
import type { Credentials } from '@likeness/shared/signing';

import type { Clock } from './clock.ts';
import { ConnectionError, TimeoutError } from './connection-error.ts';
import { delayBeforeRetry } from './retry.ts';
import type { RetryOptions } from './retry.ts';
import type { HttpRequest, SignatureScheme, Try } from './signer.ts';

/** One server, one key at most: everything a call needs beside itself. */
export interface Connection {
  readonly endpoint: URL;
  /** Undefined for a server that lets in who asks from its own machine. */
  readonly credentials: Credentials | undefined;
  /** Of actions; libraries are always asked with `acs3`. */
  readonly signature: SignatureScheme;
  readonly timeoutMs: number;
  readonly retry: Required<RetryOptions>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
}

export interface Call {
  /** The request of one try, signed. */
  readonly write: (attempt: Try) => HttpRequest | Promise<HttpRequest>;
  /** Whether it may be carried out twice without harm. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal | undefined;
}

const NONCE_BYTES = 16;

/**
 * The body of the server's answer, in wire names. Every try has its own nonce, date and signature.
 *
 * @throws {ApiError} what the server refused.
 * @throws {ConnectionError} when no usable answer came; {@link TimeoutError} when none came in time.
 * @throws the reason of `signal`, once it aborts.
 */
export async function send(call: Call, connection: Connection): Promise<Record<string, unknown>> {
  const { clock, random, retry } = connection;
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(call, connection);
    } catch (error) {
      call.signal?.throwIfAborted();
      const failed = { error, repeatable: call.repeatable, tries };
      const delayMs = delayBeforeRetry(failed, retry, readFraction(random));
      if (delayMs === undefined) throw error;
      await clock.sleep(delayMs, call.signal);
    }
  }
}

async function sendOnce(call: Call, connection: Connection): Promise<Record<string, unknown>> {
  call.signal?.throwIfAborted();
  const nonce = encodeHex(connection.random(NONCE_BYTES));
  const { method, url, headers, body } = await call.write({ nonce, now: connection.clock.now() });
  const timeout = AbortSignal.timeout(connection.timeoutMs);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  try {
    const response = await connection.fetch(url, {
      method,
      headers,
      signal,
      redirect: 'error',
      ...(method === 'POST' && { body }),
    });
    return readAnswer(response, await response.text(), call);
  } catch (cause) {
    if (ApiError.is(cause) || cause instanceof ConnectionError) throw cause;
    const options = { retryable: call.repeatable, cause };
    const { href } = connection.endpoint;
    if (timeout.aborted) {
      throw new TimeoutError(`no answer from ${href} in ${connection.timeoutMs} ms`, options);
    }
    throw new ConnectionError(`no answer from ${href}: ${reasonOf(cause)}`, options);
  }
}

function readAnswer(
  response: Response,
  text: string,
  { repeatable }: Call,
): Record<string, unknown> {
  const body = parseObject(text);
  if (response.ok && body !== undefined) return body;
  const refusal = body === undefined ? undefined : readRefusal(body);
  if (refusal === undefined) {
    const message = `${response.url} answered ${response.status} with something that is not Likeness's`;
    throw new ConnectionError(message, { retryable: repeatable });
  }
  const requestId = refusal.requestId ?? response.headers.get('x-acs-request-id');
  const retryAfterMs = Number(response.headers.get('x-acs-retry-after') ?? Number.NaN);
  throw new ApiError(refusal.code, {
    status: response.status,
    ...(typeof refusal.message === 'string' && { message: refusal.message }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(retryAfterMs >= 0 && { retryAfterMs }),
  });
}

/** Actions are refused as `{Code, Message, RequestId}`, what is asked of libraries as `{status, message}`. */
function readRefusal(
  body: Record<string, unknown>,
): { code: string; message: unknown; requestId?: unknown } | undefined {
  const { Code: code, Message: message, RequestId: requestId, status } = body;
  if (typeof code === 'string') return { code, message, requestId };
  return typeof status === 'string' ? { code: status, message: body['message'] } : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** `fetch` says only "fetch failed"; what failed stands in its cause. */
function reasonOf(failure: unknown): string {
  const { cause, message } = failure as { cause?: { code?: string }; message?: string };
  return cause?.code ?? message ?? String(failure);
}

/** From 0 up to 1. */
function readFraction(random: Connection['random']): number {
  return (random(1)[0] ?? 0) / 256;
}
