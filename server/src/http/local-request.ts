import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';

/** What a proxy adds, and a browser page. */
const TELLTALE = /^(?:origin|forwarded|via|x-forwarded-.*|x-real-ip)$/u;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/iu;

/** Whether an address to listen on, or of a peer, can be reached from this machine alone. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/iu, '');
  return plain === 'localhost' || plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/**
 * Whether a request comes from a program on this machine that means this server: the peer is loopback, so is
 * the host that it names, and neither a proxy nor a web page stands between.
 */
export function isLocalRequest({ headers, socket }: IncomingMessage): boolean {
  const isPassedOn = Object.keys(headers).some((name) => TELLTALE.test(name));
  return (
    isLoopback(socket.remoteAddress ?? '') && LOOPBACK_HOST.test(headers.host ?? '') && !isPassedOn
  );
}
