import type { Credentials } from '@likeness/shared/signing';

import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { DEFAULT_RETRY } from './retry.ts';
import type { RetryOptions } from './retry.ts';
import type { SignatureScheme } from './signer.ts';

/** Where the server is, who asks, and how patiently. */
export interface ClientOptions {
  /** `http://127.0.0.1:8000`, `https://images.example.com` … */
  readonly endpoint: string | URL;
  /** Absent or empty, with its secret: libraries are asked without a key, as a server allows on its own machine. */
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  /** Milliseconds one try may take, from connecting to the last byte of the answer. Default 10,000. */
  readonly timeoutMs?: number;
  /** Default: 3 tries, waiting about 100 and 200 ms. `{ maxTries: 1 }` never repeats. */
  readonly retry?: RetryOptions;
  /** How actions are signed. Default `acs3`, which covers the whole request; libraries are always asked with that. */
  readonly signature?: SignatureScheme;
  /** Default: the platform's. Pass your own for a proxy, a private CA or a test. */
  readonly fetch?: typeof fetch;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** `length` random bytes, for nonces and the spread of waits. Default: the platform's cryptographic source. */
  readonly random?: (length: number) => Uint8Array;
}

/** What a single call may bring, beside its request. */
export interface CallOptions {
  /** Gives up at once when it aborts, between tries too. */
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** @throws {TypeError} for an endpoint that is no http or https URL, and for half a key. */
export function openConnection(options: ClientOptions): Connection {
  return {
    endpoint: readEndpoint(options.endpoint),
    credentials: readCredentials(options),
    signature: options.signature ?? 'acs3',
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    // Browsers refuse a `fetch` that is called on any other object.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock: options.clock ?? systemClock,
    random: options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
  };
}

function readCredentials({
  accessKeyId = '',
  accessKeySecret = '',
}: ClientOptions): Credentials | undefined {
  if (accessKeyId === '' && accessKeySecret === '') return undefined;
  if (accessKeyId !== '' && accessKeySecret !== '') return { accessKeyId, accessKeySecret };
  throw new TypeError('"accessKeyId" and "accessKeySecret" must be given together');
}

function readEndpoint(endpoint: string | URL): URL {
  const text = String(endpoint);
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new TypeError(`"endpoint" must be an http or https URL, not "${text}"`);
  }
  const url = new URL(text);
  if (url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('"endpoint" must be scheme, host, port and path, and nothing else');
  }
  return url;
}
