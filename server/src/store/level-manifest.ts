import { join } from 'node:path';

import type { Disk } from '../disk/disk.ts';
import { LevelBytes } from './level-bytes.ts';
import { findLogDamage, logRecords } from './level-log.ts';

/*
 * Which tables are a store's: CURRENT holds the name of a MANIFEST, a log of edits (doc/impl.md and
 * db/version_edit.cc of LevelDB). A table that no edit names is one that was not finished, or is no
 * longer used: LevelDB removes it.
 *
 *     edit = fields, each a tag (varint) and what belongs to it; numbers are varints, keys have a length
 */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/**
 * Numbers of the tables that make up the store in the folder; undefined where LevelDB would not open it, for
 * want of a CURRENT or a MANIFEST that reads. An edit that was not wholly written is passed over, as by LevelDB.
 */
export async function liveTables(
  folder: string,
  disk: Disk,
): Promise<ReadonlySet<number> | undefined> {
  const current = Buffer.from((await disk.read(join(folder, 'CURRENT'))) ?? []);
  const name = /^(MANIFEST-\d+)\n$/u.exec(current.toString('latin1'))?.[1];
  const manifest = name === undefined ? undefined : await disk.read(join(folder, name));
  if (manifest === undefined || findLogDamage(manifest) !== undefined) return undefined;
  try {
    return tablesIn(manifest);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A table that moves to another level is taken out of one and put into the other, by one edit. */
function tablesIn(manifest: Uint8Array): ReadonlySet<number> {
  const levelOf = new Map<number, number>();
  for (const record of logRecords(manifest)) applyEdit(new LevelBytes(record), levelOf);
  return new Set(levelOf.keys());
}

function applyEdit(edit: LevelBytes, levelOf: Map<number, number>): void {
  while (!edit.isAtEnd) {
    const tag = edit.varint();
    if (tag === DELETED_FILE) {
      const level = edit.varint();
      const table = edit.varint();
      if (levelOf.get(table) === level) levelOf.delete(table);
    } else if (tag === NEW_FILE) {
      const level = edit.varint();
      levelOf.set(edit.varint(), level);
      // Its bytes, its first key and its last.
      edit.varint();
      edit.slice();
      edit.slice();
    } else {
      passOver(edit, tag);
    }
  }
}

function passOver(edit: LevelBytes, tag: number): void {
  switch (tag) {
    case LOG_NUMBER:
    case NEXT_FILE_NUMBER:
    case LAST_SEQUENCE:
    case PREVIOUS_LOG_NUMBER:
      edit.varint();
      break;
    case COMPARATOR:
      edit.slice();
      break;
    case COMPACT_POINTER:
      edit.varint();
      edit.slice();
      break;
    default:
      throw new RangeError(`an edit has no field ${tag}`);
  }
}
