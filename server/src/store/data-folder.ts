import { join } from 'node:path';

import { type Disk, replaceFile } from '../disk/disk.ts';

/*
 * The data folder, format 1:
 *
 *     FORMAT           JSON: {"format": 1}
 *     records/         the LevelDB store
 *     objects/ab/HASH  pictures by SHA-256
 *     derived/         snapshots; may be deleted at any time while the server is down
 *     damaged/         copies of files in which damage was found, for people to look at
 */
const FORMAT = 1;

/** May lie in a folder that is to become a data folder: keys and certificates put there first, and a mount's own. */
const MAY_PRECEDE = new Set(['root-key.json', 'tls', 'lost+found']);

export interface DataFolder {
  readonly records: string;
  readonly objects: string;
  readonly derived: string;
  readonly damaged: string;
}

/** The folder cannot be used: a newer version wrote it, `FORMAT` is unreadable, or it holds something else. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly code = 'DataFolder';
}

/** Makes the folder if it is new and checks its format. Throws {@link DataFolderError}. */
export async function openDataFolder(path: string, disk: Disk): Promise<DataFolder> {
  const folder: DataFolder = {
    records: join(path, 'records'),
    objects: join(path, 'objects'),
    derived: join(path, 'derived'),
    damaged: join(path, 'damaged'),
  };
  await disk.makeFolder(path);
  await checkFormat(path, disk);
  for (const part of [folder.records, folder.objects, folder.derived]) await disk.makeFolder(part);
  return folder;
}

async function checkFormat(path: string, disk: Disk): Promise<void> {
  const file = join(path, 'FORMAT');
  const bytes = await disk.read(file);
  if (bytes !== undefined) return refuseOther(path, bytes);
  const names = await disk.list(path);
  if (names.includes('records')) {
    throw new DataFolderError(`${file} is missing, though ${path} holds records`);
  }
  const foreign = names.find((name) => !MAY_PRECEDE.has(name) && !name.startsWith('FORMAT'));
  if (foreign !== undefined) {
    throw new DataFolderError(
      `${path} holds "${foreign}" and is no data folder: name an empty one`,
    );
  }
  const data = Buffer.from(`${JSON.stringify({ format: FORMAT })}\n`);
  await replaceFile(disk, { path: file, temporary: `${file}.new` }, data);
}

function refuseOther(path: string, bytes: Uint8Array): void {
  const format = readFormat(Buffer.from(bytes).toString('utf8'));
  if (format === undefined) throw new DataFolderError(`${join(path, 'FORMAT')} is not readable`);
  if (format > FORMAT) {
    throw new DataFolderError(
      `${path} has format ${format}, and this version reads up to ${FORMAT}: use a newer Likeness`,
    );
  }
}

function readFormat(text: string): number | undefined {
  try {
    const { format } = JSON.parse(text) as { readonly format?: unknown };
    return Number.isInteger(format) && Number(format) >= 1 ? Number(format) : undefined;
  } catch {
    return undefined;
  }
}
