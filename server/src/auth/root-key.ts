import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { Credentials } from '@likeness/shared/signing';

import { nodeDisk, replaceFile } from '../disk/disk.ts';
import { createKeyPair } from './key-pair.ts';

/** The file in the data folder that holds a generated root key. */
export const ROOT_KEY_FILE = 'root-key.json';

export interface RootKey extends Credentials {
  /** Made just now: to be shown once, and certain never to have signed anything. */
  readonly isNew: boolean;
}

/**
 * The root key: the configured one, else the one in the data folder, else a new one, stored there for
 * its owner's eyes alone.
 *
 * @throws {Error} if the stored file is not readable as a key
 */
export async function loadRootKey(
  dataDir: string,
  configured: Credentials | undefined,
): Promise<RootKey> {
  if (configured !== undefined) return { ...configured, isNew: false };
  const path = join(dataDir, ROOT_KEY_FILE);
  const stored = await nodeDisk.read(path);
  if (stored !== undefined) {
    return { ...parseRootKey(Buffer.from(stored).toString(), path), isNew: false };
  }
  return { ...(await replaceRootKey(dataDir)), isNew: true };
}

/** Makes another root key and puts it in the place of the stored one, in one step. A server takes it up when it starts. */
export async function replaceRootKey(dataDir: string): Promise<Credentials> {
  const path = join(dataDir, ROOT_KEY_FILE);
  const key = createKeyPair();
  const text = `${JSON.stringify({ ...key, checksum: checksumOf(key) }, null, 2)}\n`;
  await replaceFile(nodeDisk, { path, temporary: `${path}.new` }, Buffer.from(text));
  return key;
}

/** A flipped bit would else make another key of it, which nobody has. */
interface StoredRootKey extends Credentials {
  /** Absent in what an operator wrote by hand. */
  readonly checksum: string;
}

function checksumOf({ accessKeyId, accessKeySecret }: Credentials): string {
  return createHash('sha256').update(`${accessKeyId}\n${accessKeySecret}`).digest('hex');
}

function parseRootKey(text: string, path: string): Credentials {
  try {
    const { accessKeyId, accessKeySecret, checksum } = JSON.parse(text) as Partial<StoredRootKey>;
    if (typeof accessKeyId === 'string' && typeof accessKeySecret === 'string') {
      const key = { accessKeyId, accessKeySecret };
      if (checksum === undefined || checksum === checksumOf(key)) return key;
    }
  } catch {
    // Told below, without the text: it may hold a secret.
  }
  throw new Error(`${path} is damaged: restore it, or remove it to have a new root key made`);
}
