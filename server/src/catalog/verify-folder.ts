import { join } from 'node:path';

import { changeKeys, KEY_SET_NAME, loadKeys } from '../auth/key-values.ts';
import type { Disk } from '../disk/disk.ts';
import type { Damage } from '../store/damage.ts';
import { examineFormat, foldersIn, writeFormat, type DataFolder } from '../store/data-folder.ts';
import { FileObjectStore } from '../store/file-object-store.ts';
import { acknowledgeLogs, openLevel, type LevelFolders } from '../store/level-handle.ts';
import { LevelRecordStore } from '../store/level-record-store.ts';
import { mendStore, type MendReport } from '../store/mend-store.ts';
import { replaceByRepaired } from '../store/repaired-store.ts';
import { recoveredCollection } from './recovered-collection.ts';
import { snapshotFolderOf, snapshotPath } from './snapshot-path.ts';
import { verifyEverything } from './verification.ts';

const KEYS_DAMAGED: Damage = {
  kind: 'value',
  name: KEY_SET_NAME,
  detail: 'the access keys are not all, or not those, that were written last',
};

export interface VerifyFolderOptions {
  readonly disk: Disk;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A name that no other write under way has. */
  readonly createName: () => string;
  /** Makes anew what is derived, and sets aside what is not. */
  readonly isRepairing: boolean;
  /** Looks at what lies beside the stores. */
  readonly examineOthers?: () => Promise<readonly Damage[]>;
  /** Sets aside what {@link examineOthers} named. Resolves to what was done, in a sentence. */
  readonly repairOther?: (damage: Damage) => Promise<string>;
}

export interface FolderReport {
  /** In the order in which it was found. */
  readonly found: readonly Damage[];
  /** What was done about it, a sentence each. */
  readonly done: readonly string[];
  /** What a second look found after that; the same as {@link found} where nothing was to be done. */
  readonly remaining: readonly Damage[];
}

/**
 * Reads a whole data folder that no server uses. Like a start, it replaces a record store that does not
 * open by a repaired copy.
 *
 * Throws `StoreLocked` where a server uses it, `DataFolder` where it is of a newer version, or is none.
 */
export async function verifyFolder(
  path: string,
  options: VerifyFolderOptions,
): Promise<FolderReport> {
  const folder = foldersIn(path);
  const found = await examine(path, folder, options);
  if (!options.isRepairing || !found.some(needsWork)) return { found, done: [], remaining: found };
  const done = await repair(path, folder, { ...options, found });
  return { found, done, remaining: await examine(path, folder, options) };
}

/** Whether anything can be done about it: what is mended may still lie about. */
function needsWork({ kind, isMended }: Damage): boolean {
  return isMended === undefined || kind === 'snapshot';
}

async function examine(
  path: string,
  folder: DataFolder,
  options: VerifyFolderOptions,
): Promise<readonly Damage[]> {
  const found: Damage[] = [];
  const format = await examineFormat(path, options.disk);
  if (format !== undefined) found.push(format);
  await withStores(folder, options, async (records, objects) => {
    const snapshotFolder = snapshotFolderOf(folder.derived);
    const stores = { ...options, records, objects, snapshotFolder };
    for await (const damage of verifyEverything(stores)) {
      found.push(damage);
    }
    if (!(await loadKeys(records)).isWhole) found.push(KEYS_DAMAGED);
  });
  // Two records may keep one object.
  return [...new Map(found.map((damage) => [`${damage.kind} ${damage.name}`, damage])).values()];
}

async function withStores(
  folder: DataFolder,
  { disk, createName }: VerifyFolderOptions,
  task: (records: LevelRecordStore, objects: FileObjectStore) => Promise<void>,
): Promise<void> {
  const records = await LevelRecordStore.open({ ...levelFolders(folder), disk });
  try {
    await task(records, await FileObjectStore.open({ folder: folder.objects, disk, createName }));
  } finally {
    await records.close();
  }
}

function levelFolders({ records, damaged }: DataFolder): LevelFolders {
  return { folder: records, damagedFolder: damaged };
}

