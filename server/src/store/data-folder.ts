import { join } from 'node:path';

import { type Disk, replaceFile } from '../disk/disk.ts';
import type { Damage } from './damage.ts';

/*
 * The data folder, format 1:
 *
 *     FORMAT           JSON: {"format": 1}
 *     records/         the LevelDB store
 *     objects/ab/HASH  pictures by SHA-256
 *     uploads/         pictures that clients uploaded to name them later; each for an hour at most
 *     derived/         snapshots; may be deleted at any time while the server is down
 *     damaged/         copies of files in which damage was found, for people to look at
 */
const FORMAT = 1;

/** May lie in a folder that is to become a data folder: keys and certificates put there first, and a mount's own. */
const MAY_PRECEDE = new Set(['root-key.json', 'tls', 'lost+found']);

export interface DataFolder {
  readonly records: string;
  readonly objects: string;
  readonly uploads: string;
  readonly derived: string;
  readonly damaged: string;
}

/** The folder cannot be used: a newer version wrote it, `FORMAT` is unreadable, or it holds something else. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly code = 'DataFolder';
}

/** Where the parts of a data folder lie. */
export function foldersIn(path: string): DataFolder {
  return {
    records: join(path, 'records'),
    objects: join(path, 'objects'),
    uploads: join(path, 'uploads'),
    derived: join(path, 'derived'),
    damaged: join(path, 'damaged'),
  };
}

/**
 * What is wrong with the file FORMAT of a folder that holds records; nothing else is changed or made.
 *
 * Throws {@link DataFolderError} for a folder of a newer version, or one without records.
 */
export async function examineFormat(path: string, disk: Disk): Promise<Damage | undefined> {
  const bytes = await disk.read(join(path, 'FORMAT'));
  const names = await disk.list(path);
  if (!names.some((name) => /^records(?:\.repaired)?$/u.test(name))) {
    throw new DataFolderError(`${path} holds no records`);
  }
  const format = bytes === undefined ? undefined : readFormat(Buffer.from(bytes).toString());
  if (format !== undefined) {
    refuseNewer(path, format);
    return undefined;
  }
  const state = bytes === undefined ? 'missing' : 'damaged';
  return { kind: 'format', name: 'FORMAT', detail: `the file FORMAT of ${path} is ${state}` };
}

/** Says of a folder that it is of this version. */
export async function writeFormat(path: string, disk: Disk): Promise<void> {
  const data = Buffer.from(`${JSON.stringify({ format: FORMAT })}\n`);
  await replaceFile(disk, { path: join(path, 'FORMAT') }, data);
}

/** Makes the folder if it is new and checks its format. Throws {@link DataFolderError}. */
export async function openDataFolder(path: string, disk: Disk): Promise<DataFolder> {
  const folder = foldersIn(path);
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
  await writeFormat(path, disk);
}

function refuseOther(path: string, bytes: Uint8Array): void {
  const format = readFormat(Buffer.from(bytes).toString('utf8'));
  if (format === undefined)
    throw new DataFolderError(
      `${join(path, 'FORMAT')} is not readable: likeness verify --repair writes it anew`,
    );
  refuseNewer(path, format);
}

function refuseNewer(path: string, format: number): void {
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
