import { join } from 'node:path';

import { emptyFolder, type Disk } from '../disk/disk.ts';
import type { LevelFolders, LevelHandle } from './level-handle.ts';
import { isTable } from './level-tables.ts';

/*
 * LevelDB gives a folder to one handle at a time, and a handle that failed to write must be closed before the next
 * can be opened, which may fail too. What reads meanwhile is a handle of another folder beside it, of links to
 * the same files: LevelDB changes none of them, it writes new ones and takes names away.
 *
 *     records.reading
 */
const READING = '.reading';
/** What a file system says that has no links. */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

export interface StandInOptions extends Pick<LevelFolders, 'folder'> {
  readonly disk: Disk;
  readonly openLevel: (folder: string) => Promise<LevelHandle>;
}

/** A handle of the same rows, to read by while the store cannot be. */
export class StandIn {
  readonly #options: StandInOptions;
  #level: LevelHandle | undefined;

  constructor(options: StandInOptions) {
    this.#options = options;
  }

  /** The one that is open, if there is one; undefined where files cannot be linked. Rejects where the store would not open either. */
  async open(): Promise<LevelHandle | undefined> {
    this.#level ??= await openBeside(this.#options);
    return this.#level;
  }

  async close(): Promise<void> {
    await this.#level?.close();
    this.#level = undefined;
    await removeStandIn(this.#options);
  }
}

async function openBeside({
  folder,
  disk,
  openLevel,
}: StandInOptions): Promise<LevelHandle | undefined> {
  const beside = `${folder}${READING}`;
  await emptyFolder(disk, beside);
  try {
    for (const name of await disk.list(folder)) {
      if (isOfStore(name)) await disk.link(join(folder, name), join(beside, name));
    }
  } catch (error) {
    if (NO_LINKS.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
  return openLevel(beside);
}

/** Removes what a stand-in had that is closed, or that a crash left. */
export async function removeStandIn({
  folder,
  disk,
}: Pick<StandInOptions, 'folder' | 'disk'>): Promise<void> {
  const beside = `${folder}${READING}`;
  if ((await disk.list(beside)).length > 0) await emptyFolder(disk, beside);
}

/** Its lock and its diary are every handle's own. */
function isOfStore(name: string): boolean {
  return isTable(name) || name.endsWith('.log') || /^(?:CURRENT$|MANIFEST-)/u.test(name);
}
