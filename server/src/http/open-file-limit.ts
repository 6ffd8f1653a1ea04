import { readFile } from 'node:fs/promises';

/** Files that are no connections: LevelDB's tables, pictures on their way, pipes to the vision processes. */
const OTHER_FILES = 512;

/** Files this process may have open; undefined where the system does not tell (elsewhere than on Linux). */
export async function readOpenFileLimit(): Promise<number | undefined> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, soft] = /^Max open files\s+(\d+)/mu.exec(text) ?? [];
  return soft === undefined ? undefined : Number(soft);
}

/** Connections that may be open where only so many files may. */
export function fitConnections(wanted: number, maxFiles: number | undefined): number {
  if (maxFiles === undefined) return wanted;
  return Math.min(wanted, Math.max(maxFiles - OTHER_FILES, Math.floor(maxFiles / 2)));
}
