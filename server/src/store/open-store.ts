import type { Damage } from './damage.ts';
import { loadCollections, type LoadedCollections } from './level-collections.ts';
import { Erasures } from './level-erasures.ts';
import { checkLogs, isLocked, probeFolder, type LevelHandle } from './level-handle.ts';
import { isDiskFailure, isOutage } from './level-outage.ts';
import { findBadTables, isTable, tableBytes } from './level-tables.ts';
import { StoreUnreadableError, UnwritableFolderError } from './record-store.ts';
import { finishReplacement, replaceByRepaired, type RepairOptions } from './repaired-store.ts';

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
 * Throws `StoreLockedError`, {@link UnwritableFolderError} where the disk takes no writes, and
 * {@link StoreUnreadableError} where not even a repaired copy opens.
 */
export async function openStore(options: RepairOptions): Promise<OpenedLevel> {
  const { folder, disk } = options;
  await finishReplacement(options);
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
    if (!(error instanceof StoreUnreadableError) || isOutage(error)) throw error;
    return `the record store did not open (${error.reason})`;
  }
}

/**
 * Loads the store, once more where the disk failed: a write that failed damages no file. On a disk that takes no
 * writes a repaired copy would fail as well, and every start would set one more store aside.
 *
 * Throws {@link UnwritableFolderError}, with what the disk says.
 */
async function loadFromDisk(options: RepairOptions): Promise<OpenedLevel> {
  const { folder, disk } = options;
  try {
    return await loadLevel(options);
  } catch (error) {
    if (!isDiskFailure(error)) throw error;
    await probeFolder(folder, disk).catch((cause: unknown) => {
      throw new UnwritableFolderError(folder, cause);
    });
    return loadLevel(options);
  }
}

/** LevelDB would take such a folder for a new one, and delete all that is in it. */
async function lacksCurrent({ folder, disk }: RepairOptions): Promise<boolean> {
  const names = await disk.list(folder);
  return !names.includes('CURRENT') && names.some((name) => isTable(name) || name.endsWith('.log'));
}
