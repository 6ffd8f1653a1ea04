import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { Disk } from '../disk/disk.ts';
import type { Damage } from './damage.ts';
import { isWholeTable } from './level-entries.ts';

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

/**
 * Tables with a block that is not what was written.
 *
 * LevelDB does not check blocks that it reads for itself: one whose keys are out of order ends the process,
 * by an assertion, when it is next compacted.
 */
export async function* checkTables(folder: string, disk: Disk): AsyncGenerator<Damage> {
  for (const name of (await disk.list(folder)).toSorted()) {
    if (!isTable(name)) continue;
    const table = await disk.read(join(folder, name));
    // Replaced by a compaction meanwhile.
    if (table === undefined) continue;
    if (!isWholeTable(Buffer.from(table))) {
      const detail = `the table ${name} of the record store is damaged: rows of it may be missing`;
      yield { kind: 'store', name, detail };
    }
    await setImmediate();
  }
}
