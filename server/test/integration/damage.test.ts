import { createHash, sign, verify as verifySignature, X509Certificate } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { verifyFolder, type FolderReport } from '../../src/catalog/verify-folder.ts';
import { changeKeys, STORED_KEY_PREFIX } from '../../src/auth/key-values.ts';
import { GivenMasterKey } from '../../src/auth/master-key-source.ts';
import { FileRootKey, type RootKey } from '../../src/auth/root-key.ts';
import { ROOT_KEY_FILE } from '../../src/auth/root-key-file.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { examineIdentity, setIdentityAside } from '../../src/examine-identity.ts';
import { loadTlsIdentity, type TlsConfig } from '../../src/http/tls-identity.ts';
import type { Damage } from '../../src/store/damage.ts';
import { openLevel } from '../../src/store/level-handle.ts';
import { imageKey, valueKey } from '../../src/store/level-keys.ts';
import { chooseFlip, copyFlipped, filesOf, type Flip } from '../support/flipped-folder.ts';
import {
  createName,
  imageOf,
  openStoredCatalog,
  settingsOf,
  withFolder,
  type StoredCatalog,
} from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const FLIPS = process.env['LIKENESS_PROVE'] === undefined ? 30 : 2_000;
const SEED = Number(process.env['LIKENESS_SEED'] ?? 20_261_121);
const RED = { vector: [1, 0, 0, 0] };
const BLUE = { vector: [0, 1, 0, 0] };
const INSTANCES = ['shop', 'shelf'];
const MASTER_KEY = new GivenMasterKey(Buffer.alloc(32, 7), async () => {});

/** Rows in tables and in the log, replaced and deleted ones among them, pictures and snapshots. */
async function fillFolder(folder: string): Promise<void> {
  await nodeDisk.makeFolder(folder);
  await openRootKey(folder);
  await loadTlsIdentity(tlsConfigOf(folder), Date.now());
  for (const [round, told] of [RED, BLUE].entries()) {
    const stored = await openStoredCatalog(folder);
    const { catalog } = stored;
    for (const name of INSTANCES) {
      if (round === 0) await catalog.createCollection(settingsOf({ name }));
      const info = catalog.collection('instance', name);
      for (let index = round * 8; index < 14 + round * 8; index += 1) {
        const image = imageOf(`p${index % 3}`, `${index}`, { ...told, note: `${name} ${index}` });
        await catalog.addImage(info, { ...image, customContent: `${round} ${name} ${index}` });
      }
      await catalog.removeImages(info, { kind: 'picture', productId: 'p1', picName: '1' });
      await catalog.removeImages(info, { kind: 'picture', productId: 'p1', picName: '13' });
    }
    await stored.close();
  }
}

/** All that a catalog answers, as lines. */
async function answersOf({ catalog, records, objects }: StoredCatalog): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const info of catalog.listCollections('instance')) {
    const { images, found } = await catalog.list(info, { start: 0, num: 1_000 });
    lines.push(`${info.name} has ${found} of ${info.images}`);
    for (const { productId, picName } of images) {
      const record = await records.get(info.id, { productId, picName });
      const hash = record?.objectHash;
      const picture = hash === undefined ? undefined : await objects.get(hash);
      const digest = createHash('sha256')
        .update(picture ?? '')
        .digest('hex');
      lines.push(
        `${info.name} ${JSON.stringify({ ...record, vector: [...(record?.vector ?? [])] })} ${digest}`,
      );
    }
    const { hits } = await catalog.search(info, {
      query: { kind: 'picture', picture: tellPicture(RED), crop: true },
      start: 0,
      num: 1_000,
      minScore: 0,
      distinct: false,
    });
    const ranking = hits.map(({ picName, score, customContent }) => [
      picName,
      score,
      customContent,
    ]);
    lines.push(`${info.name} ranks ${JSON.stringify(ranking)}`);
  }
  return lines;
}

/** What a start tells and answers; what it throws is told too. */
async function start(folder: string): Promise<{
  readonly told: readonly string[];
  readonly answers: readonly string[];
}> {
  let stored: StoredCatalog | undefined;
  try {
    stored = await openStoredCatalog(folder);
    await stored.catalog.maintain();
    const identity = await identityOf(folder);
    const answers = [...(await answersOf(stored)), identity.line];
    return { told: [...namesOf(stored.damage), ...identity.told], answers };
  } catch (error) {
    return { told: [...namesOf(stored?.damage ?? []), String(error)], answers: [] };
  } finally {
    await stored?.close();
  }
}

