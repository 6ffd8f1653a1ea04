import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '../../src/log/logger.ts';
import type { Services } from '../../src/services.ts';
import { openGateway } from './gateway-server.ts';
import { callAction, type SignedCall, type WireResponse } from './signed-call.ts';
import { openStoredCatalog, type StoredCatalog } from './stored-catalog.ts';
import { tellPicture, type ToldPicture } from './told-vision.ts';

/** A gateway over a real catalog in a folder, whose pictures are told. */
export interface ObservedServer {
  readonly port: number;
  readonly services: Services;
  readonly stored: StoredCatalog;
  readonly call: (call: SignedCall) => Promise<WireResponse>;
  /** Calls an action of version 2026-11-01. */
  readonly administer: (
    action: string,
    form?: Readonly<Record<string, string>>,
    key?: SignedCall['key'],
  ) => Promise<WireResponse>;
  readonly addPicture: (picName: string, told: ToldPicture) => Promise<WireResponse>;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** The figures of a scrape, by name and labels, once `isThere` holds of them: answers are counted when they are out. */
  readonly scrape: (isThere?: (figures: Figures) => boolean) => Promise<Figures>;
  readonly stop: () => Promise<void>;
}

/** `name{labels}` to value. */
export type Figures = ReadonlyMap<string, number>;

export const SHOP = { InstanceName: 'shop', ServiceType: '1' };

const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export interface ObservedServerOptions {
  readonly now?: () => number;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startObserved(
  dataDir: string,
  { now = Date.now, environment = {} }: ObservedServerOptions = {},
): Promise<ObservedServer> {
  const stored = await openStoredCatalog(dataDir, { now });
  const { catalog, records: values, register: damage } = stored;
  const logger = SILENT;
  const { port, services } = await openGateway({
    dataDir,
    catalog,
    logger,
    now,
    values,
    damage,
    environment,
  });
  const call: ObservedServer['call'] = (each) => callAction(port, { nowMs: now(), ...each });
  const get: ObservedServer['get'] = (path, headers = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return {
    port,
    services,
    stored,
    call,
    administer: (action, form = {}, key) =>
      call({ action, version: '2026-11-01', form, ...(key !== undefined && { key }) }),
    addPicture: (picName, told) =>
      call({
        action: 'AddImage',
        form: {
          InstanceName: SHOP.InstanceName,
          ProductId: 'p1',
          PicName: picName,
          PicContent: Buffer.from(tellPicture(told)).toString('base64'),
        },
      }),
    get,
    scrape: async (isThere = () => true) => {
      for (let tries = 0; ; tries += 1) {
        const figures = parseFigures(await (await get('/metrics')).text());
        if (isThere(figures) || tries === 100) return figures;
        await sleep(20);
      }
    },
    stop: async () => {
      await services.close();
      await stored.close();
    },
  };
}

/** Runs with a server, which is stopped whatever comes of it. */
export async function withObserved(
  dataDir: string,
  options: ObservedServerOptions,
  use: (server: ObservedServer) => Promise<void>,
): Promise<void> {
  const server = await startObserved(dataDir, options);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

/** The text format of Prometheus. Throws for a line that is not of it. */
export function parseFigures(text: string): Figures {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/u.exec(line) ?? [];
      if (name === undefined || value === undefined || Number.isNaN(Number(value))) {
        throw new Error(`no figure: ${line}`);
      }
      return [name, Number(value)] as const;
    }),
  );
}

/** Names of all files under a folder. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function ignore(): void {
  // What is logged is not looked at.
}
