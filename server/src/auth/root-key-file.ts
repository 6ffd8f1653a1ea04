/*
 * The file of the root key, JSON:
 *
 *     accessKeyId   in plain text
 *     sealed        its secret, sealed (secret-box.ts): once, or under the old and the new master key while that is
 *                   changed; each names its master key by fingerprint
 *     checksum      SHA-256 over both, so that damage is told from another master key, and without any
 *
 * Earlier versions wrote accessKeyId and accessKeySecret in plain text, with a checksum over both; operators may
 * have written the same by hand, without one.
 */
import { createHash } from 'node:crypto';

import type { Credentials } from '@likeness/shared/signing';

import { fingerprintOf, openText, sealText, type MasterKey } from './secret-box.ts';

/** The file in the data folder that holds a generated root key. */
export const ROOT_KEY_FILE = 'root-key.json';

interface Seal {
  readonly masterKey: string;
  readonly secret: string;
}

export type StoredRootKey =
  | { readonly kind: 'plain'; readonly key: Credentials }
  | {
      readonly kind: 'sealed';
      readonly accessKeyId: string;
      readonly sealed: readonly Seal[];
      /** Of the master keys that open it. */
      readonly fingerprints: readonly string[];
    };

/** The text of the file. */
export function formatRootKey(
  { accessKeyId, accessKeySecret }: Credentials,
  masterKeys: readonly MasterKey[],
): string {
  const sealed = masterKeys.map((masterKey) => ({
    masterKey: fingerprintOf(masterKey),
    secret: sealText(accessKeySecret, contextOf(accessKeyId), masterKey),
  }));
  const checksum = checksumOf(sealedTexts(accessKeyId, sealed));
  return `${JSON.stringify({ accessKeyId, sealed, checksum }, null, 2)}\n`;
}

/** @throws {Error} for a damaged file; it tells nothing of its text, which may hold a secret */
export function parseRootKey(bytes: Uint8Array, path: string): StoredRootKey {
  const stored = readRootKey(bytes);
  if (stored === undefined) {
    throw new Error(`${damageOf(path)}: restore it, or remove it to have a new root key made`);
  }
  return stored;
}

/** What is wrong with the file, in a sentence; undefined for a good one, or none. */
export function examineRootKey(bytes: Uint8Array | undefined, path: string): string | undefined {
  return bytes === undefined || readRootKey(bytes) !== undefined ? undefined : damageOf(path);
}

/** The key, and which of the master keys opened it; undefined if none did. */
export function openRootKey(
  { accessKeyId, sealed }: Extract<StoredRootKey, { kind: 'sealed' }>,
  masterKeys: readonly MasterKey[],
): { readonly key: Credentials; readonly masterKey: MasterKey } | undefined {
  for (const masterKey of masterKeys) {
    const seal = sealed.find((each) => each.masterKey === fingerprintOf(masterKey));
    const accessKeySecret =
      seal === undefined ? undefined : openText(seal.secret, contextOf(accessKeyId), masterKey);
    if (accessKeySecret !== undefined) return { key: { accessKeyId, accessKeySecret }, masterKey };
  }
  return undefined;
}

function readRootKey(bytes: Uint8Array): StoredRootKey | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString());
    return readSealed(parsed) ?? readPlain(parsed);
  } catch {
    return undefined;
  }
}

function readSealed(parsed: unknown): StoredRootKey | undefined {
  const { accessKeyId, sealed, checksum } = parsed as Record<string, unknown>;
  if (typeof accessKeyId !== 'string' || !Array.isArray(sealed)) return undefined;
  const seals = sealed as readonly Seal[];
  if (checksum !== checksumOf(sealedTexts(accessKeyId, seals))) return undefined;
  const fingerprints = seals.map(({ masterKey }) => masterKey);
  return { kind: 'sealed', accessKeyId, sealed: seals, fingerprints };
}

function readPlain(parsed: unknown): StoredRootKey | undefined {
  const { accessKeyId, accessKeySecret, checksum } = parsed as Record<string, unknown>;
  if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string') return undefined;
  const isWhole = checksum === undefined || checksum === checksumOf([accessKeyId, accessKeySecret]);
  return isWhole ? { kind: 'plain', key: { accessKeyId, accessKeySecret } } : undefined;
}

function damageOf(path: string): string {
  return `${path} is damaged`;
}

/** A sealed secret is of the root key of this id, and of no other key. */
function contextOf(accessKeyId: string): string {
  return JSON.stringify(['root', accessKeyId]);
}

function sealedTexts(accessKeyId: string, sealed: readonly Seal[]): readonly string[] {
  return [accessKeyId, ...sealed.flatMap(({ masterKey, secret }) => [masterKey, secret])];
}

function checksumOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}
