import { basename, dirname, join } from 'node:path';

import { emptyFolder, type Disk } from '../disk/disk.ts';
import type { Damage } from './damage.ts';
import { examineStore } from './examine-store.ts';
import type { LevelFolders, LevelHandle } from './level-handle.ts';
import { salvage } from './salvage.ts';

/*
 * What can be read of a store is written to another, beside it, and the store itself is not touched:
 *
 *     records.repairing   the other, until it has been filled and read through
 *     records.repaired    the same, from then on until it has the store's name: a start goes on from there
 *     damaged/records-N   the store as it was found
 */
const REPAIRING = '.repairing';
const REPAIRED = '.repaired';

export interface RepairOptions extends LevelFolders {
  readonly disk: Disk;
  readonly openLevel: (folder: string) => Promise<LevelHandle>;
}

/** A change to a store that has no name yet. */
export type Mend = (level: LevelHandle) => Promise<void>;

/**
 * Puts a repaired copy in the place of a store, and sets the store aside.
 *
 * The copy is opened anew and read through first: nothing is set aside for one that cannot be. What is still
 * damaged in it is told; the rest is served.
 *
 * @param reason why, for the operator
 * @param mend what else is to be done to the copy
 */
export async function replaceByRepaired(
  options: RepairOptions,
  reason: string,
  mend?: Mend,
): Promise<readonly Damage[]> {
  const { folder, disk, openLevel } = options;
  const copy = `${folder}${REPAIRING}`;
  await emptyFolder(disk, copy);
  await useLevel(await openLevel(copy), async (level) => {
    await salvage(folder, level, disk);
    await mend?.(level);
  });
  const damage: Damage[] = [];
  // Opened again, as a start will: a disk that fails at this leaves the store where it is.
  await useLevel(await openLevel(copy), async (level) => {
    for await (const found of examineStore(level)) damage.push(found);
  });
  await disk.rename(copy, `${folder}${REPAIRED}`);
  await disk.syncFolder(dirname(folder));
  const copiedTo = await finishReplacement(options);
  const isWhole = damage.length === 0;
  const outcome = isWhole ? 'holds everything that was written' : 'lacks what is named beside this';
  const detail = `${reason}; a repaired copy took its place and ${outcome}`;
  return [
    {
      kind: 'store',
      name: basename(folder),
      detail,
      ...(copiedTo !== undefined && { copiedTo }),
      ...(isWhole && { isMended: true }),
    },
    ...damage,
  ];
}

async function useLevel(level: LevelHandle, task: Mend): Promise<void> {
  try {
    await task(level);
  } finally {
    await level.close();
  }
}

/** Gives a repaired copy the store's name, also where a crash came between. Resolves to where the store went. */
export async function finishReplacement(
  options: Omit<RepairOptions, 'openLevel'>,
): Promise<string | undefined> {
  const { folder, damagedFolder, disk } = options;
  const repaired = `${folder}${REPAIRED}`;
  if ((await disk.list(repaired)).length === 0) return undefined;
  let aside: string | undefined;
  if ((await disk.list(folder)).length > 0) {
    await disk.makeFolder(damagedFolder);
    aside = await unusedName(damagedFolder, basename(folder), disk);
    await disk.rename(folder, aside);
  }
  await disk.rename(repaired, folder);
  await disk.syncFolder(dirname(folder));
  return aside;
}

/** The first of `name-1`, `name-2` … that is not there. */
export async function unusedName(folder: string, name: string, disk: Disk): Promise<string> {
  const taken = new Set(await disk.list(folder));
  let number = 1;
  while (taken.has(`${name}-${number}`)) number += 1;
  return join(folder, `${name}-${number}`);
}
