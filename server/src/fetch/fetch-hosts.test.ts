import { describe, expect, test } from '@jest/globals';

import { FetchHosts, isFetchHost } from './fetch-hosts.ts';

describe('FetchHosts', () => {
  test.each([
    ['images.example.com', 'https://images.example.com/a', true],
    ['images.example.com', 'http://IMAGES.example.com./a', true],
    ['Images.Example.com', 'http://images.example.com/a', true],
    ['images.example.com', 'https://images.example.com:443/', true],
    ['images.example.com', 'http://images.example.com:443/', false],
    ['images.example.com:443', 'https://images.example.com/', true],
    ['images.example.com:443', 'http://images.example.com:443/', true],
    ['*.example.com', 'http://a.b.example.com/', true],
    ['*.example.com', 'http://anexample.com/', false],
    ['*.example.com:8443', 'http://a.example.com:8443/', true],
    ['bilder.österreich.example', 'http://bilder.xn--sterreich-z7a.example/', true],
    ['minio:9000', 'http://minio:9000/', true],
    ['192.0.2.7:81', 'http://192.0.2.7:81/', true],
    ['192.0.2.7', 'http://0xc0.0.2.7/', true],
    ['192.0.2.7', 'http://[::ffff:192.0.2.7]/', true],
    ['192.0.2.0/24', 'http://192.0.2.9/', true],
    ['192.0.2.0/24', 'http://192.0.3.9/', false],
    ['192.0.2.0/24', 'http://192.0.2.9.example.com/', false],
    ['2001:db8::7', 'http://[2001:db8:0::7]/', true],
    ['[2001:db8::7]:81', 'http://[2001:db8::7]:81/', true],
    ['2001:db8::/32', 'http://[2001:db8:1::1]/', true],
  ])('%s has %s: %s', (entry, url, expected) => {
    expect(new FetchHosts([entry]).allowsUrl(new URL(url))).toBe(expected);
  });

  test('leads into a private network only where the list has the address', () => {
    const hosts = new FetchHosts(['images.example.com', '10.0.0.7:9000', 'fd00::/8']);
    const addresses = ['93.184.215.14', '2606:2800::1', '10.0.0.7', 'fd12::1', '::ffff:10.0.0.7'];
    expect(addresses.filter((address) => !hosts.allowsAddress(address))).toEqual([]);
    const others = ['10.0.0.8', '127.0.0.1', 'fe80::1%eth0', '::ffff:10.0.0.8', 'images.test', ''];
    expect(others.filter((address) => hosts.allowsAddress(address))).toEqual([]);
  });

  test.each(['', '*', '*.', 'a b', 'http://a.example.com', 'a.example.com/x', 'a:0', 'a:65536'])(
    'takes no entry like %j',
    (entry) => expect(isFetchHost(entry)).toBe(false),
  );

  test.each(['a:b', '[a]', '[::1', '10.0.0.0/33', '10/8', '*.*.example.com', '-a'])(
    'takes no entry like %j either',
    (entry) => expect(() => new FetchHosts([entry])).toThrow(RangeError),
  );
});
