import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Credentials } from '@likeness/shared/signing';

import { ROOT_KEY_FILE } from '../auth/root-key.ts';

/** The root key that a server keeps in its data folder; undefined where there is none, or it may not be read. */
export async function readStoredKey(dataDir: string): Promise<Credentials | undefined> {
  try {
    const text = await readFile(join(dataDir, ROOT_KEY_FILE), 'utf8');
    const { accessKeyId, accessKeySecret } = JSON.parse(text) as Partial<Credentials>;
    return accessKeyId && accessKeySecret ? { accessKeyId, accessKeySecret } : undefined;
  } catch {
    return undefined;
  }
}
