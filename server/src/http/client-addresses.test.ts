import { describe, expect, test } from '@jest/globals';

import { ClientAddresses, clientGroup } from './client-addresses.ts';

const PROXIES = new ClientAddresses(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48']);

function clientOf(peer: string, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return PROXIES.of({ socket: { remoteAddress: peer }, headers } as never);
}

describe('the client of a request', () => {
  test.each([
    ['is the peer, whatever it claims', '198.51.100.9', '203.0.113.1', '198.51.100.9'],
    ['is what a trusted proxy says', '10.1.2.3', '203.0.113.1', '203.0.113.1'],
    [
      'is the last that no trusted proxy has',
      '10.1.2.3',
      '6.6.6.6, 203.0.113.1, 192.0.2.7',
      '203.0.113.1',
    ],
    ['may be a proxy itself', '10.1.2.3', undefined, '10.1.2.3'],
    ['is the proxy where that says nonsense', '10.1.2.3', '203.0.113.1, evil', '10.1.2.3'],
    ['is told with a port, too', '10.1.2.3', '203.0.113.1:4711', '203.0.113.1'],
    ['may have an IPv6 address', '2001:db8:1::9', '[2001:db8:9::1]:443', '2001:db8:9::1'],
    ['may reach an IPv6 socket by IPv4', '::ffff:10.1.2.3', '::ffff:203.0.113.1', '203.0.113.1'],
  ])('%s', (_what, peer, forwardedFor, client) => {
    expect(clientOf(peer, forwardedFor)).toBe(client);
  });

  test('is found in a header of any length', () => {
    expect(clientOf('10.1.2.3', `${'10.9.9.9,'.repeat(20_000)}10.9.9.9`)).toBe('10.9.9.9');
  });

  test('is nobody without a peer', () => {
    expect(PROXIES.of({ socket: {}, headers: {} } as never)).toBe('');
  });
});

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['2001:db8:9:7:1:2:3:4', '2001:db8:9:7::/64'],
  ['2001:0db8:9::1', '2001:db8:9:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s counts with %s', (address, group) => {
  expect(clientGroup(address)).toBe(group);
});
