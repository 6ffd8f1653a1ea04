import { randomBytes, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import type { Catalog } from './catalog/catalog.ts';
import { createCatalog } from './catalog/likeness-catalog.ts';
import type { Config } from './config/config.ts';
import type { Logger } from './log/logger.ts';
import { openDataFolder } from './store/data-folder.ts';
import { nodeDisk } from './store/disk.ts';
import { FileObjectStore } from './store/file-object-store.ts';
import { LevelRecordStore } from './store/level-record-store.ts';
import { createVectorEngine } from './vectors/create-vector-engine.ts';
import { createVision, EMBEDDED_PACK_FOLDER } from './vision/create-vision.ts';

export interface CatalogSurroundings {
  readonly config: Config;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface OpenedCatalog {
  readonly catalog: Catalog;
  /** Closes it and all it stands on. */
  readonly close: () => Promise<void>;
}

export type OpenCatalog = (surroundings: CatalogSurroundings) => Promise<OpenedCatalog>;

/** Collection ids: 80 random bits. */
const ID_BYTES = 10;

/**
 * The engine over the data folder, with the embedded model pack.
 *
 * @throws {Error} with `code` `StoreLocked` when another server uses the folder.
 */
export const openCatalog: OpenCatalog = async ({ config, logger, now }) => {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    const folder = await openDataFolder(config.dataDir, nodeDisk);
    const records = await LevelRecordStore.open({
      folder: folder.records,
      damagedFolder: folder.damaged,
      disk: nodeDisk,
    });
    closing.push(() => records.close());
    const [objects, vision] = await Promise.all([
      FileObjectStore.open({ folder: folder.objects, disk: nodeDisk, createName: randomUUID }),
      createVision({
        packFolder: fileURLToPath(EMBEDDED_PACK_FOLDER),
        workers: config.workers,
        onWorkerLost: (event) => logger.warn({ event }, 'a vision process was lost'),
      }),
    ]);
    closing.push(() => vision.close());
    const vectors = createVectorEngine();
    closing.push(() => vectors.close());
    const catalog = await createCatalog({
      records,
      objects,
      vision,
      vectors,
      disk: nodeDisk,
      derivedFolder: folder.derived,
      now,
      createId: () => randomBytes(ID_BYTES).toString('hex'),
      onDamage: (damage) => logger.error({ damage }, 'damage found'),
      onBackgroundError: (error) => logger.error({ err: error }, 'background work failed'),
    });
    closing.push(() => catalog.close());
    return { catalog, close };
  } catch (error) {
    await close();
    throw error;
  }
};
