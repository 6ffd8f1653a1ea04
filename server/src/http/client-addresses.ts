import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Addresses of `X-Forwarded-For` that are looked at, from its end. */
const MAX_HOPS = 32;
const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/iu;
/** What a proxy may write around an address: a port, and brackets. */
const WITH_PORT = /^(?:\[([^\]]*)\]|(\d[\d.]*))(?::\d+)?$/u;
/** 16-bit groups of an IPv6 address, and those that a site or a home is given alike. */
const IPV6_GROUPS = 8;
const IPV6_SITE_GROUPS = 4;

/** Tells which client a request comes from, behind the proxies that the operator trusts. */
export class ClientAddresses {
  readonly #trusted = new BlockList();

  /** @param trusted addresses, and networks such as `10.0.0.0/8` */
  constructor(trusted: readonly string[]) {
    for (const network of trusted) {
      const [address = '', prefix] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#trusted.addAddress(address, family);
      else this.#trusted.addSubnet(address, Number(prefix), family);
    }
  }

  isTrusted(address: string | undefined): boolean {
    const plain = plainAddress(address);
    return plain !== '' && this.#trusted.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }

  /**
   * The address of the client: the peer's, unless that is a trusted proxy. Then it is the last one in
   * `X-Forwarded-For` that no trusted proxy has: whatever stands before it, anybody can write.
   */
  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let client = plainAddress(socket.remoteAddress);
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    for (const hop of hops.slice(-MAX_HOPS).reverse()) {
      if (!this.isTrusted(client)) break;
      const before = plainAddress(hop);
      if (before === '') break;
      client = before;
    }
    return client;
  }
}

/** What counts as one client: an IPv4 address, or the /64 network of an IPv6 one. */
export function clientGroup(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: IPV6_GROUPS - before.length - after.length }, () => '0');
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  const site = groups.slice(0, IPV6_SITE_GROUPS).map((group) => Number.parseInt(group, 16));
  return `${site.map((group) => group.toString(16)).join(':')}::/64`;
}

/** One way to write an address; empty for what is none. */
function plainAddress(written: string | undefined): string {
  const text = written?.trim() ?? '';
  const [, bracketed, plain] = WITH_PORT.exec(text) ?? [];
  const address = (bracketed ?? plain ?? text).replace(IPV4_IN_IPV6, '');
  return isIP(address) === 0 ? '' : address;
}
