import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** One entry of the list of hosts that pictures may be fetched from. */
type HostRule =
  | {
      readonly kind: 'name';
      readonly name: string;
      /** Every name below it, and not itself. */
      readonly isSuffix: boolean;
      readonly port: number | undefined;
    }
  | {
      readonly kind: 'network';
      readonly network: readonly [Address, number];
      readonly port: number | undefined;
    };

const HOST_AND_PORT = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/u;
/** Labels as DNS and container networks have them. */
const HOST_NAME = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/u;
const MAX_PORT = 65_535;
/** The only IPv6 addresses that are given out to be reached from everywhere. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * The hosts that pictures may be fetched from.
 *
 *     images.example.com          this name
 *     *.example.com               every name below it, not itself
 *     images.example.com:8443     at this port; without one, at the port of the URL's scheme
 *     192.0.2.7, [2001:db8::7]    this address, with or without a port
 *     10.0.0.0/8                  every address of the network
 *
 * A name is not enough where it leads into one's own network: an address that is not public is
 * fetched from only where the list has that address, or a network with it.
 */
export class FetchHosts {
  readonly #rules: readonly HostRule[];

  /** @throws RangeError for an entry that {@link isFetchHost} refuses. */
  constructor(entries: readonly string[]) {
    this.#rules = entries.map((entry) => {
      const rule = parseRule(entry);
      if (rule === undefined) throw new RangeError(`"${entry}" is no host to fetch from`);
      return rule;
    });
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether the list has the host and the port of an http or https URL. */
  allowsUrl(url: URL): boolean {
    const port = url.port === '' ? undefined : Number(url.port);
    const schemePort = url.protocol === 'https:' ? 443 : 80;
    const host = hostOf(url).replace(/\.$/u, '');
    return this.#rules.some(
      (rule) =>
        (rule.port === undefined ? port === undefined : rule.port === (port ?? schemePort)) &&
        (rule.kind === 'network' ? isIn(host, rule.network) : isNamed(host, rule)),
    );
  }

  /** Whether an address may be connected to, once a host has led to it. */
  allowsAddress(address: string): boolean {
    return (
      isPublic(address) ||
      this.#rules.some((rule) => rule.kind === 'network' && isIn(address, rule.network))
    );
  }
}

/** The name or the address in a URL, without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/u, '$1');
}

/** Whether a text is an entry for {@link FetchHosts}. */
export function isFetchHost(text: string): boolean {
  return parseRule(text) !== undefined;
}

function parseRule(text: string): HostRule | undefined {
  if (text.includes('/')) return networkRule(text);
  if (isIP(text) === 6) return addressRule(text, undefined);
  const [, bracketed, plain = '', written] = HOST_AND_PORT.exec(text) ?? [];
  const port = written === undefined ? undefined : Number(written);
  if (!isPort(port)) return undefined;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined;
  const address = bracketed ?? plain;
  return isIP(address) === 0 ? nameRule(plain, port) : addressRule(address, port);
}

function isPort(port: number | undefined): boolean {
  return port === undefined || (port >= 1 && port <= MAX_PORT);
}

function networkRule(text: string): HostRule | undefined {
  const [start = ''] = text.split('/');
  const isNetwork = isIP(start) !== 0 && ipaddr.isValidCIDR(text);
  if (!isNetwork) return undefined;
  return { kind: 'network', network: ipaddr.parseCIDR(text), port: undefined };
}

function addressRule(text: string, port: number | undefined): HostRule {
  const address = ipaddr.process(text);
  return { kind: 'network', network: [address, address.kind() === 'ipv4' ? 32 : 128], port };
}

function nameRule(text: string, port: number | undefined): HostRule | undefined {
  const isSuffix = text.startsWith('*.');
  const name = domainToASCII(isSuffix ? text.slice(2) : text);
  return HOST_NAME.test(name) ? { kind: 'name', name, isSuffix, port } : undefined;
}

function isNamed(host: string, { name, isSuffix }: HostRule & { readonly kind: 'name' }): boolean {
  return isSuffix ? host.endsWith(`.${name}`) : host === name;
}

function isIn(host: string, [start, bits]: readonly [Address, number]): boolean {
  if (isIP(host) === 0) return false;
  const address = ipaddr.process(host);
  return address.kind() === start.kind() && address.match(start, bits);
}

/** Whether anybody may have the address: none of a private network, of this machine, or of many. */
function isPublic(text: string): boolean {
  if (isIP(text) === 0) return false;
  // An IPv4 address in an IPv6 one is looked at as what it stands for.
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}
