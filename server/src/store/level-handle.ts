import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { Level } from 'level';

import type { Damage } from './damage.ts';
import { emptyFolder, type Disk } from '../disk/disk.ts';
import type { LevelOperation } from './image-batch.ts';
import { inTurns } from './in-turns.ts';
import { findLogDamage } from './level-log.ts';
import { StoreLockedError, StoreUnreadableError } from './record-store.ts';

export type LevelHandle = Level<Buffer, Buffer> & {
  /** Of `ClassicLevel`: rewrites the rows of the range, both ends in it, without what was deleted or replaced. */
  compactRange(from: Buffer, to: Buffer): Promise<void>;
  /** Bytes of the range on the disk, about; what is in memory alone does not count. */
  approximateSize(from: Buffer, to: Buffer): Promise<number>;
};

export interface LevelFolders {
  /** LevelDB's own. */
  readonly folder: string;
  /** Where damaged files are copied to before LevelDB removes them. */
  readonly damagedFolder: string;
}

/** Must fit on the disk before a failed store is closed: what LevelDB writes while it opens. */
const PROBE_BYTES = 8 * 1024 * 1024;

/** Rejects, with the file system's code, when LevelDB could not write what it writes while it opens. */
export async function probeFolder(folder: string, disk: Disk): Promise<void> {
  const probe = join(folder, 'probe');
  try {
    await disk.writeSynced(probe, new Uint8Array(PROBE_BYTES));
  } finally {
    await disk.remove(probe);
  }
}

/** Opens LevelDB. Throws {@link StoreLockedError} or {@link StoreUnreadableError}. */
export async function openLevel(folder: string): Promise<LevelHandle> {
  const options = { keyEncoding: 'buffer', valueEncoding: 'buffer' } as const;
  const level = new Level<Buffer, Buffer>(folder, options) as LevelHandle;
  try {
    await level.open();
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } };
    if (cause?.code === 'LEVEL_LOCKED') throw new StoreLockedError(folder, error);
    throw new StoreUnreadableError(folder, error);
  }
  return level;
}

/**
 * Whether a process has the store open, without opening it: an empty store beside it, whose lock is the same
 * file, opens only if not.
 */
export async function isLocked(folder: string, disk: Disk): Promise<boolean> {
  const beside = `${folder}.locked`;
  if (!(await disk.list(folder)).includes('LOCK')) return false;
  await emptyFolder(disk, beside);
  await disk.link(join(folder, 'LOCK'), join(beside, 'LOCK'));
  try {
    await (await openLevel(beside)).close();
    return false;
  } catch (error) {
    if (error instanceof StoreLockedError) return true;
    throw error;
  } finally {
    await emptyFolder(disk, beside);
  }
}

/** Operations handed over in one turn of the event loop: a few milliseconds. */
const OPERATIONS_PER_TURN = 2_000;

/** Writes all of them in one synced step. Very many are handed over in pieces, which leaves time for others. */
export async function writeSynced(
  level: LevelHandle,
  operations: readonly LevelOperation[],
): Promise<void> {
  if (operations.length <= OPERATIONS_PER_TURN) {
    await level.batch([...operations], { sync: true });
    return;
  }
  const batch = level.batch();
  try {
    for await (const piece of inTurns(operations, OPERATIONS_PER_TURN)) {
      for (const operation of piece) {
        if (operation.type === 'put') batch.put(operation.key, operation.value);
        else batch.del(operation.key);
      }
    }
    await batch.write({ sync: true });
  } finally {
    await batch.close();
  }
}

/** A copy of a damaged log, and the same once an operator knows of it. */
const LOG_COPY = /^[0-9a-f]{16}-(?<name>\d+\.log)$/u;
const KNOWN = '.known';

/**
 * Checks the logs before LevelDB reads and then deletes them; damaged ones are copied aside.
 *
 * The copies are all that tells of the loss at later starts: they are damage until {@link acknowledgeLogs}.
 */
export async function checkLogs(folders: LevelFolders, disk: Disk): Promise<readonly Damage[]> {
  const damage: Damage[] = [];
  for (const file of (await disk.list(folders.damagedFolder)).toSorted()) {
    const name = LOG_COPY.exec(file)?.groups?.['name'];
    if (name === undefined) continue;
    const copiedTo = join(folders.damagedFolder, file);
    const detail = `the log ${name} was damaged when it was read: writes may be missing`;
    damage.push({ kind: 'log', name: file, detail, copiedTo });
  }
  for (const name of (await disk.list(folders.folder)).toSorted()) {
    if (!name.endsWith('.log')) continue;
    const log = (await disk.read(join(folders.folder, name))) ?? new Uint8Array();
    const offset = findLogDamage(log);
    if (offset !== undefined) damage.push(await copyAside(folders, { name, log, offset }, disk));
  }
  return damage;
}

/** Says that an operator knows what the damaged logs may have lost. */
export async function acknowledgeLogs({ damagedFolder }: LevelFolders, disk: Disk): Promise<void> {
  for (const file of await disk.list(damagedFolder)) {
    if (!LOG_COPY.test(file)) continue;
    await disk.rename(join(damagedFolder, file), join(damagedFolder, `${file}${KNOWN}`));
  }
}

async function copyAside(
  folders: LevelFolders,
  found: { readonly name: string; readonly log: Uint8Array; readonly offset: number },
  disk: Disk,
): Promise<Damage> {
  const digest = createHash('sha256').update(found.log).digest('hex').slice(0, 16);
  const name = `${digest}-${found.name}`;
  const copiedTo = join(folders.damagedFolder, name);
  await disk.makeFolder(folders.damagedFolder);
  await disk.writeSynced(copiedTo, found.log);
  const detail = `the log ${found.name} is damaged at byte ${found.offset}: writes may be missing`;
  return { kind: 'log', name, detail, copiedTo };
}
