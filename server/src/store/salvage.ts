import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import type { Disk } from '../disk/disk.ts';
import type { LevelOperation } from './image-batch.ts';
import { entriesOfLog, entriesOfTable, type LevelEntry } from './level-entries.ts';
import type { LevelHandle } from './level-handle.ts';
import { liveTables } from './level-manifest.ts';
import { isTable } from './level-tables.ts';

/** Rows written at once. */
const ROWS = 500;

/**
 * Fills an empty store with what the files of another hold, as far as they check.
 *
 * LevelDB's own repair takes files that were left behind by a compaction that was cut off for files of the
 * store; rows that are then there twice end the process (an assertion of its table builder).
 */
export async function salvage(folder: string, into: LevelHandle, disk: Disk): Promise<void> {
  const newest = new Map<string, number>();
  for await (const { key, sequence } of entriesIn(folder, disk)) {
    const name = key.toString('latin1');
    if (sequence >= (newest.get(name) ?? 0)) newest.set(name, sequence);
  }
  let rows: LevelOperation[] = [];
  for await (const { key, sequence, value } of entriesIn(folder, disk)) {
    const name = key.toString('latin1');
    if (newest.get(name) !== sequence) continue;
    // It may come again, from another file.
    newest.delete(name);
    if (value !== undefined) rows.push({ type: 'put', key, value });
    if (rows.length < ROWS) continue;
    await into.batch(rows);
    rows = [];
  }
  await into.batch(rows, { sync: true });
}

/** Of the tables that the store consists of, if that can be told: others may hold what was deleted since. */
async function* entriesIn(folder: string, disk: Disk): AsyncGenerator<LevelEntry> {
  const live = await liveTables(folder, disk);
  for (const name of (await disk.list(folder)).toSorted()) {
    const isOfTable = isTable(name);
    if (!isOfTable && !name.endsWith('.log')) continue;
    if (isOfTable && live?.has(Number.parseInt(name, 10)) === false) continue;
    const bytes = Buffer.from((await disk.read(join(folder, name))) ?? []);
    yield* whole(isOfTable ? entriesOfTable(bytes) : entriesOfLog(bytes));
    await setImmediate();
  }
}

/** What checks and cannot be read all the same ends its file. */
function* whole(entries: Iterable<LevelEntry>): Generator<LevelEntry> {
  try {
    yield* entries;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