async function repair(
  path: string,
  folder: DataFolder,
  options: VerifyFolderOptions & { readonly found: readonly Damage[] },
): Promise<readonly string[]> {
  const { disk, found } = options;
  const done: string[] = [];
  const has = (...kinds: readonly Damage['kind'][]): boolean =>
    found.some(({ kind, isMended }) => kinds.includes(kind) && isMended === undefined);
  if (has('format')) {
    await writeFormat(path, disk);
    done.push('the file FORMAT was written anew');
  }
  if (has('record', 'collection', 'value', 'store')) done.push(...(await mend(folder, options)));
  if (has('value')) done.push(...(await settleKeys(folder, options)));
  if (has('object')) done.push(...(await setObjectsAside(folder, options)));
  for (const { kind, collectionId, name } of found) {
    if (kind !== 'snapshot' || collectionId === undefined) continue;
    await disk.remove(snapshotPath(snapshotFolderOf(folder.derived), collectionId));
    done.push(`the snapshot ${name} was removed: the next start makes it anew`);
  }
  for (const damage of found) {
    if (damage.kind !== 'identity' || options.repairOther === undefined) continue;
    done.push(await options.repairOther(damage));
  }
  if (has('log')) {
    await acknowledgeLogs(levelFolders(folder), disk);
    done.push('the damaged logs count as known; their copies stay');
  }
  return done;
}

/** Takes the access keys that are there for all there are. */
async function settleKeys(
  folder: DataFolder,
  options: VerifyFolderOptions,
): Promise<readonly string[]> {
  const done: string[] = [];
  await withStores(folder, options, async (records) => {
    const { keys, set, isWhole } = await loadKeys(records);
    if (isWhole || set === undefined) return;
    await records.writeValues(changeKeys(keys, keys, set.masterKey));
    done.push(`${keys.size} access keys are taken for all there are: see likeness keys list`);
  });
  return done;
}

/** Replaces the record store by a copy that is consistent. */
async function mend(
  folder: DataFolder,
  { disk, now }: VerifyFolderOptions,
): Promise<readonly string[]> {
  const folders = levelFolders(folder);
  const recoverCollection = (id: string): ReturnType<typeof recoveredCollection> =>
    recoveredCollection(id, now());
  let report: MendReport | undefined;
  const [damage] = await replaceByRepaired(
    { ...folders, disk, openLevel },
    'the record store was repaired by hand',
    async (level) => {
      report = await mendStore(level, { ...folders, disk, recoverCollection });
    },
  );
  return [
    ...(damage === undefined ? [] : [`${damage.detail}; it was set aside in ${damage.copiedTo}`]),
    ...(report === undefined ? [] : describeMend(report)),
  ];
}

function describeMend(report: MendReport): readonly string[] {
  const { rowsSetAside, setAsideTo, recovered, referencesMended } = report;
  return [
    ...(rowsSetAside > 0 ? [`${rowsSetAside} damaged rows were set aside in ${setAsideTo}`] : []),
    ...recovered.map((id) => `the collection ${id} was given new settings: see its name`),
    ...(referencesMended > 0 ? [`${referencesMended} references to pictures were mended`] : []),
  ];
}

/** Moves damaged pictures away; their records stay, and no longer say that they keep one. */
async function setObjectsAside(
  folder: DataFolder,
  options: VerifyFolderOptions & { readonly found: readonly Damage[] },
): Promise<readonly string[]> {
  const lost = new Set(options.found.flatMap(({ objectHash }) => objectHash ?? []));
  const aside = join(folder.damaged, 'objects');
  await options.disk.makeFolder(aside);
  let changed = 0;
  await withStores(folder, options, async (records, objects) => {
    for (const hash of lost) await objects.moveTo(hash, join(aside, hash));
    for (const { id } of await records.collections()) {
      for await (const step of records.scan(id)) {
        if (step.kind === 'damage' || !lost.has(step.record.objectHash ?? '')) continue;
        const { objectHash, ...image } = step.record;
        await records.write(id, [{ kind: 'put', image }]);
        changed += objectHash === undefined ? 0 : 1;
      }
    }
  });
  return [`${lost.size} pictures were set aside in ${aside}: ${changed} records go on without`];
}
