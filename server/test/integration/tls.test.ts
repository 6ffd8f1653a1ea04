import { execFileSync } from 'node:child_process';
import { sign, verify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createAuthority, issueCertificate } from '../../src/http/certificate-authority.ts';
import { certificateNames, loadTlsIdentity, type TlsConfig } from '../../src/http/tls-identity.ts';
import { launchServerOn } from '../support/launched-server.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.now();

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-tls-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

const configOf = (changes: Partial<TlsConfig> = {}): TlsConfig => ({
  dataDir,
  host: '127.0.0.1',
  tlsNames: [],
  ...changes,
});

const openssl = (...args: readonly string[]): string => execFileSync('openssl', args).toString();

const hasOpenssl = (() => {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
})();

describe('the made certificate', () => {
  test('is good for every name a client may use, and for no other', async () => {
    const config = configOf({
      host: '::',
      publicUrl: 'https://images.example.com:8443',
      tlsNames: ['10.1.2.3', 'shop.example.com'],
    });
    const { cert } = await loadTlsIdentity(config, NOW_MS);
    const leaf = new X509Certificate(cert);
    const dnsNames = ['localhost', 'images.example.com', 'shop.example.com'];
    for (const name of dnsNames) expect(leaf.checkHost(name)).toBe(name);
    for (const ip of ['127.0.0.1', '::1', '10.1.2.3']) expect(leaf.checkIP(ip)).toBe(ip);
    expect(leaf.checkHost('elsewhere.example.com')).toBeUndefined();
    expect(leaf.checkIP('::')).toBeUndefined();
  });

  test('is signed by a CA that may sign certificates and nothing else', async () => {
    const { cert, caFile } = await loadTlsIdentity(configOf(), NOW_MS);
    const ca = new X509Certificate(await readFile(caFile ?? '', 'utf8'));
    const leaf = new X509Certificate(cert);
    expect(leaf.verify(ca.publicKey)).toBe(true);
    expect(leaf.checkIssued(ca)).toBe(true);
    expect([ca.ca, leaf.ca]).toEqual([true, false]);
  });

  (hasOpenssl ? test : test.skip)('passes the strict checks that Python 3.13 makes', async () => {
    const { caFile = '' } = await loadTlsIdentity(configOf(), NOW_MS);
    const leafFile = join(dataDir, 'tls', 'server.pem');
    const verified = openssl(
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      caFile,
      leafFile,
    );
    expect(verified).toContain('OK');
    const ca = openssl('x509', '-in', caFile, '-noout', '-text');
    expect(ca).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/u);
    expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE/u);
    expect(ca).toContain('Subject Key Identifier');
    const leaf = openssl('x509', '-in', leafFile, '-noout', '-text');
    expect(leaf).toContain('Authority Key Identifier');
    expect(leaf).toContain('TLS Web Server Authentication');
  });

  test('keeps its keys to their owner', async () => {
    await loadTlsIdentity(configOf(), NOW_MS);
    for (const name of ['ca-key.pem', 'server-key.pem']) {
      expect((await stat(join(dataDir, 'tls', name))).mode & 0o777).toBe(0o600);
    }
  });
});

describe('the next start', () => {
  test('takes the same certificate', async () => {
    const first = await loadTlsIdentity(configOf(), NOW_MS);
    expect(await loadTlsIdentity(configOf(), NOW_MS + 300 * DAY_MS)).toEqual(first);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['nears its end', () => loadTlsIdentity(configOf(), NOW_MS + 370 * DAY_MS)],
    ['lacks a name', () => loadTlsIdentity(configOf({ tlsNames: ['new.example.com'] }), NOW_MS)],
    ['is renewed by hand', () => loadTlsIdentity(configOf(), NOW_MS, { renew: true })],
    [
      'has lost its key',
      async () => {
        await rm(join(dataDir, 'tls', 'server-key.pem'));
        return loadTlsIdentity(configOf(), NOW_MS);
      },
    ],
  ])('makes a new one under the same CA when it %s', async (_why, load) => {
    const first = await loadTlsIdentity(configOf(), NOW_MS);
    const caBefore = await readFile(first.caFile ?? '', 'utf8');
    const second = (await load()) as typeof first;
    expect(second.cert).not.toBe(first.cert);
    expect(await readFile(first.caFile ?? '', 'utf8')).toBe(caBefore);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(caBefore).publicKey)).toBe(
      true,
    );
  });

  test.each(['ca.pem', 'ca-key.pem', 'server.pem', 'server-key.pem'])(
    'serves no flipped bit of %s',
    async (name) => {
      await loadTlsIdentity(configOf(), NOW_MS);
      const path = join(dataDir, 'tls', name);
      const bytes = await readFile(path);
      const middle = bytes.length >> 1;
      // To another letter, so that it is Base64 all the same.
      bytes.writeUInt8(bytes.readUInt8(middle) === 0x41 ? 0x42 : 0x41, middle);
      await writeFile(path, bytes);
      const { cert, key, caFile = '' } = await loadTlsIdentity(configOf(), NOW_MS);
      const ca = new X509Certificate(await readFile(caFile, 'utf8'));
      expect(new X509Certificate(cert).verify(ca.publicKey)).toBe(true);
      const proof = sign('sha256', Buffer.from('x'), key);
      const { publicKey } = new X509Certificate(cert);
      expect(verify('sha256', Buffer.from('x'), publicKey, proof)).toBe(true);
    },
  );

  test('makes a new CA when the old one nears its end', async () => {
    const first = await loadTlsIdentity(configOf(), NOW_MS);
    const caBefore = await readFile(first.caFile ?? '', 'utf8');
    await loadTlsIdentity(configOf(), NOW_MS + 3640 * DAY_MS);
    expect(await readFile(first.caFile ?? '', 'utf8')).not.toBe(caBefore);
  });
});