/** Who clients may be, and whether they can trust the server: a certificate that is damaged is made anew, and told. */
async function identityOf(
  folder: string,
): Promise<{ readonly line: string; readonly told: readonly string[] }> {
  const { accessKeyId, accessKeySecret } = await openRootKey(folder);
  const tls = await loadTlsIdentity(tlsConfigOf(folder), Date.now());
  const leaf = new X509Certificate(tls.cert);
  const authority = new X509Certificate(await readFile(tls.caFile ?? ''));
  const isTrusted = leaf.verify(authority.publicKey);
  const proof = sign('sha256', Buffer.from(accessKeyId), tls.key);
  const isOurs = verifySignature('sha256', Buffer.from(accessKeyId), leaf.publicKey, proof);
  const line = `${accessKeyId} ${accessKeySecret} ${isTrusted} ${isOurs}`;
  return { line, told: tls.replaced.map(({ name }) => `identity ${name}`) };
}

async function openRootKey(folder: string): Promise<RootKey> {
  const file = new FileRootKey(join(folder, ROOT_KEY_FILE), nodeDisk, { warn: () => {} });
  return (await file.open(MASTER_KEY, undefined)).rootKey;
}

function tlsConfigOf(dataDir: string): TlsConfig {
  return { dataDir, host: '127.0.0.1', tlsNames: [] };
}

function namesOf(damage: readonly Damage[]): readonly string[] {
  return damage.map(({ kind, name }) => `${kind} ${name}`);
}

function verify(folder: string, isRepairing = false): Promise<FolderReport> {
  const aside = { damagedFolder: join(folder, 'damaged'), disk: nodeDisk };
  return verifyFolder(folder, {
    disk: nodeDisk,
    now: Date.now,
    createName,
    isRepairing,
    examineOthers: () => examineIdentity(folder, nodeDisk),
    repairOther: ({ name }) => setIdentityAside(folder, name, aside),
  });
}

async function tellsOf(folder: string): Promise<readonly string[]> {
  try {
    return namesOf((await verify(folder)).found);
  } catch (error) {
    return [String(error)];
  }
}

function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test(
  `of ${FLIPS} flipped bits each is named by a start or by verify, or changes no answer`,
  () =>
    withFolder(async (folder) => {
      const [whole, spoilt] = [join(folder, 'whole'), join(folder, 'spoilt')];
      await fillFolder(whole);
      const files = await filesOf(whole);
      // Most files are pictures: every other flip is in the record store.
      const stores = files.filter((file) => file.startsWith('records'));
      const expected = await undamagedAnswers(whole, spoilt);
      const random = createRandom(SEED);
      const tally = { named: 0, harmless: 0, lastWrite: 0 };
      const missed: (Flip & { readonly answers: readonly string[] })[] = [];
      for (let round = 0; round < FLIPS; round += 1) {
        const flip = await chooseFlip(whole, round % 2 === 0 ? stores : files, random);
        await copyFlipped(whole, spoilt, flip);
        const { told, answers } = await start(spoilt);
        await rm(spoilt, { recursive: true });
        const isSame = JSON.stringify(answers) === JSON.stringify(expected);
        const isNamed = told.length > 0 || (await isNamedByVerify(whole, spoilt, flip));
        if (isNamed) tally.named += 1;
        else if (isSame) tally.harmless += 1;
        else if (flip.isInLastWrite) tally.lastWrite += 1;
        else missed.push({ ...flip, answers });
      }
      console.log(`seed ${SEED}, ${files.length} files: ${JSON.stringify(tally)}`);
      expect(missed).toEqual([]);
    }),
  FLIPS * 20_000,
);

async function undamagedAnswers(whole: string, copy: string): Promise<readonly string[]> {
  await cp(whole, copy, { recursive: true });
  expect(await tellsOf(copy)).toEqual([]);
  const { told, answers } = await start(copy);
  expect([told, answers.length]).toEqual([[], 2 * 2 + 2 * 20 + 1]);
  await rm(copy, { recursive: true });
  return answers;
}

async function isNamedByVerify(whole: string, copy: string, flip: Flip): Promise<boolean> {
  await copyFlipped(whole, copy, flip);
  const told = await tellsOf(copy);
  await rm(copy, { recursive: true });
  return told.length > 0;
}

