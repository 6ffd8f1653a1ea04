/** From configuration to services: the only place that says which implementation is used. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findAction } from './actions/action-table.ts';
import { Authenticator } from './auth/authenticator.ts';
import { RootCredentialStore } from './auth/credentials.ts';
import { NonceLedger } from './auth/nonce-ledger.ts';
import { RateLimiter } from './auth/rate-limiter.ts';
import { loadRootKey, type RootKey } from './auth/root-key.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Config } from './config/config.ts';
import { Admission } from './http/admission.ts';
import { createApp } from './http/app.ts';
import { FormWorkers } from './http/form-workers.ts';
import { Gateway } from './http/gateway.ts';
import { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from './http/limits.ts';
import { Listener } from './http/listener.ts';
import { readOpenFileLimit } from './http/open-file-limit.ts';
import { isBodyTooLarge } from './http/read-body.ts';
import { loadTlsIdentity } from './http/tls-identity.ts';
import { TlsKeeper } from './http/tls-keeper.ts';
import type { Logger } from './log/logger.ts';

/** Threads that hold large forms: two 6 MB forms a second keep one busy for a fifth of it. */
const FORM_THREADS = 2;

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

export interface ServicesOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Awaited last: what else a start needs is opened meanwhile. */
  readonly catalog: Promise<Catalog>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Everything that answers requests, not listening yet. */
export interface Services {
  readonly listener: Listener;
  readonly rootKey: RootKey;
  readonly tls: TlsKeeper;
  /** What the port holds and turned away, for metrics. */
  readonly admission: Admission;
  /** Finishes what is in flight, then releases everything but the catalog. */
  readonly close: () => Promise<void>;
}

/** @throws {Error} for a damaged root key file or unusable TLS files. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { config, logger, now } = options;
  const rootKey = await loadRootKey(config.dataDir, config.rootKey);
  const identity = await loadTlsIdentity(config, now());
  const nonces = await openNonces(options, rootKey);
  const catalog = await options.catalog;
  const formWorkers = new FormWorkers({ threads: FORM_THREADS });
  const admission = new Admission({ ...config, maxOpenFiles: await readOpenFileLimit() });
  const { addresses, connections } = admission;
  let isReady = true;
  const credentials = new RootCredentialStore(rootKey);
  const gateway = new Gateway({
    findAction,
    services: { catalog, instanceRates: new RateLimiter(elapsed), now },
    authenticator: new Authenticator({ credentials, nonces, now }),
    formWorkers,
    body: { maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_TIMEOUT_MS },
    admission,
  });
  const listener = new Listener({
    handle: createApp({
      gateway,
      logger,
      addresses,
      corsOrigins: config.corsOrigins,
      isReady: () => isReady,
      newRequestId,
      elapsed,
    }),
    wantsBody: (request) => !isBodyTooLarge(request, MAX_BODY_BYTES),
    newRequestId,
    connections,
  });
  const tls = new TlsKeeper({ config, now, listener, logger, identity });
  return {
    listener,
    rootKey,
    tls,
    admission,
    close: async () => {
      isReady = false;
      tls.close();
      await listener.close();
      await formWorkers.close();
      await nonces.close();
    },
  };
}

async function openNonces(
  { config, logger, now }: ServicesOptions,
  rootKey: RootKey,
): Promise<NonceLedger> {
  return NonceLedger.open({
    folder: join(config.dataDir, 'nonces'),
    now,
    bootId: await readFile(BOOT_ID_FILE, 'utf8').catch(() => undefined),
    // A key made just now has signed nothing yet.
    mayHavePredecessor: !rootKey.isNew,
    onUnwritable: (error) => {
      logger.warn({ err: error }, 'the nonce ledger cannot be written and lives in memory');
    },
  });
}

function newRequestId(): string {
  return randomUUID().toUpperCase();
}

function elapsed(): number {
  return performance.now();
}
