import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

/** One bit of one file. */
export interface Flip {
  /** Relative to the folder. */
  readonly file: string;
  readonly offset: number;
  readonly bit: number;
  /** In the last record of a log, where it cannot be told from a write that a crash tore. */
  readonly isInLastWrite: boolean;
}

/** LevelDB's own diary and its lock say nothing. */
const SAYS_NOTHING = /^(?:LOG|LOG\.old|LOCK)$/u;

/** Every file in which a bit may flip, with its size, in the order of their names. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || SAYS_NOTHING.test(entry.name)) continue;
    if ((await stat(path)).size > 0) files.push(relative(folder, path));
  }
  return files.toSorted();
}

/** Any bit of any file, as `random` (below its argument) says. */
export async function chooseFlip(
  folder: string,
  files: readonly string[],
  random: (below: number) => number,
): Promise<Flip> {
  const file = files[random(files.length)] ?? '';
  const bytes = await readFile(join(folder, file));
  const offset = random(bytes.length);
  const isLog = basename(file).endsWith('.log');
  const isInLastWrite = isLog && offset >= lastWriteOf(bytes);
  return { file, offset, bit: random(8), isInLastWrite };
}

/** A copy of the folder with that bit flipped. */
export async function copyFlipped(from: string, to: string, flip: Flip): Promise<void> {
  await cp(from, to, { recursive: true });
  const path = join(to, flip.file);
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(flip.offset) ^ (1 << flip.bit), flip.offset);
  await writeFile(path, bytes);
}

/** Where the last write begins in a whole log: see level-log.ts for the format. */
function lastWriteOf(log: Buffer): number {
  const BLOCK = 32_768;
  const HEADER = 7;
  const FULL = 1;
  const FIRST = 2;
  let last = 0;
  for (let offset = 0; offset + HEADER <= log.length;) {
    const left = BLOCK - (offset % BLOCK);
    if (left < HEADER) {
      offset += left;
      continue;
    }
    const type = log.readUInt8(offset + 6);
    if (type === FULL || type === FIRST) last = offset;
    offset += HEADER + log.readUInt16LE(offset + 4);
  }
  return last;
}
