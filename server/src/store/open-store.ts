import { setTimeout as sleep } from 'node:timers/promises';

import type { Damage } from './damage.ts';
import { loadCollections, type LoadedCollections } from './level-collections.ts';
import { Erasures } from './level-erasures.ts';
import { checkLogs, isLocked, probeFolder, type LevelHandle } from './level-handle.ts';
import { isDiskFailure, isOutage } from './level-outage.ts';
import { areFilesWhole, findBadTables, isTable, tableBytes } from './level-tables.ts';
import { DiskFailureError, StoreUnreadableError } from './record-store.ts';
import { finishReplacement, replaceByRepaired, type RepairOptions } from './repaired-store.ts';
import { removeStandIn } from './stand-in.ts';

/** An open LevelDB and what was read of it. */
export interface OpenedLevel extends LoadedCollections {
  readonly level: LevelHandle;
  readonly erasures: Erasures;
}

/** Opens the store's folder and reads its collections. */
export async function loadLevel({ folder, openLevel }: RepairOptions): Promise<OpenedLevel> {
  const level = await openLevel(folder);
  try {
    const loaded = await loadCollections(level);
    return { ...loaded, level, erasures: await Erasures.load(level) };
  } catch (error) {
    await level.close();
    throw error;
  }
}

/**
 * The same at a start, where what a crash or the disk did to the folder is not known yet: the logs are checked
 * first, and a store that does not open, or whose collections cannot be read, is replaced by a repaired copy.
 *
 * Throws `StoreLockedError`, {@link DiskFailureError} where the disk fails and the files are whole, and
 * {@link StoreUnreadableError} where not even a repaired copy opens.
 */
export async function openStore(options: RepairOptions): Promise<OpenedLevel> {
  const { folder, disk } = options;
  await finishReplacement(options);
  await removeStandIn(options);
  await disk.makeFolder(folder);
  const damage: Damage[] = [...(await checkLogs(options, disk))];
  const opened = (await findBadTable(options)) ?? (await openWhole(options));
  if (typeof opened === 'string') damage.push(...(await replaceByRepaired(options, opened)));
  const result = typeof opened === 'string' ? await loadLevel(options) : opened;
  const names = new Set(damage.map(({ name }) => name));
  const others = result.damage.filter(({ name }) => !names.has(name));
  return { ...result, damage: [...damage, ...others] };
}

/** Is there while the store is open, and after a crash. */
function unclosedFile(folder: string): string {
  return `${folder}.unclosed`;
}

/** Tables of so many bytes in all are checked at every start: it takes a second at most. */
const ALWAYS_CHECKED_BYTES = 256 * 1024 * 1024;

/**
 * Why the store must be repaired before LevelDB sees it, if a table of it is damaged or gone: some
 * damage makes LevelDB end the process. A large store is checked only where it was not closed in order.
 */
async function findBadTable({ folder, disk }: RepairOptions): Promise<string | undefined> {
  const isUnclosed = (await disk.read(unclosedFile(folder))) !== undefined;
  await disk.writeSynced(unclosedFile(folder), new Uint8Array());
  if (!isUnclosed && (await tableBytes(folder, disk)) > ALWAYS_CHECKED_BYTES) return undefined;
  for await (const { name, state } of findBadTables(folder, disk)) {
    // Whoever has it open will be told the same when he opens it next.
    if (await isLocked(folder, disk)) return undefined;
    return `the table ${name} of the record store is ${state}`;
  }
  return undefined;
}

/** Says that the store was closed in order. */
export async function noteClosed({ folder, disk }: RepairOptions): Promise<void> {
  await disk.remove(unclosedFile(folder));
}

/** The open store, or why it must be repaired. */
async function openWhole(options: RepairOptions): Promise<OpenedLevel | string> {
  if (await lacksCurrent(options)) return 'the record store has lost its file CURRENT';
  try {
    const opened = await loadFromDisk(options);
    if (!opened.damage.some(({ kind }) => kind === 'store')) return opened;
    await opened.level.close();
    return 'collections of the record store cannot be read';
  } catch (error) {
    if (error instanceof DiskFailureError || isOutage(error)) throw error;
    if (!(error instanceof StoreUnreadableError) && !isDiskFailure(error)) throw error;
    const reason = error instanceof StoreUnreadableError ? error.reason : String(error);
    return `the record store did not open (${reason})`;
  }
}

/** Times that a store is opened before the disk that fails is given up … */
const OPENINGS = 3;
/** … and the rest between two of them. */
const OPENING_REST_MS = 200;

/**
 * Loads the store, again where the disk failed: a write that failed damages no file, and what the disk did not
 * give once it may give again.
 *
 * Only files that are not what was written make a repaired copy of use: on a disk that fails, each start would set
 * one more whole store aside. Throws {@link DiskFailureError} where they are whole, with what the disk says.
 */
async function loadFromDisk(options: RepairOptions): Promise<OpenedLevel> {
  const { folder, disk } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await loadLevel(options);
    } catch (error) {
      if (!isDiskFailure(error)) throw error;
      const refuse = (cause: unknown): never => {
        throw new DiskFailureError(folder, cause);
      };
      await probeFolder(folder, disk).catch(refuse);
      if (tries === OPENINGS) {
        const areWhole = await areFilesWhole(folder, disk).catch(refuse);
        if (areWhole) refuse(error);
        throw error;
      }
      await sleep(OPENING_REST_MS);
    }
  }
}

/** LevelDB would take such a folder for a new one, and delete all that is in it. */
async function lacksCurrent({ folder, disk }: RepairOptions): Promise<boolean> {
  const names = await disk.list(folder);
  return !names.includes('CURRENT') && names.some((name) => isTable(name) || name.endsWith('.log'));
}
