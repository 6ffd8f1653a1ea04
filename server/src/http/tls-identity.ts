/**
 * The server's certificate: the operator's own files, or a private CA and a certificate from it.
 *
 *     <data>/tls/ca.pem          to be trusted by clients; `likeness tls ca` prints it
 *     <data>/tls/ca-key.pem      0600
 *     <data>/tls/server.pem      certificate and CA
 *     <data>/tls/server-key.pem  0600
 */
import { sign, verify, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';

import { ConfigError } from '../config/config-error.ts';
import type { Config } from '../config/config.ts';
import { nodeDisk, replaceFile } from '../disk/disk.ts';
import type { TlsMaterial } from './listener.ts';

/** A made certificate is replaced this long before it ends. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export type TlsConfig = Pick<Config, 'dataDir' | 'host' | 'publicUrl' | 'tlsFiles' | 'tlsNames'>;

export interface TlsIdentity extends TlsMaterial {
  /** The CA that clients trust; undefined with the operator's own certificate. */
  readonly caFile: string | undefined;
  readonly names: readonly string[];
  readonly expiresMs: number;
  /** What was damaged, and was made anew just now. */
  readonly replaced: readonly DamagedTlsFile[];
}

/** A certificate, or its key, that is not what was written. */
export interface DamagedTlsFile {
  /** Of the certificate, in the data folder. */
  readonly name: string;
  /** In a sentence. */
  readonly detail: string;
}

/**
 * Where the CA's certificate lies, made yet or not. The data folder is its owner's alone, so other users of
 * the machine are handed a copy.
 */
function caFileOf(dataDir: string): string {
  return join(dataDir, 'tls', 'ca.pem');
}

/**
 * The certificate to serve with. One of our own is made on first use, and anew when it nears its end or
 * lacks a name; the CA stays.
 *
 * @param options.renew makes it anew in any case
 * @throws {ConfigError} if the operator's files are no certificate and key, or do not fit each other
 * @throws {Error} if they cannot be read
 */
export async function loadTlsIdentity(
  config: TlsConfig,
  nowMs: number,
  options: { readonly renew?: boolean } = {},
): Promise<TlsIdentity> {
  if (config.tlsFiles !== undefined) return loadOwn(config.tlsFiles);
  const folder = join(config.dataDir, 'tls');
  const names = certificateNames(config);
  const authority = await readMaterial(folder, 'ca');
  const stored = await readMaterial(folder, 'server');
  const isUsable =
    options.renew !== true &&
    authority !== undefined &&
    stored !== undefined &&
    isIssuedBy(stored, authority) &&
    isGood(stored, names, nowMs);
  const material = isUsable ? stored : await make(folder, authority, { names, nowMs });
  const replaced = isUsable ? [] : damageOf(authority, stored);
  return { ...describe(material, caFileOf(config.dataDir)), replaced };
}

/** What is damaged of the made certificates; nothing is made or written. */
export async function examineTls(dataDir: string): Promise<readonly DamagedTlsFile[]> {
  const folder = join(dataDir, 'tls');
  return damageOf(await readMaterial(folder, 'ca'), await readMaterial(folder, 'server'));
}

function damageOf(
  authority: TlsMaterial | undefined,
  stored: TlsMaterial | undefined,
): readonly DamagedTlsFile[] {
  if (authority === undefined) return [];
  if (!isAuthority(authority)) {
    const detail =
      'the private CA or its key is damaged: a start makes another, to be trusted anew';
    return [{ name: 'tls/ca.pem', detail }];
  }
  if (stored === undefined || isIssuedBy(stored, authority)) return [];
  const detail = 'the certificate or its key is damaged: a start makes another';
  return [{ name: 'tls/server.pem', detail }];
}

/** Names that a client may reach this server by. */
export function certificateNames({ host, publicUrl, tlsNames }: TlsConfig): readonly string[] {
  const publicName = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const names = ['localhost', '127.0.0.1', '::1', hostname(), host, ...publicName, ...tlsNames];
  const wildcards = new Set(['0.0.0.0', '::', '']);
  const bare = names.map((name) => name.replace(/^\[(.*)\]$/u, '$1').toLowerCase());
  return [...new Set(bare)].filter((name) => !wildcards.has(name));
}

