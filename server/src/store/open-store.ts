import type { Damage } from './damage.ts';
import { loadCollections, type LoadedCollections } from './level-collections.ts';
import { Erasures } from './level-erasures.ts';
import { checkLogs, isLocked, type LevelHandle } from './level-handle.ts';
import { isOutage } from './level-outage.ts';
import { checkTables } from './level-tables.ts';
import { StoreUnreadableError } from './record-store.ts';
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
 * Throws `StoreLockedError`, and {@link StoreUnreadableError} where not even a repaired copy opens.
 */
export async function openStore(options: RepairOptions): Promise<OpenedLevel> {
  const { folder, disk } = options;
  await finishReplacement(options);
  await disk.makeFolder(folder);
  const damage: Damage[] = [...(await checkLogs(options, disk))];
  const opened = (await findCrashLoop(options)) ?? (await openWhole(options));
  if (typeof opened === 'string') damage.push(...(await replaceByRepaired(options, opened)));
  const result = typeof opened === 'string' ? await loadLevel(options) : opened;
  const names = new Set(damage.map(({ name }) => name));
  const others = result.damage.filter(({ name }) => !names.has(name));
  return { ...result, damage: [...damage, ...others] };
}

/** Where it stands how often the store was opened and not closed since it was last closed. */
function unclosedFile(folder: string): string {
  return `${folder}.unclosed`;
}

/** So many times in a row may be chance. */
const MAX_UNCLOSED = 2;

/**
 * Why the store must be repaired, if it has not been closed for some times and its tables are damaged: LevelDB
 * may be what ends the process, each time when it comes to a certain block.
 */
async function findCrashLoop({ folder, disk }: RepairOptions): Promise<string | undefined> {
  const file = unclosedFile(folder);
  const before = Number(Buffer.from((await disk.read(file)) ?? []).toString());
  const unclosed = Number.isInteger(before) ? before : MAX_UNCLOSED;
  await disk.writeSynced(file, Buffer.from(String(unclosed + 1)));
  if (unclosed < MAX_UNCLOSED || (await isLocked(folder, disk))) return undefined;
  for await (const { name } of checkTables(folder, disk)) {
    return `the record store was not closed ${unclosed} times, and its table ${name} is damaged`;
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
    const opened = await loadLevel(options);
    if (!opened.damage.some(({ kind }) => kind === 'store')) return opened;
    await opened.level.close();
    return 'collections of the record store cannot be read';
  } catch (error) {
    if (!(error instanceof StoreUnreadableError) || isOutage(error)) throw error;
    return `the record store did not open (${error.reason})`;
  }
}

/** LevelDB would take such a folder for a new one, and delete all that is in it. */
async function lacksCurrent({ folder, disk }: RepairOptions): Promise<boolean> {
  const names = await disk.list(folder);
  return !names.includes('CURRENT') && names.some((name) => /\.(?:ldb|sst|log)$/u.test(name));
}
