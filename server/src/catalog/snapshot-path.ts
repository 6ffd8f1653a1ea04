import { join } from 'node:path';

export const SNAPSHOT_SUFFIX = '.index';

/** Where the snapshots of a data folder's derived part lie. */
export function snapshotFolderOf(derivedFolder: string): string {
  return join(derivedFolder, 'indexes');
}

/** Where the snapshot of a collection lies. */
export function snapshotPath(folder: string, id: string): string {
  return join(folder, `${id}${SNAPSHOT_SUFFIX}`);
}
