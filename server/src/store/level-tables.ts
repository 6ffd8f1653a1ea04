import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { Disk } from '../disk/disk.ts';
import type { Damage } from './damage.ts';
import { isWholeTable } from './level-entries.ts';
import { liveTables } from './level-manifest.ts';

/** Whether LevelDB keeps rows in the file of this name. */
export function isTable(name: string): boolean {
  return /\.(?:ldb|sst)$/u.test(name);
}

/** Bytes of all tables. */
export async function tableBytes(folder: string, disk: Disk): Promise<number> {
  const names = (await disk.list(folder)).filter(isTable);
  const sizes = await Promise.all(names.map((name) => disk.size(join(folder, name))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/** A table of the store that is not there, or has a block that is not what was written. */
export interface BadTable {
  readonly name: string;
  readonly state: 'missing' | 'damaged';
}

/**
 * The bad ones among the tables that the store consists of; what a cut-off compaction left beside them is
 * LevelDB's to remove.
 *
 * LevelDB does not check blocks that it reads for itself: one whose keys are out of order ends the process,
 * by an assertion, when it is next compacted.
 */
export async function* findBadTables(folder: string, disk: Disk): AsyncGenerator<BadTable> {
  for (const number of (await liveTables(folder, disk)) ?? []) {
    const name = `${String(number).padStart(6, '0')}.ldb`;
    const table = await disk.read(join(folder, name));
    const isWhole = table !== undefined && isWholeTable(Buffer.from(table));
    // Another may have taken its place meanwhile.
    if (!isWhole && (await liveTables(folder, disk))?.has(number) === true) {
      yield { name, state: table === undefined ? 'missing' : 'damaged' };
    }
    await setImmediate();
  }
}

/** Whether all that LevelDB reads of the folder is what was written. Of a log, what a crash tore off is not looked at. */
export async function areFilesWhole(folder: string, disk: Disk): Promise<boolean> {
  if ((await liveTables(folder, disk)) === undefined) return false;
  const bad = findBadTables(folder, disk);
  return (await bad.next()).done === true;
}

/** The bad tables, as damage. */
export async function* checkTables(folder: string, disk: Disk): AsyncGenerator<Damage> {
  for await (const { name, state } of findBadTables(folder, disk)) {
    const detail = `the table ${name} of the record store is ${state}: rows of it may be missing`;
    yield { kind: 'store', name, detail };
  }
}