describe("the operator's own certificate", () => {
  test('is taken as it is, and nothing is made', async () => {
    const { cert, key } = await loadTlsIdentity(configOf(), NOW_MS);
    const files = { certificate: join(dataDir, 'own.pem'), key: join(dataDir, 'own-key.pem') };
    await writeFile(files.certificate, cert);
    await writeFile(files.key, key);
    const elsewhere = join(dataDir, 'elsewhere');
    const own = await loadTlsIdentity(configOf({ dataDir: elsewhere, tlsFiles: files }), NOW_MS);
    expect(own).toMatchObject({ cert, key, caFile: undefined });
    await expect(stat(elsewhere)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is refused with a key of another, the files named', async () => {
    await loadTlsIdentity(configOf(), NOW_MS);
    const files = {
      certificate: join(dataDir, 'tls/server.pem'),
      key: join(dataDir, 'tls/ca-key.pem'),
    };
    const load = loadTlsIdentity(configOf({ tlsFiles: files }), NOW_MS);
    await expect(load).rejects.toThrow(
      /server\.pem and .*ca-key\.pem are no PEM certificate and /u,
    );
  });

  test('is missed by its name', async () => {
    const files = { certificate: join(dataDir, 'none.pem'), key: join(dataDir, 'none-key.pem') };
    const load = loadTlsIdentity(configOf({ tlsFiles: files }), NOW_MS);
    await expect(load).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('names are told once each, wildcard addresses never', () => {
  const names = certificateNames(configOf({ host: '0.0.0.0', tlsNames: ['LOCALHOST', '[::1]'] }));
  expect(names.filter((name) => ['localhost', '::1', '0.0.0.0'].includes(name))).toEqual([
    'localhost',
    '::1',
  ]);
});

describe('a running server', () => {
  test('takes up a new certificate on SIGHUP, and keeps the old one when the new is unusable', async () => {
    const authority = await createAuthority(Date.now());
    const files = {
      LIKENESS_TLS_CERT: join(dataDir, 'c.pem'),
      LIKENESS_TLS_KEY: join(dataDir, 'k.pem'),
    };
    const install = async (): Promise<string> => {
      const { cert, key } = await issueCertificate(authority, ['127.0.0.1'], Date.now());
      await writeFile(files.LIKENESS_TLS_CERT, cert);
      await writeFile(files.LIKENESS_TLS_KEY, key);
      return new X509Certificate(cert).fingerprint256;
    };
    const first = await install();
    await mkdir(join(dataDir, 'data'));
    const server = await launchServerOn(join(dataDir, 'data'), { environment: files });
    const port = Number(new URL(server.endpoint).port);
    const reload = async (): Promise<string> => {
      process.kill(server.pid, 'SIGHUP');
      await new Promise((resolve) => setTimeout(resolve, 300));
      return shownCertificate(port, authority.cert);
    };
    expect(await shownCertificate(port, authority.cert)).toBe(first);
    const second = await install();
    let shown = await reload();
    for (let tries = 0; shown !== second && tries < 50; tries += 1) shown = await reload();
    expect(shown).toBe(second);
    await writeFile(files.LIKENESS_TLS_CERT, 'no certificate');
    expect(await reload()).toBe(second);
    await server.stop();
  });
});

/** Fingerprint of the certificate that a new connection is shown. */
async function shownCertificate(port: number, ca: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ca });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
