// The library below reads metadata through this polyfill, which must come first.
import 'reflect-metadata';

import type { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

import type { TlsMaterial } from './listener.ts';

const DAY_MS = 86_400_000;

/** A CA is trusted by hand on every client: it should last. */
const CA_DAYS = 3650;

/** As long as public CAs may issue for; renewed long before. */
const LEAF_DAYS = 397;

/** Clocks of clients that run behind. */
const BACKDATED_MS = DAY_MS;

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/**
 * A private CA: a key and a self-signed certificate, PEM.
 *
 * Its extensions are what Python 3.13 asks for: critical basicConstraints and keyUsage with keyCertSign
 * (docs/wire-protocol.md, What clients do).
 */
export async function createAuthority(nowMs: number): Promise<TlsMaterial> {
  const keys = await createKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Likeness CA ${new Date(nowMs).toISOString().slice(0, 10)}, O=Likeness`,
    ...validity(nowMs, CA_DAYS),
    signingAlgorithm: KEY_ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toMaterial(certificate, keys);
}

/** A server certificate for `names` (host names and IP addresses), signed by the CA; the chain holds both. */
export async function issueCertificate(
  authority: TlsMaterial,
  names: readonly string[],
  nowMs: number,
): Promise<TlsMaterial> {
  const issuer = new X509Certificate(authority.cert);
  const keys = await createKeys();
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=Likeness server, O=Likeness',
    issuer: issuer.subject,
    ...validity(nowMs, LEAF_DAYS),
    signingAlgorithm: KEY_ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importPrivateKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const leaf = await toMaterial(certificate, keys);
  return { key: leaf.key, cert: leaf.cert + authority.cert };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

function validity(nowMs: number, days: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + days * DAY_MS),
  };
}

async function toMaterial(
  certificate: X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<TlsMaterial> {
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(key, PemConverter.PrivateKeyTag)}\n`,
  };
}

function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [der] = PemConverter.decode(pem);
  if (der === undefined) throw new Error('the private key of the CA is not PEM');
  return crypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, false, ['sign']);
}
