import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AddImage, CollectionSettings } from '../../src/catalog/catalog.ts';
import { DEFAULT_SETTINGS } from '../../src/catalog/default-settings.ts';
import { createCatalog, type LikenessCatalog } from '../../src/catalog/likeness-catalog.ts';
import type { ReembeddingReport } from '../../src/catalog/reembedder.ts';
import type { Damage } from '../../src/store/damage.ts';
import { DamageRegister } from '../../src/store/damage-register.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import type { FileObjectStore } from '../../src/store/file-object-store.ts';
import type { LevelHandle } from '../../src/store/level-handle.ts';
import type { LevelRecordStore } from '../../src/store/level-record-store.ts';
import { openStores } from '../../src/store/open-stores.ts';
import { createVectorEngine } from '../../src/vectors/create-vector-engine.ts';
import type { Vision } from '../../src/vision/vision.ts';
import { tellPicture, ToldVision, type ToldPicture } from './told-vision.ts';

export interface StoredCatalog {
  readonly folder: string;
  readonly catalog: LikenessCatalog;
  readonly records: LevelRecordStore;
  readonly objects: FileObjectStore;
  readonly damage: readonly Damage[];
  readonly register: DamageRegister;
  readonly errors: readonly unknown[];
  readonly reports: readonly ReembeddingReport[];
  close(): Promise<void>;
}

export interface StoredCatalogOptions {
  readonly vision?: Vision;
  readonly now?: () => number;
  readonly disk?: Disk;
  readonly reserveBytes?: number;
  readonly openLevel?: (folder: string) => Promise<LevelHandle>;
}

/** A catalog over real LevelDB and files in `folder`; vision is a small double. */
export async function openStoredCatalog(
  path: string,
  options: StoredCatalogOptions = {},
): Promise<StoredCatalog> {
  const disk = options.disk ?? nodeDisk;
  const { openLevel } = options;
  const { folder, records, objects } = await openStores(path, {
    disk,
    createName,
    ...(openLevel !== undefined && { openLevel }),
  });
  const vectors = createVectorEngine({ workers: 1 });
  const damage: Damage[] = [];
  const register = new DamageRegister({
    now: options.now ?? Date.now,
    onDamage: (found) => damage.push(found),
  });
  const errors: unknown[] = [];
  const reports: ReembeddingReport[] = [];
  const catalog = await createCatalog({
    records,
    objects,
    disk,
    vision: options.vision ?? new ToldVision(),
    vectors,
    derivedFolder: folder.derived,
    now: options.now ?? Date.now,
    createId: createName,
    damage: register,
    reserveBytes: options.reserveBytes ?? 0,
    onReembedded: (report) => reports.push(report),
    onBackgroundError: (error) => errors.push(error),
    maintenanceMs: 0,
  });
  const close = async (): Promise<void> => {
    await catalog.close();
    await vectors.close();
    await records.close();
  };
  return { folder: path, catalog, records, objects, damage, register, errors, reports, close };
}

/** A name that was never given before. */
export function createName(): string {
  return randomBytes(8).toString('hex');
}

/** Runs `task` with a fresh folder, which is removed afterwards. */
export async function withFolder<Result>(
  task: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-test-'));
  try {
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A product instance, unless told otherwise. */
export function settingsOf(changes: Partial<CollectionSettings> = {}): CollectionSettings {
  return {
    ...DEFAULT_SETTINGS,
    facade: 'instance',
    name: 'shop',
    serviceType: 0,
    mode: 'subject',
    capacity: 1_000,
    ...changes,
  };
}

/** A picture to add. */
export function imageOf(
  productId: string,
  picName: string,
  told: ToldPicture,
  changes: Partial<AddImage> = {},
): AddImage {
  return {
    productId,
    picName,
    picture: tellPicture(told),
    crop: true,
    customContent: '',
    attributes: {},
    ...changes,
  };
}
