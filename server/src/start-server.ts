import { existsSync } from 'node:fs';

import type { Credentials } from '@likeness/shared/signing';

import type { Config } from './config/config.ts';
import { CONSOLE_DIR, CONSOLE_PATH } from './http/console-files.ts';
import { keyRequirement } from './http/operators/key-requirement.ts';
import { openLogger } from './log/logger.ts';
import { openCatalog, type OpenCatalog } from './open-catalog.ts';
import { openServices, type Services } from './services.ts';

export interface StartOptions {
  readonly config: Config;
  /** Milliseconds since 1970; the machine's clock if absent. */
  readonly now?: () => number;
  /** Another engine than the one in the data folder, for tests. */
  readonly openCatalog?: OpenCatalog;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it listens, plain; the same address takes TLS. */
  readonly url: string;
  readonly port: number;
  /** Where people search and look after it; undefined where the console was not built. */
  readonly consoleUrl: string | undefined;
  /** The root key, and whether this start made it. */
  readonly rootKey: Credentials & { readonly isNew: boolean };
  /** Why the operator API needs a key of everybody; undefined where programs on this machine need none. */
  readonly operatorKeyRequirement: string | undefined;
  /** The CA that clients trust for TLS; undefined with a certificate of the operator's own. */
  readonly caFile: string | undefined;
  /** Takes up certificates that were replaced on disk; what cannot be used is logged. */
  readonly reloadTls: () => Promise<void>;
  /** Finishes what is in flight and releases everything. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a server in this process.
 *
 * @throws {Error} with `code` `StoreLocked` when another server uses the data folder, `EADDRINUSE` and the
 *   like when it cannot listen.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config } = options;
  const { logger, flush } = openLogger(config.logLevel);
  const now = options.now ?? Date.now;
  // First: it locks the data folder, so that everything after it is ours alone.
  const opened = await (options.openCatalog ?? openCatalog)({ config, logger, now });
  const closing: (() => Promise<void> | void)[] = [flush, opened.close];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    const { catalog, values, damage } = opened;
    const services = await openServices({ config, logger, now, catalog, values, damage });
    closing.push(services.close);
    const { port } = await services.listener.listen(config.host, config.port);
    const url = formatUrl(config.host, port);
    logger.info({ url, dataDir: config.dataDir }, 'listening');
    return {
      ...describe(services),
      operatorKeyRequirement: keyRequirement(config),
      reloadTls: () => services.tls.reload(),
      url,
      port,
      consoleUrl: existsSync(CONSOLE_DIR) ? `${url}${CONSOLE_PATH}/` : undefined,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function describe({ rootKey, tls }: Services): Pick<RunningServer, 'rootKey' | 'caFile'> {
  return { rootKey, caFile: tls.identity.caFile };
}

function formatUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
