import { link, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The file operations that the product's own files need: a seam, so that tests can make them fail. */
export interface Disk {
  /** The whole file, or undefined when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Bytes of the file, or undefined when there is none. */
  size(path: string): Promise<number | undefined>;
  /** Permission bits of the file, or undefined when there is none. */
  mode(path: string): Promise<number | undefined>;
  /**
   * Writes a file and syncs it. What was there is lost even if this fails: write to a new name.
   *
   * @param mode who may read it, if it is new; its owner alone unless told otherwise
   */
  writeSynced(path: string, data: Uint8Array, mode?: number): Promise<void>;
  /** Makes a new file that is written piece by piece, for its owner alone; rejects where there is one. */
  create(path: string): Promise<OpenedFile>;
  rename(from: string, to: string): Promise<void>;
  /** Gives a file another name beside its own. */
  link(from: string, to: string): Promise<void>;
  /** Makes renames and removals inside the folder survive a crash. */
  syncFolder(path: string): Promise<void>;
  /** Whether there was such a file. */
  remove(path: string): Promise<boolean>;
  /** Names in a folder, unordered; none when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** With the folders above it, for the owner alone; not an error when it exists. */
  makeFolder(path: string): Promise<void>;
  /** Bytes that this process may still write where `path` lies. */
  freeBytes(path: string): Promise<number>;
}

/** A new file. What was written survives a crash of the machine once it was synced. */
export interface OpenedFile {
  /** Adds to the end. */
  write(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  /** Called once, whatever came before. */
  close(): Promise<void>;
}

/** What customers' pictures and records are kept in is nobody else's to read. */
const OWNER_ONLY = 0o700;
const OWNER_ONLY_FILE = 0o600;
const PERMISSIONS = 0o777;

/** The machine's disk. */
export const nodeDisk: Disk = {
  read: (path) => absentAs(undefined, readFile(path)),
  size: (path) =>
    absentAs(
      undefined,
      stat(path).then(({ size }) => size),
    ),
  mode: (path) =>
    absentAs(
      undefined,
      stat(path).then(({ mode }) => mode & PERMISSIONS),
    ),
  writeSynced: writeFileSynced,
  create: async (path) => {
    const file = await open(path, 'wx', OWNER_ONLY_FILE);
    return {
      write: (data) => file.writeFile(data),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  rename,
  link,
  syncFolder,
  remove: (path) =>
    absentAs(
      false,
      rm(path).then(() => true),
    ),
  list: (path) => absentAs([], readdir(path)),
  makeFolder: async (path) => {
    const first = await mkdir(path, { recursive: true, mode: OWNER_ONLY });
    if (first !== undefined) await syncFolder(dirname(first));
  },
  freeBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function writeFileSynced(
  path: string,
  data: Uint8Array,
  mode = OWNER_ONLY_FILE,
): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(data);
    await file.sync();
  } catch (error) {
    throw naming(path, error);
  } finally {
    await file.close();
  }
}

/** Node says of a file that is open what went wrong, and not with which. */
function naming(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || 'path' in error) return error;
  return Object.assign(error, { path, message: `${error.message} '${path}'` });
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder and needs no sync of one.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    throw naming(path, error);
  } finally {
    await folder.close();
  }
}

async function absentAs<Value, Absent>(
  absent: Absent,
  work: Promise<Value>,
): Promise<Value | Absent> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return absent;
    throw error;
  }
}

/** Makes the folder, and removes the files in it. */
export async function emptyFolder(disk: Disk, path: string): Promise<void> {
  await disk.makeFolder(path);
  for (const name of await disk.list(path)) await disk.remove(join(path, name));
}

/** A file that is to be replaced. */
export interface Replacement {
  readonly path: string;
  /** Where it is written first: on the same file system, and nobody else's; `path` with `.new` behind it if absent. */
  readonly temporary?: string;
  /** Who may read it, if it is new; its owner alone unless told otherwise. */
  readonly mode?: number;
}

/**
 * Puts `data` at `path` in one step: after a crash the file is the old one or the new one.
 *
 * Two at once need names of their own for what is not whole yet.
 */
export async function replaceFile(
  disk: Disk,
  { path, temporary = `${path}.new`, mode }: Replacement,
  data: Uint8Array,
): Promise<void> {
  try {
    await disk.writeSynced(temporary, data, mode);
    await disk.rename(temporary, path);
  } catch (error) {
    await disk.remove(temporary).catch(() => false);
    throw error;
  }
  await disk.syncFolder(dirname(path));
}
