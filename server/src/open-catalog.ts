import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import type { Catalog } from './catalog/catalog.ts';
import { createCatalog } from './catalog/likeness-catalog.ts';
import type { ReembeddingReport } from './catalog/reembedder.ts';
import type { Config } from './config/config.ts';
import { examineIdentity } from './examine-identity.ts';
import type { Logger } from './log/logger.ts';
import { DamageRegister } from './store/damage-register.ts';
import { nodeDisk } from './disk/disk.ts';
import { openStores, type OpenedStores } from './store/open-stores.ts';
import type { ValueStore } from './store/value-store.ts';
import { createVectorEngine } from './vectors/create-vector-engine.ts';
import { FaissEngine } from './vectors/faiss/faiss-engine.ts';
import { findFaiss } from './vectors/faiss/faiss-package.ts';
import type { VectorEngine } from './vectors/vector-index.ts';
import { createVision, EMBEDDED_PACK_FOLDER } from './vision/create-vision.ts';
import type { Vision } from './vision/vision.ts';

export interface CatalogSurroundings {
  readonly config: Config;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A data folder that is this process's alone, and the engine over it on its way. */
export interface OpenedCatalog {
  readonly catalog: Promise<Catalog>;
  /** What is found damaged from the start on. */
  readonly damage: DamageRegister;
  /** What else lives in the same store. Its writes go through `Catalog.guardWrite`. */
  readonly values: ValueStore;
  /** Closes it and all it stands on. */
  readonly close: () => Promise<void>;
}

export type OpenCatalog = (surroundings: CatalogSurroundings) => Promise<OpenedCatalog>;

/** Collection ids: 80 random bits. */
const ID_BYTES = 10;

type Closing = (() => Promise<void>)[];

/**
 * Locks the data folder, and opens the engine over it with its model pack.
 *
 * The vision processes take longest to start (0.8 s of a start), so they start before anything else.
 *
 * @throws {Error} with `code` `StoreLocked` when another server uses the folder.
 */
export const openCatalog: OpenCatalog = async (surroundings) => {
  const closing: Closing = [];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const vision = startVision(surroundings);
  // A failure is told where the catalog is awaited, which may be later.
  vision.catch(() => undefined);
  closing.push(() => vision.then((started) => started.close()).catch(() => undefined));
  try {
    const { dataDir } = surroundings.config;
    const stores = await openStores(dataDir, { disk: nodeDisk, createName: randomUUID });
    closing.push(() => stores.records.close());
    const damage = openDamageRegister(surroundings);
    const catalog = openEngine({ ...surroundings, ...stores, vision, damage }, closing);
    const settled = catalog.then(() => undefined).catch(() => undefined);
    return { catalog, damage, values: stores.records, close: () => settled.then(close) };
  } catch (error) {
    await close();
    throw error;
  }
};

function startVision({ config, logger }: CatalogSurroundings): Promise<Vision> {
  return createVision({
    packFolder: config.modelFolder ?? fileURLToPath(EMBEDDED_PACK_FOLDER),
    workers: config.workers,
    onWorkerLost: (event) => logger.warn({ event }, 'a vision process was lost'),
  });
}

interface EngineParts extends CatalogSurroundings, OpenedStores {
  readonly vision: Promise<Vision>;
  readonly damage: DamageRegister;
}

function openDamageRegister({ logger, now }: CatalogSurroundings): DamageRegister {
  return new DamageRegister({
    now,
    onDamage: (damage) => {
      const level = damage.isMended === undefined ? 'error' : 'warn';
      logger[level]({ damage }, 'damage found: likeness verify lists all there is');
    },
  });
}

async function openEngine(parts: EngineParts, closing: Closing): Promise<Catalog> {
  const { folder, records, objects, logger, now, damage, config } = parts;
  const vectors = await openVectors(parts);
  closing.push(() => vectors.close());
  const catalog = await createCatalog({
    records,
    objects,
    vision: await parts.vision,
    vectors,
    disk: nodeDisk,
    derivedFolder: folder.derived,
    reserveBytes: config.reserveBytes,
    examineOthers: () => examineIdentity(config.dataDir, nodeDisk),
    damage,
    now,
    createId: () => randomBytes(ID_BYTES).toString('hex'),
    onReembedded: (report) => logReembedded(logger, report),
    onBackgroundError: (error) => logger.error({ err: error }, 'background work failed'),
  });
  closing.push(() => catalog.close());
  return catalog;
}

/** @throws {FaissError} where faiss was chosen and cannot be used */
async function openVectors({ config, logger, vision }: EngineParts): Promise<VectorEngine> {
  const onWorkerLost = (error: unknown): void =>
    logger.warn({ err: error }, 'a scan worker was lost');
  if (config.faiss === undefined)
    return createVectorEngine({
      onBackgroundError: (error) =>
        logger.error({ err: error }, 'rows could not be put into cells'),
      onWorkerLost,
    });
  // Told at once, not when the model pack has been loaded.
  findFaiss();
  return FaissEngine.open({
    ...config.faiss,
    dims: (await vision).pack.dims,
    onWorkerLost,
    onLost: (event) => logger.warn({ event }, 'the faiss process was lost'),
    onBackgroundError: (error) => logger.error({ err: error }, 'faiss could not take rows'),
  });
}

function logReembedded(logger: Logger, report: ReembeddingReport): void {
  const lost = report.notKept + report.missing + report.unreadable;
  if (lost === 0) logger.info({ report }, 'a collection was embedded again by the pack in use');
  else
    logger.warn({ report }, 'pictures are left out of searches: the pack in use cannot embed them');
}
