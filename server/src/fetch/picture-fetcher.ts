import { lookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { ApiError } from '@likeness/shared/errors';

import { FetchHosts, hostOf } from './fetch-hosts.ts';
import { FETCH_LIMITS, MAX_URL_LENGTH, type FetchLimits } from './limits.ts';

/** The addresses of a host name. */
export type ResolveHost = (name: string) => Promise<readonly string[]>;

export interface PictureFetcherOptions {
  /** Where pictures may be fetched from, as {@link FetchHosts} reads it; from nowhere if empty. */
  readonly hosts: readonly string[];
  /** The system's own if absent. */
  readonly resolveHost?: ResolveHost;
  readonly limits?: Partial<FetchLimits>;
  /** PEM certificates to trust instead of the system's. */
  readonly authorities?: string;
}

const REDIRECTS = new Set<number | undefined>([301, 302, 303, 307, 308]);

/**
 * Fetches pictures from hosts on a list, and from nowhere else, wherever a URL, a name server or a
 * redirect points. A name is looked up once, and what is connected to is the address that was
 * checked. Nothing that identifies anybody is sent.
 */
export class PictureFetcher {
  readonly #hosts: FetchHosts;
  readonly #resolveHost: ResolveHost;
  readonly #limits: FetchLimits;
  readonly #trust: { readonly ca?: string };

  constructor({ hosts, resolveHost, limits, authorities }: PictureFetcherOptions) {
    this.#hosts = new FetchHosts(hosts);
    this.#resolveHost = resolveHost ?? resolveBySystem;
    this.#limits = { ...FETCH_LIMITS, ...limits };
    this.#trust = authorities === undefined ? {} : { ca: authorities };
  }

  /**
   * The bytes at a URL.
   *
   * @param signal ends it early, with the signal's own reason
   * @throws {ApiError} `InvalidPicUrl`, `InvalidPicContent` where it is too large,
   *   `TimeoutForTransferImage`
   */
  async fetch(url: string, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const idle = new AbortController();
    const limits = [AbortSignal.timeout(this.#limits.totalMs), idle.signal];
    const ended = AbortSignal.any(signal === undefined ? limits : [signal, ...limits]);
    try {
      const response = await this.#follow(url, { ended, onIdle: () => idle.abort() });
      return await readBody(response, this.#limits.maxBytes);
    } catch (error) {
      signal?.throwIfAborted();
      if (ended.aborted) throw new ApiError('TimeoutForTransferImage', { cause: error });
      if (ApiError.is(error)) throw error;
      throw notFetched('the host could not be reached', error);
    }
  }

  async #follow(written: string, watch: Watch): Promise<IncomingMessage> {
    let url = this.#check(written);
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.#open(url, watch);
      const { location } = response.headers;
      if (!REDIRECTS.has(response.statusCode) || location === undefined) {
        return checkResponse(response, this.#limits.maxBytes);
      }
      response.destroy();
      if (redirects === this.#limits.maxRedirects) throw notFetched('too many redirects');
      url = this.#check(location, url);
    }
  }

  #check(written: string, base?: URL): URL {
    if (this.#hosts.isEmpty) throw notFetched('this server fetches from no host');
    const isShort = written.length <= MAX_URL_LENGTH;
    const url = isShort && URL.canParse(written, base?.href) ? new URL(written, base) : undefined;
    if (url === undefined || !/^https?:$/u.test(url.protocol))
      throw notFetched(`it must be http or https, at most ${MAX_URL_LENGTH} characters`);
    if (url.username !== '' || url.password !== '')
      throw notFetched('it must have no user name and no password');
    if (!this.#hosts.allowsUrl(url))
      throw notFetched(`${base ? 'it redirects to a host that' : 'its host'} is not on the list`);
    return url;
  }

  async #open(url: URL, { ended, onIdle }: Watch): Promise<IncomingMessage> {
    const addresses = await this.#addressesOf(url, ended);
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      request(url, {
        ...this.#trust,
        agent: false,
        lookup: answering(addresses),
        signal: ended,
        timeout: this.#limits.idleMs,
        headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Likeness' },
      })
        .on('timeout', onIdle)
        .on('error', reject)
        .on('response', resolve)
        .end();
    });
  }

  /** Those of the host's addresses that may be connected to. */
  async #addressesOf(url: URL, ended: AbortSignal): Promise<readonly string[]> {
    const host = hostOf(url);
    const found = isIP(host) === 0 ? await unlessAborted(this.#resolveHost(host), ended) : [host];
    const allowed = found.filter((address) => this.#hosts.allowsAddress(address));
    if (allowed.length === 0) throw notFetched('its host has no address that is fetched from');
    return allowed;
  }
}

interface Watch {
  readonly ended: AbortSignal;
  readonly onIdle: () => void;
}

async function resolveBySystem(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** Stands in for the look-up that a connection makes: it is given what was checked. */
function answering(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, callback) => {
    if (all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
}

function checkResponse(response: IncomingMessage, maxBytes: number): IncomingMessage {
  const { statusCode, headers } = response;
  const encoding = headers['content-encoding'] ?? 'identity';
  const refusal =
    statusCode !== 200
      ? notFetched(`the host answered with status ${statusCode}`)
      : encoding !== 'identity'
        ? notFetched('the host sent it compressed')
        : Number(headers['content-length'] ?? 0) > maxBytes
          ? new ApiError('InvalidPicContent')
          : undefined;
  if (refusal === undefined) return response;
  response.destroy();
  throw refusal;
}

/** Leaving the loop early closes the connection. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ApiError('InvalidPicContent');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** For what cannot be stopped: nobody waits for it any longer. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

function notFetched(why: string, cause?: unknown): ApiError {
  const message = `The picture cannot be fetched from the URL: ${why}.`;
  return new ApiError('InvalidPicUrl', { message, ...(cause !== undefined && { cause }) });
}