async function loadOwn(files: NonNullable<TlsConfig['tlsFiles']>): Promise<TlsIdentity> {
  const [cert, key] = await Promise.all([
    readFile(files.certificate, 'utf8'),
    readFile(files.key, 'utf8'),
  ]);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const problem = `${files.certificate} and ${files.key} are no PEM certificate and its private key`;
    throw new ConfigError([`${problem}: ${(cause as Error).message}`]);
  }
  return describe({ cert, key }, undefined);
}

/** Loads the library only where something is to be made: it takes longer than the rest of a start. */
async function make(
  folder: string,
  known: TlsMaterial | undefined,
  { names, nowMs }: { readonly names: readonly string[]; readonly nowMs: number },
): Promise<TlsMaterial> {
  const { createAuthority, issueCertificate } = await import('./certificate-authority.ts');
  await nodeDisk.makeFolder(folder);
  const isKnownGood =
    known !== undefined && isAuthority(known) && endOf(known) - nowMs > RENEW_BEFORE_MS;
  const authority = isKnownGood ? known : await createAuthority(nowMs);
  if (!isKnownGood) await writeMaterial(folder, 'ca', authority);
  const material = await issueCertificate(authority, names, nowMs);
  await writeMaterial(folder, 'server', material);
  return material;
}

function isGood(material: TlsMaterial, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(material.cert);
  const dnsNames = (certificate.subjectAltName ?? '').split(', ');
  const covers = (name: string): boolean =>
    isIP(name) === 0 ? dnsNames.includes(`DNS:${name}`) : certificate.checkIP(name) !== undefined;
  return names.every(covers) && endOf(material) - nowMs > RENEW_BEFORE_MS;
}

/** Whether key, certificate and CA fit each other: a flipped bit in any of them makes clients turn away. */
function isIssuedBy(material: TlsMaterial, authority: TlsMaterial): boolean {
  try {
    const issuer = new X509Certificate(authority.cert);
    const certificate = new X509Certificate(material.cert);
    const isSigned = certificate.verify(issuer.publicKey) && material.cert.includes(authority.cert);
    return isSigned && fits(material) && isAuthority(authority);
  } catch {
    return false;
  }
}

/** Whether a CA is whole: signed by itself, its key its own. */
function isAuthority(authority: TlsMaterial): boolean {
  const { cert } = authority;
  try {
    const certificate = new X509Certificate(cert);
    return certificate.verify(certificate.publicKey) && fits(authority);
  } catch {
    return false;
  }
}

/** Signs and verifies: comparing the public halves would not see a damaged private one. */
function fits({ cert, key }: TlsMaterial): boolean {
  const probe = Buffer.from('likeness');
  const signature = sign('sha256', probe, key);
  return verify('sha256', probe, new X509Certificate(cert).publicKey, signature);
}

function describe(material: TlsMaterial, caFile: string | undefined): TlsIdentity {
  const { subjectAltName } = new X509Certificate(material.cert);
  const names = (subjectAltName ?? '').split(', ').map((name) => name.replace(/^[^:]*:/u, ''));
  return { ...material, caFile, names, expiresMs: endOf(material), replaced: [] };
}

function endOf({ cert }: TlsMaterial): number {
  return Date.parse(new X509Certificate(cert).validTo);
}

async function readMaterial(folder: string, name: string): Promise<TlsMaterial | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(join(folder, `${name}.pem`), 'utf8'),
      readFile(join(folder, `${name}-key.pem`), 'utf8'),
    ]);
    return { cert, key };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The key first: a certificate without its key would be worse than none. */
async function writeMaterial(folder: string, name: string, material: TlsMaterial): Promise<void> {
  await replaceText(join(folder, `${name}-key.pem`), material.key, PRIVATE_MODE);
  await replaceText(join(folder, `${name}.pem`), material.cert, PUBLIC_MODE);
}

function replaceText(path: string, text: string, mode: number): Promise<void> {
  return replaceFile(nodeDisk, { path, mode }, Buffer.from(text));
}
