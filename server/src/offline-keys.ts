/** What is done to the keys of a data folder while no server runs on it. */
import { randomBytes } from 'node:crypto';

import type { Credentials } from '@likeness/shared/signing';

import { KeyRing } from './auth/key-ring.ts';
import { discardKeys } from './auth/key-values.ts';
import { formatMasterKey } from './auth/secret-box.ts';
import { ConfigError } from './config/config-error.ts';
import type { Config } from './config/config.ts';
import { nodeDisk } from './disk/disk.ts';
import type { AuditEvent } from './log/audit-log.ts';
import { masterKeySource, rootKeyFile, rootKeySource, type Telling } from './key-sources.ts';
import { openAuditLog } from './open-access.ts';
import { openDataFolder } from './store/data-folder.ts';
import { LevelRecordStore } from './store/level-record-store.ts';

export interface OfflineKeys {
  /** Seals all secrets anew. Resolves to where the new master key is, in words. */
  rotateMasterKey(): Promise<string>;
  rotateRootKey(): Promise<Credentials>;
  /** Removes all keys but the root key, and that too where no master key opens it. Whether it did. */
  discard(): Promise<boolean>;
}

/** Who the audit log says did it: whoever may write the folder. */
const OPERATOR = 'operator';

/**
 * Each works on the folder that the configuration names, and throws where it cannot: `StoreLocked` while a
 * server runs on it, `MasterKey` where the master key is not the one that sealed the keys.
 *
 * @param show tells the operator something before it is needed
 */
export function openOfflineKeys(
  config: Config,
  show: (line: string) => Promise<void>,
): OfflineKeys {
  return {
    rotateMasterKey: () => rotateMasterKey(config, show),
    rotateRootKey: async () => {
      if (config.rootKey !== undefined) {
        throw new ConfigError([
          'the root key is the one in LIKENESS_ACCESS_KEY_ID and LIKENESS_ACCESS_KEY_SECRET: change those, or unset them where the server has its key in the folder',
        ]);
      }
      await requireData(config);
      const telling = speak(show);
      const file = rootKeyFile(config.dataDir, telling);
      const key = await file.replace(masterKeySource(config, telling));
      await audited(config, show, {
        action: 'RotateRootKey',
        result: { accessKeyId: key.accessKeyId },
      });
      return key;
    },
    discard: async () => {
      await withStore(config, discardKeys);
      const telling = speak(show);
      const file = rootKeyFile(config.dataDir, telling);
      const isRootGone = await file.discardUnreadable(masterKeySource(config, telling));
      await audited(config, show, { action: 'DiscardAccessKeys' });
      return isRootGone;
    },
  };
}

async function rotateMasterKey(
  config: Config,
  show: (line: string) => Promise<void>,
): Promise<string> {
  const telling = speak(show);
  const masterKeys = masterKeySource(config, telling);
  const count = await withStore(config, async (records) => {
    const ring = await KeyRing.open({
      root: rootKeySource(config, telling),
      values: records,
      write: (task) => task(),
      masterKeys,
      now: Date.now,
      randomBytes,
      onDamage: ({ detail }) => void show(`Mind: ${detail}.`),
      onError: (error) => {
        throw error;
      },
    });
    await ring.rotateMasterKey();
    return ring.size;
  });
  await audited(config, show, { action: 'RotateMasterKey', result: { keys: count } });
  return config.masterKey === undefined
    ? `${count} secrets are sealed under the new master key in ${masterKeys.place}.`
    : `${count} secrets are sealed under it. Set it before the next start: the old one opens nothing now.`;
}

function speak(show: (line: string) => Promise<void>): Telling {
  return {
    show: async (next) => {
      await show('Keep this before all else. It is shown this once:');
      await show(`  LIKENESS_MASTER_KEY=${formatMasterKey(next)}`);
    },
    warn: (message) => void show(`Mind: ${message}.`),
  };
}

/** With the store of a folder that is a data folder already. */
async function withStore<Result>(
  { dataDir }: Config,
  task: (records: LevelRecordStore) => Promise<Result>,
): Promise<Result> {
  await requireData({ dataDir });
  const folder = await openDataFolder(dataDir, nodeDisk);
  const records = await LevelRecordStore.open({
    folder: folder.records,
    damagedFolder: folder.damaged,
    disk: nodeDisk,
  });
  try {
    return await task(records);
  } finally {
    await records.close();
  }
}

async function requireData({ dataDir }: Pick<Config, 'dataDir'>): Promise<void> {
  if ((await nodeDisk.list(dataDir)).length > 0) return;
  throw new ConfigError([`${dataDir} holds no data: name the folder by LIKENESS_DATA_DIR`]);
}

async function audited(
  config: Config,
  show: (line: string) => Promise<void>,
  event: Pick<AuditEvent, 'action' | 'result'>,
): Promise<void> {
  const audit = openAuditLog(
    config,
    Date.now,
    (error) => void show(`Mind: the audit log cannot be written (${String(error)}).`),
  );
  audit.note({ kind: 'administration', key: OPERATOR, ...event });
  await audit.close();
}
