import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** What a proxy adds. */
const PASSED_ON = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/u;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::(\d+))?$/iu;
const HTTP_PORT = 80;
const HTTPS_PORT = 443;

/** Whether an address to listen on, or of a peer, can be reached from this machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/iu, '');
  return plain === 'localhost' || plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/**
 * Whether a request comes from a program on this machine that means this server: the peer is loopback, so is
 * the host that it names, with our port, and neither a proxy nor another's web page stands between
 * (ARCHITECTURE.md §6, operator API without credentials).
 */
export function isLocalRequest(request: IncomingMessage): boolean {
  return strangenessOf(request) === undefined;
}

/** What keeps a request from being a local one, as a sentence goes on after "it"; undefined for nothing. */
export function strangenessOf(request: IncomingMessage): string | undefined {
  const { headers, socket, httpVersion } = request;
  if (!isLoopback(socket.remoteAddress ?? '')) return 'comes from another machine';
  const passedOn = Object.keys(headers).find((name) => PASSED_ON.test(name));
  if (passedOn !== undefined) return `was passed on by a proxy (${passedOn})`;
  // A proxy that is told nothing tells nothing else: nginx speaks 1.0, and names our own host.
  if (httpVersion === '1.0') return 'is an HTTP/1.0 request, as proxies send';
  if (!namesUs(request)) return 'names another Host than this machine and our port';
  if (comesFromAnotherPage(request)) return 'comes from a web page that is not ours';
  return undefined;
}

function namesUs({ headers, socket }: IncomingMessage): boolean {
  const match = LOOPBACK_HOST.exec(headers.host ?? '');
  if (match === null) return false;
  const port = Number(match[1] ?? (isTls(socket) ? HTTPS_PORT : HTTP_PORT));
  return port === socket.localPort;
}

/**
 * A page of the very host that is named is ours. Browsers send no `Origin` with pictures and scripts that another
 * page loads from us, but they tell where it stands.
 */
function comesFromAnotherPage({ headers, socket }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site !== 'none' && site !== 'same-origin') return true;
  return origin !== undefined && origin !== `${isTls(socket) ? 'https' : 'http'}://${host}`;
}

function isTls(socket: object): socket is TLSSocket {
  return 'encrypted' in socket;
}
