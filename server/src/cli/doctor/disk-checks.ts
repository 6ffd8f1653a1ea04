/** Checks of the data folder's disk: may it be written, has it room, how long does a sync take. */
import { mkdtemp, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { masterKeyFile } from '../../auth/master-key-source.ts';
import { nodeDisk } from '../../disk/disk.ts';
import { attempt, failed, fine, warning, type Finding } from './finding.ts';

const SYNCS = 9;
const BLOCK_BYTES = 4096;
/** Above it every write of a picture is felt. */
const SLOW_SYNC_MS = 30;
const GIBIBYTE = 1024 ** 3;

/** @param reserveBytes below which the server refuses to store more */
export async function checkDisk(
  dataDir: string,
  reserveBytes: number,
): Promise<readonly Finding[]> {
  const owner = `Let the user who runs Likeness own ${dataDir}, on a file system mounted for writing.`;
  return [
    await attempt('disk room', owner, async () =>
      checkRoom(await findExisting(dataDir), reserveBytes),
    ),
    await attempt('disk writes', owner, async () => checkSync(await findExisting(dataDir))),
  ];
}

/** Permissions of anybody but the owner. */
const OTHERS = 0o077;

/** Whether others than the owner may read the data folder, or the master key beside it. */
export async function checkSecrets(dataDir: string): Promise<Finding> {
  const found: string[] = [];
  for (const path of [dataDir, masterKeyFile(dataDir)]) {
    // Where it cannot be looked at, the checks of the disk say so.
    const mode = await nodeDisk.mode(path).catch(() => undefined);
    if (mode !== undefined && (mode & OTHERS) !== 0) found.push(path);
  }
  if (found.length === 0) return fine('secrets', 'nobody but the owner may read them');
  const advice = `Pictures and keys are in it: chmod go= ${found.join(' ')}`;
  return warning('secrets', `others may read ${found.join(' and ')}`, advice);
}

/** The data folder, or the nearest one above it that is there. Throws where a file stands in its way. */
async function findExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return path === dirname(path) ? path : findExisting(dirname(path));
  if (!found.isDirectory()) throw new Error(`${path} is no folder`);
  return path;
}

async function checkRoom(folder: string, reserveBytes: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${toGibibytes(free)} GiB free in ${folder}`;
  const advice = `Below ${toGibibytes(reserveBytes)} GiB nothing more is stored (LIKENESS_MIN_FREE_MB). Make room, or move the data folder.`;
  if (free < reserveBytes) return failed('disk room', detail, advice);
  if (free < 2 * reserveBytes) return warning('disk room', detail, advice);
  return fine('disk room', detail);
}

async function checkSync(folder: string): Promise<Finding> {
  // Begins like the format file, which a data folder may be found with.
  const probe = await mkdtemp(join(folder, 'FORMAT-doctor-'));
  try {
    const medianMs = await measureSync(join(probe, 'probe'));
    const detail = `a sync takes ${medianMs.toFixed(1)} ms`;
    if (medianMs <= SLOW_SYNC_MS) return fine('disk writes', detail);
    const advice =
      'Every add waits for one. Put the data folder on an SSD of this machine, not on a network share.';
    return warning('disk writes', detail, advice);
  } finally {
    await rm(probe, { recursive: true });
  }
}

async function measureSync(path: string): Promise<number> {
  const file = await open(path, 'w');
  try {
    const times: number[] = [];
    for (let i = 0; i < SYNCS; i += 1) {
      const startMs = performance.now();
      await file.write(Buffer.alloc(BLOCK_BYTES, i), 0, BLOCK_BYTES, i * BLOCK_BYTES);
      await file.datasync();
      times.push(performance.now() - startMs);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(SYNCS / 2)] ?? 0;
  } finally {
    await file.close();
  }
}

/** When the newest file at the top of the folder or of its records was written; undefined if there is none. */
export async function newestFileMs(dataDir: string): Promise<number | undefined> {
  const times: number[] = [];
  for (const folder of [dataDir, join(dataDir, 'records')]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const file = await stat(join(folder, name)).catch(() => undefined);
      if (file !== undefined) times.push(file.mtimeMs);
    }
  }
  return times.length === 0 ? undefined : Math.max(...times);
}

function toGibibytes(bytes: number): string {
  return (bytes / GIBIBYTE).toFixed(1);
}
