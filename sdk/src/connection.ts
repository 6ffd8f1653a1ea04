import { encodeHex } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';
import type { Credentials } from '@likeness/shared/signing';

import type { Clock } from './clock.ts';
import { ConnectionError, TimeoutError } from './connection-error.ts';
import { delayBeforeRetry } from './retry.ts';
import type { RetryOptions } from './retry.ts';
import { signWithAcs3, signWithRpcV1 } from './signer.ts';
import type { SignatureScheme, SignedRequest, UnsignedCall } from './signer.ts';

/** One server, one key: everything a call needs beside itself. */
export interface Connection {
  readonly endpoint: URL;
  readonly credentials: Credentials;
  readonly signature: SignatureScheme;
  readonly timeoutMs: number;
  readonly retry: Required<RetryOptions>;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
}

export interface Call extends UnsignedCall {
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
export async function send(call: Call, connection: Connection): Promise<unknown> {
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

async function sendOnce(call: Call, connection: Connection): Promise<unknown> {
  call.signal?.throwIfAborted();
  const { headers, body } = await sign(call, connection);
  const timeout = AbortSignal.timeout(connection.timeoutMs);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  try {
    const response = await connection.fetch(connection.endpoint, {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'error',
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

function sign(call: Call, connection: Connection): Promise<SignedRequest> | SignedRequest {
  const nonce = encodeHex(connection.random(NONCE_BYTES));
  const attempt = { nonce, now: connection.clock.now() };
  return connection.signature === 'rpc-v1'
    ? signWithRpcV1(call, attempt, connection.credentials)
    : signWithAcs3(call, attempt, connection);
}

function readAnswer(response: Response, text: string, { repeatable }: Call): unknown {
  const body = parseObject(text);
  if (response.ok && body !== undefined) return body;
  if (body === undefined || typeof body['Code'] !== 'string') {
    const message = `${response.url} answered ${response.status} with something that is not Likeness's`;
    throw new ConnectionError(message, { retryable: repeatable });
  }
  const { Code: code, Message: message, RequestId: requestId } = body;
  const retryAfterMs = Number(response.headers.get('x-acs-retry-after') ?? Number.NaN);
  throw new ApiError(code, {
    status: response.status,
    ...(typeof message === 'string' && { message }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(retryAfterMs >= 0 && { retryAfterMs }),
  });
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
