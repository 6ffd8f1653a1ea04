/** Where keys come from, as the configuration says. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import {
  FileMasterKey,
  GivenMasterKey,
  masterKeyFile,
  type MasterKeySource,
} from './auth/master-key-source.ts';
import {
  FileRootKey,
  GivenRootKey,
  type RootKeySource,
  type RootKeyTelling,
} from './auth/root-key.ts';
import { ROOT_KEY_FILE } from './auth/root-key-file.ts';
import { parseMasterKey, type MasterKey } from './auth/secret-box.ts';
import type { Config } from './config/config.ts';
import { nodeDisk } from './disk/disk.ts';

/** How sources of keys speak to the operator. */
export interface Telling {
  /** Another master key, before it is used, where nobody else keeps it. */
  readonly show: (next: MasterKey) => Promise<void>;
  /** What should be put right. */
  readonly warn: (message: string) => void;
}

/** Where the configuration says that the master key is. */
export function masterKeySource(
  { dataDir, masterKey }: Pick<Config, 'dataDir' | 'masterKey'>,
  { show, warn }: Telling,
): MasterKeySource {
  const given = masterKey === undefined ? undefined : parseMasterKey(masterKey);
  if (given !== undefined) return new GivenMasterKey(given, show);
  return new FileMasterKey(masterKeyFile(dataDir), nodeDisk, { randomBytes, warn });
}

/** Where the configuration says that the root key is. */
export function rootKeySource(
  { dataDir, rootKey }: Pick<Config, 'dataDir' | 'rootKey'>,
  telling: RootKeyTelling,
): RootKeySource {
  return rootKey === undefined ? rootKeyFile(dataDir, telling) : new GivenRootKey(rootKey);
}

/** The root key that a data folder holds. */
export function rootKeyFile(dataDir: string, telling: RootKeyTelling): FileRootKey {
  return new FileRootKey(join(dataDir, ROOT_KEY_FILE), nodeDisk, telling);
}
