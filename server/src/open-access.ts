import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Authenticator } from './auth/authenticator.ts';
import { KeyRing } from './auth/key-ring.ts';
import type { KeyValues } from './auth/key-values.ts';
import { NonceLedger } from './auth/nonce-ledger.ts';
import { RateLimiter } from './auth/rate-limiter.ts';
import type { RootKey } from './auth/root-key.ts';
import { ROOT_KEY_FILE } from './auth/root-key-file.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Config } from './config/config.ts';
import { masterKeySource, rootKeySource, type Telling } from './key-sources.ts';
import type { AuditLog } from './log/audit-log.ts';
import { FileAuditLog } from './log/file-audit-log.ts';
import type { Logger } from './log/logger.ts';
import type { DamageRegister } from './store/damage-register.ts';

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export interface AccessOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly values: KeyValues;
  /** Told of keys that are not what was written. */
  readonly damage: Pick<DamageRegister, 'note'>;
  /** Its guard stands before what is written; not awaited before that. */
  readonly catalog: Promise<Pick<Catalog, 'guardWrite'>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never going back. */
  readonly elapsed: () => number;
}

/** Who may, and what they did. */
export interface Access {
  readonly rootKey: RootKey;
  readonly accessKeys: KeyRing;
  readonly authenticator: Authenticator;
  readonly audit: AuditLog;
  readonly close: () => Promise<void>;
}

/**
 * Opens the keys, the nonces that they used, and the audit log.
 *
 * @throws {Error} with `code` `MasterKey` where the master key is not the one that sealed the keys.
 */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { config, logger, now, elapsed } = options;
  const accessKeys = await openKeyRing(options);
  const rootKey = accessKeys.root;
  // A key made just now has signed nothing yet.
  const mayHavePredecessor = !rootKey.isNew || accessKeys.size > 0;
  const nonces = await openNonces(options, mayHavePredecessor);
  const audit = openAuditLog(config, now, (error) =>
    logger.error({ err: error }, 'the audit log cannot be written'),
  );
  return {
    rootKey,
    accessKeys,
    audit,
    authenticator: new Authenticator({
      credentials: accessKeys,
      nonces,
      rates: new RateLimiter(elapsed),
      now,
    }),
    close: async () => {
      await nonces.close();
      await accessKeys.close();
      await audit.close();
    },
  };
}

/** The audit log of a data folder. */
export function openAuditLog(
  config: Config,
  now: () => number,
  onUnwritable: (error: unknown) => void,
): AuditLog {
  return new FileAuditLog({
    folder: config.auditDir,
    maxMegabytes: config.auditMb,
    now,
    onUnwritable,
  });
}

function openKeyRing(options: AccessOptions): Promise<KeyRing> {
  const { config, logger, values, damage, catalog, now } = options;
  const telling: Telling = {
    show: async () => {
      throw new Error('a running server changes no master key');
    },
    warn: (message) => logger.warn({}, message),
  };
  return KeyRing.open({
    root: rootKeySource(config, {
      ...telling,
      onDamage: (detail) => damage.note({ kind: 'identity', name: ROOT_KEY_FILE, detail }),
    }),
    values,
    write: async (task, kind) => (await catalog).guardWrite(task, kind),
    masterKeys: masterKeySource(config, telling),
    now,
    randomBytes,
    onDamage: (found) => damage.note({ kind: 'value', ...found }),
    onError: (error) => logger.warn({ err: error }, 'the last uses of keys cannot be written'),
  });
}

async function openNonces(
  { config, logger, now }: AccessOptions,
  mayHavePredecessor: boolean,
): Promise<NonceLedger> {
  return NonceLedger.open({
    folder: join(config.dataDir, 'nonces'),
    now,
    bootId: await readFile(BOOT_ID_FILE, 'utf8').catch(() => undefined),
    mayHavePredecessor,
    onUnwritable: (error) => {
      logger.warn({ err: error }, 'the nonce ledger cannot be written and lives in memory');
    },
  });
}