/** A folder with one of each damage. */
async function spoil(folder: string): Promise<void> {
  await fillFolder(folder);
  const level = await openLevel(join(folder, 'records'));
  const [row] = await level.iterator({ gte: Buffer.from('c'), lt: Buffer.from('d') }).all();
  const id = row?.[0].toString('latin1', 1) ?? '';
  const key = imageKey(id, { productId: 'p0', picName: '0' });
  const record = (await level.get(key)) ?? Buffer.alloc(1);
  await level.put(key, flipped(record));
  await level.del(imageKey(id, { productId: 'p0', picName: '3' }));
  await level.close();
  const objects = (await filesOf(join(folder, 'objects'))).filter((name) => name.length > 60);
  await writeFile(join(folder, 'objects', objects[0] ?? ''), 'x');
  await rm(join(folder, 'objects', objects[1] ?? ''));
  for (const name of await filesOf(join(folder, 'derived'))) {
    const path = join(folder, 'derived', name);
    await writeFile(path, flipped(await readFile(path)));
  }
  await writeFile(join(folder, 'FORMAT'), 'x');
  for (const name of [ROOT_KEY_FILE, join('tls', 'server-key.pem')]) {
    await writeFile(join(folder, name), flipped(await readFile(join(folder, name))));
  }
}

describe('verify', () => {
  test('names each damage, repairs what is derived, sets aside what is not, and then finds none', () =>
    withFolder(async (folder) => {
      await spoil(folder);
      const { found, done, remaining } = await verify(folder);
      const kinds = found.map(({ kind }) => kind);
      expect([...new Set(kinds)].toSorted()).toEqual(
        ['collection', 'format', 'identity', 'object', 'record', 'snapshot'].toSorted(),
      );
      expect(kinds.filter((kind) => kind === 'object')).toHaveLength(2);
      const names = found.filter(({ kind }) => kind === 'identity').map(({ name }) => name);
      expect(names).toEqual([ROOT_KEY_FILE, 'tls/server.pem']);
      expect([done, remaining]).toEqual([[], found]);
      const repaired = await verify(folder, true);
      expect(repaired.remaining).toEqual([]);
      expect(repaired.done.join('\n')).toMatch(/FORMAT[^]*set aside[^]*pictures were set aside/u);
      expect((await verify(folder)).found).toEqual([]);
      expect((await openRootKey(folder)).isNew).toBe(true);
      expect((await identityOf(folder)).told).toEqual([]);
      const stored = await openStoredCatalog(folder);
      await stored.catalog.maintain();
      expect(stored.damage).toEqual([]);
      const counts = stored.catalog.listCollections('instance').map(({ images }) => images);
      expect(counts.toSorted((a, b) => a - b)).toEqual([18, 20]);
      expect((await answersOf(stored)).length).toBeGreaterThan(0);
      await stored.close();
    }));

  test('gives records whose collection is lost a new one', () =>
    withFolder(async (folder) => {
      await fillFolder(folder);
      const level = await openLevel(join(folder, 'records'));
      const [key] = await level.keys({ gte: Buffer.from('c'), lt: Buffer.from('d') }).all();
      await level.del(key ?? Buffer.alloc(1));
      await level.close();
      const { found } = await verify(folder);
      expect(found.map(({ name }) => name)).toContainEqual(expect.stringMatching(/: settings$/u));
      await verify(folder, true);
      const stored = await openStoredCatalog(folder);
      const names = stored.catalog.listCollections('instance').map(({ name }) => name);
      expect(names).toContainEqual(expect.stringMatching(/^recovered-/u));
      expect(stored.catalog.listCollections('instance').map(({ images }) => images)).toEqual([
        20, 20,
      ]);
      await stored.close();
    }));

  test('names an access key that is lost, and takes those that are left for all', () =>
    withFolder(async (folder) => {
      const stored = await openStoredCatalog(folder);
      const keys = new Map(['a', 'b'].map((id) => [id, `{"id":"${id}"}`]));
      await stored.records.writeValues(changeKeys(new Map(), keys, 'fingerprint'));
      await stored.close();
      expect((await verify(folder)).found).toEqual([]);
      const level = await openLevel(join(folder, 'records'));
      await level.del(valueKey(`${STORED_KEY_PREFIX}a`));
      await level.close();
      const { done, remaining } = await verify(folder, true);
      expect(done).toContain('1 access keys are taken for all there are: see likeness keys list');
      expect(remaining).toEqual([]);
    }));

  test('refuses a folder that a server uses, and one that is none', () =>
    withFolder(async (folder) => {
      const stored = await openStoredCatalog(join(folder, 'used'));
      await expect(verify(join(folder, 'used'))).rejects.toMatchObject({ code: 'StoreLocked' });
      await stored.close();
      await expect(verify(join(folder, 'none'))).rejects.toMatchObject({ code: 'DataFolder' });
    }));
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = copy.length >> 1;
  copy.writeUInt8(copy.readUInt8(middle) ^ 1, middle);
  return copy;
}
