import type { Disk } from '../disk/disk.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { FileObjectStore } from './file-object-store.ts';
import type { LevelHandle } from './level-handle.ts';
import { LevelRecordStore } from './level-record-store.ts';

export interface OpenStoresOptions {
  readonly disk: Disk;
  /** A name that was never given before. */
  readonly createName: () => string;
  /** See `LevelRecordStoreOptions`. */
  readonly openLevel?: (folder: string) => Promise<LevelHandle>;
}

/** A data folder that is this process's alone until its records are closed. */
export interface OpenedStores {
  readonly folder: DataFolder;
  readonly records: LevelRecordStore;
  readonly objects: FileObjectStore;
}

/** Opens what lies in a data folder, which is made if it is new. Throws as its parts do. */
export async function openStores(path: string, options: OpenStoresOptions): Promise<OpenedStores> {
  const folder = await openDataFolder(path, options.disk);
  const { records: own, damaged: damagedFolder } = folder;
  const records = await LevelRecordStore.open({ ...options, folder: own, damagedFolder });
  try {
    const objects = await FileObjectStore.open({ ...options, folder: folder.objects });
    return { folder, records, objects };
  } catch (error) {
    await records.close();
    throw error;
  }
}
