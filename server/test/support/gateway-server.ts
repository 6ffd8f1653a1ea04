import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Catalog } from '../../src/catalog/catalog.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { Logger } from '../../src/log/logger.ts';
import { DamageRegister } from '../../src/store/damage-register.ts';
import { openServices, type Services } from '../../src/services.ts';
import type { ValueStore } from '../../src/store/value-store.ts';
import { MemoryCatalog, PLAIN_SETTINGS } from './memory-catalog.ts';
import { MemoryValues } from './memory-values.ts';

export const TEST_KEY = { accessKeyId: 'test-root', accessKeySecret: 'test-secret' };

/** Everything but the engine: real sockets, signatures, actions, ledger; a catalog in memory. */
export interface GatewayServer {
  readonly port: number;
  readonly services: Services;
  readonly catalog: MemoryCatalog;
  /** What was logged, as the objects handed to the logger. */
  readonly logged: readonly Record<string, unknown>[];
  readonly dataDir: string;
  /** Stops it, and keeps the folder. */
  readonly stop: () => Promise<void>;
}

export interface GatewayServerOptions {
  readonly dataDir: string;
  readonly catalog?: MemoryCatalog;
  readonly now?: () => number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A gateway over any catalog, on a free port. Closing its services stops it. */
export async function openGateway(options: {
  readonly dataDir: string;
  readonly catalog: Catalog;
  readonly logger: Logger;
  readonly now: () => number;
  readonly values?: ValueStore;
  readonly damage?: DamageRegister;
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<{ readonly port: number; readonly services: Services }> {
  const { dataDir, logger, now, values = new MemoryValues(), environment } = options;
  const config = loadConfig({
    LIKENESS_DATA_DIR: dataDir,
    LIKENESS_PORT: '0',
    LIKENESS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    LIKENESS_ACCESS_KEY_SECRET: TEST_KEY.accessKeySecret,
    // A file of it would stay beside the folder.
    LIKENESS_MASTER_KEY: '0f'.repeat(32),
    ...environment,
  });
  const catalog = Promise.resolve(options.catalog);
  const onDamage = (damage: object): void => logger.error({ damage });
  const { damage = new DamageRegister({ now, onDamage }) } = options;
  const services = await openServices({ config, logger, now, catalog, values, damage });
  const { port } = await services.listener.listen(config.host, config.port);
  return { port, services };
}

/** Starts one on a free port, with the instance `demo`. */
export async function startGateway(options: GatewayServerOptions): Promise<GatewayServer> {
  const { dataDir, now = Date.now, catalog = new MemoryCatalog(), environment = {} } = options;
  const logged: Record<string, unknown>[] = [];
  const note = (line: unknown): void => void logged.push(line as Record<string, unknown>);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  await catalog.createCollection(PLAIN_SETTINGS);
  const { port, services } = await openGateway({ dataDir, catalog, logger, now, environment });
  return { port, services, catalog, logged, dataDir, stop: services.close };
}

/** Runs with a folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-gateway-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
