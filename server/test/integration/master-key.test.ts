import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { ImageSearchClient } from '@likeness/sdk';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseScope } from '@likeness/shared/api';

import { KeyRing } from '../../src/auth/key-ring.ts';
import { masterKeyFile, type MasterKeySource } from '../../src/auth/master-key-source.ts';
import { loadConfig, type Config } from '../../src/config/config.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { masterKeySource, rootKeySource, type Telling } from '../../src/key-sources.ts';
import { openOfflineKeys, type OfflineKeys } from '../../src/offline-keys.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { LevelRecordStore } from '../../src/store/level-record-store.ts';
import { launchServerOn } from '../support/launched-server.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));
const ROUNDS = process.env['LIKENESS_PROVE'] === undefined ? 2 : 50;
const KEYS = 20;

let parent: string;
let dataDir: string;
let shown: string[];
let warned: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'likeness-master-'));
  dataDir = join(parent, 'data');
  shown = [];
  warned = [];
});
afterEach(() => rm(parent, { recursive: true }));

const configOf = (environment: Readonly<Record<string, string>> = {}): Config =>
  loadConfig({ LIKENESS_DATA_DIR: dataDir, ...environment });

function offline(config = configOf()): OfflineKeys {
  return openOfflineKeys(config, async (line) => void shown.push(line));
}

const telling: Telling = { show: async () => {}, warn: (message) => void warned.push(message) };

function fail(reason: unknown): never {
  throw new Error('unexpected', { cause: reason });
}

/** `likeness keys rotate-master` in its own process. */
function rotate() {
  return spawn(process.execPath, [LAUNCHER, 'keys', 'rotate-master'], {
    env: { PATH: process.env['PATH'], LIKENESS_DATA_DIR: dataDir },
    stdio: 'ignore',
  });
}

function connect(endpoint: string, accessKeyId: string, accessKeySecret: string) {
  const retry = { maxTries: 1 };
  return new ImageSearchClient({ endpoint, accessKeyId, accessKeySecret, retry });
}

/** Runs with the keys of the folder, as a server would open them. */
async function withKeys<Result>(
  task: (ring: KeyRing) => Promise<Result>,
  config = configOf(),
  masterKeys = masterKeySource(config, telling),
): Promise<Result> {
  const folder = await openDataFolder(dataDir, nodeDisk);
  const records = await LevelRecordStore.open({
    folder: folder.records,
    damagedFolder: folder.damaged,
    disk: nodeDisk,
  });
  try {
    const ring = await KeyRing.open({
      root: rootKeySource(config, telling),
      values: records,
      write: (work) => work(),
      masterKeys,
      now: Date.now,
      randomBytes,
      onDamage: fail,
      onError: fail,
    });
    return await task(ring);
  } finally {
    await records.close();
  }
}

/** Makes keys, and resolves to their secrets by id. */
function fill(config = configOf()): Promise<ReadonlyMap<string, string>> {
  return withKeys(async (ring) => {
    const scopes = [parseScope('instance:*')!];
    const settings = { role: 'read', scopes, rate: 0, expiresMs: 0, isEnabled: true } as const;
    for (let key = 0; key < KEYS; key += 1) await ring.create({ ...settings, name: String(key) });
    return secretsOf(ring);
  }, config);
}

/** The root key's too. */
async function secretsOf(ring: KeyRing): Promise<ReadonlyMap<string, string>> {
  const ids = [ring.root, ...ring.list()].map(({ accessKeyId }) => accessKeyId);
  const secrets = ids.map(
    async (id) => [id, (await ring.find(id))?.accessKeySecret ?? ''] as const,
  );
  return new Map(await Promise.all(secrets));
}

describe('the master key beside the data folder', () => {
  test('is for its owner alone, and is changed for all keys', async () => {
    const secrets = await fill();
    const file = masterKeyFile(dataDir);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await readFile(file, 'utf8');
    const said = await offline().rotateMasterKey();
    expect(said).toBe(`${KEYS} secrets are sealed under the new master key in ${file}.`);
    expect(await readFile(file, 'utf8')).not.toBe(before);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await withKeys(secretsOf)).toEqual(secrets);
    const line = await readFile(join(dataDir, 'audit', 'audit.jsonl'), 'utf8');
    expect(line).toMatch(/"action":"RotateMasterKey"/u);
    await writeFile(file, before);
    await expect(withKeys(secretsOf)).rejects.toMatchObject({ code: 'MasterKey' });
  });

  test('is the old or the new one for all keys, whenever the change is killed', async () => {
    const secrets = await fill();
    const startedMs = performance.now();
    expect(await once(rotate(), 'exit')).toEqual([0, null]);
    const wholeMs = performance.now() - startedMs;
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = rotate();
      const exited = once(child, 'exit');
      // Any fixed pattern that meets every moment of its later half.
      const share = 0.5 + ((round * 7_919) % 1_000) / 2_000;
      await Promise.race([exited, setTimeout(wholeMs * share)]);
      child.kill('SIGKILL');
      await exited;
      expect(await withKeys(secretsOf)).toEqual(secrets);
      const left = (await readdir(parent)).filter((name) => name.endsWith('.next'));
      expect(left).toEqual([]);
    }
  }, 600_000);

  test.each(['before', 'after'])(
    'is settled by the next start, stopped %s the store',
    async (when) => {
      const secrets = await fill();
      const source = masterKeySource(configOf(), telling);
      let isStopped = false;
      const stopping: MasterKeySource = {
        place: source.place,
        load: () => source.load(),
        create: () => source.create(),
        prepare: async (next) => {
          await source.prepare(next);
          isStopped = true;
          if (when === 'before') throw new Error('stopped');
        },
        settle: async (used) => {
          if (isStopped) throw new Error('stopped');
          await source.settle(used);
        },
      };
      const before = await readFile(source.place, 'utf8');
      const rotation = withKeys((ring) => ring.rotateMasterKey(), configOf(), stopping);
      await expect(rotation).rejects.toThrow('stopped');
      expect(await readdir(parent)).toContain('data.master-key.next');
      expect(await withKeys(secretsOf)).toEqual(secrets);
      expect(await readdir(parent)).toEqual(['data', 'data.master-key']);
      const isOld = (await readFile(source.place, 'utf8')) === before;
      expect(isOld).toBe(when === 'before');
    },
  );

  test('that is lost is told, and its keys can be given up, the root key with them', async () => {
    const { accessKeyId } = (await withKeys(async (ring) => ring.root)) ?? {};
    await fill();
    await rm(masterKeyFile(dataDir));
    await expect(withKeys(secretsOf)).rejects.toThrow(/another master key .* keys discard/u);
    await expect(offline().rotateRootKey()).rejects.toThrow(/sealed by another master key/u);
    expect(await offline().discard()).toBe(true);
    const root = await withKeys(async (ring) => ring.root);
    expect([root.isNew, root.accessKeyId === accessKeyId]).toEqual([true, false]);
    expect(await withKeys(async (ring) => ring.size)).toBe(0);
    expect((await fill()).size).toBe(KEYS + 1);
    expect(await offline().discard()).toBe(false);
  });

  test('that others may read is told at every start', async () => {
    await fill();
    expect(warned).toEqual([]);
    await chmod(masterKeyFile(dataDir), 0o640);
    await withKeys(secretsOf);
    expect(warned).toEqual([
      expect.stringMatching(/others .* chmod 600 .*master-key \(it is 640\)$/u),
    ]);
  });
});

test('a master key that is given is changed by one that is shown first', async () => {
  const config = configOf({ LIKENESS_MASTER_KEY: 'ab'.repeat(32) });
  const secrets = await fill(config);
  expect(await offline(config).rotateMasterKey()).toMatch(/^20 secrets .* before the next start/u);
  const next = /LIKENESS_MASTER_KEY=([0-9a-f]{64})$/u.exec(shown.at(-1) ?? '')?.[1] ?? '';
  expect(await withKeys(secretsOf, configOf({ LIKENESS_MASTER_KEY: next }))).toEqual(secrets);
  await expect(withKeys(secretsOf, config)).rejects.toMatchObject({ code: 'MasterKey' });
  expect(await readdir(parent)).toEqual(['data']);
});

const file = (): string => join(dataDir, 'root-key.json');
const rootOf = () => withKeys(async (ring) => ring.root);

describe('the root key', () => {
  test('is sealed in its file, and changed there, or where it was given', async () => {
    await fill();
    const before = await rootOf();
    const key = await offline().rotateRootKey();
    expect(key.accessKeyId).not.toBe(before.accessKeyId);
    expect(await rootOf()).toEqual({ ...key, isNew: false });
    const text = await readFile(file(), 'utf8');
    expect(text).toContain(key.accessKeyId);
    expect(text).not.toContain(key.accessKeySecret);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    const given = configOf({ LIKENESS_ACCESS_KEY_ID: 'a', LIKENESS_ACCESS_KEY_SECRET: 'b' });
    await expect(offline(given).rotateRootKey()).rejects.toThrow(/LIKENESS_ACCESS_KEY_ID/u);
  });

  test('that an earlier version wrote in plain text is sealed at the next start', async () => {
    const key = { accessKeyId: 'root', accessKeySecret: 'plain-secret' };
    await mkdir(dataDir);
    await writeFile(file(), JSON.stringify(key));
    expect(await rootOf()).toEqual({ ...key, isNew: false });
    expect(await readFile(file(), 'utf8')).not.toContain('plain-secret');
    expect(await rootOf()).toEqual({ ...key, isNew: false });
    expect(warned).toEqual([]);
  });

  test('stays in plain text, and is told, where no master key can be kept', async () => {
    const key = { accessKeyId: 'root', accessKeySecret: 'plain-secret' };
    await mkdir(dataDir);
    await writeFile(file(), JSON.stringify(key));
    // What the master key would be written to first.
    await mkdir(`${masterKeyFile(dataDir)}.new`);
    expect(await rootOf()).toEqual({ ...key, isNew: false });
    expect(warned.join('\n')).toMatch(
      /plain text: no master key can be kept .*LIKENESS_MASTER_KEY/u,
    );
    await rm(`${masterKeyFile(dataDir)}.new`, { recursive: true });
    await rm(file());
    await mkdir(`${masterKeyFile(dataDir)}.new`);
    await expect(rootOf()).rejects.toThrow(/no master key can be kept/u);
  });

  test.each(['id', 'seal', 'checksum'])(
    'whose %s was changed is told from one of another master key',
    async (what) => {
      const { accessKeyId } = await rootOf();
      const text = await readFile(file(), 'utf8');
      const changes: Record<string, readonly [string | RegExp, string]> = {
        id: [accessKeyId, `${accessKeyId.slice(0, -1)}-`],
        seal: [/"secret": "../u, '"secret": "--'],
        checksum: [/"checksum": "../u, '"checksum": "--'],
      };
      const [from, to] = changes[what] ?? ['', ''];
      await writeFile(file(), text.replace(from, to));
      await expect(offline().rotateMasterKey()).rejects.toThrow(/root-key.json is damaged/u);
      await expect(rootOf()).rejects.toThrow(/root-key.json is damaged/u);
      await writeFile(file(), text);
      expect((await rootOf()).accessKeyId).toBe(accessKeyId);
      await rm(masterKeyFile(dataDir));
      await expect(rootOf()).rejects.toThrow(/root key was sealed by another master key/u);
    },
  );
});

test('an empty folder is not made a data folder', async () => {
  await expect(offline().rotateMasterKey()).rejects.toThrow(/holds no data/u);
  await expect(offline().rotateRootKey()).rejects.toThrow(/holds no data/u);
  expect(await readdir(parent)).toEqual([]);
});

describe('a server that is killed', () => {
  test('knows its keys when it starts again, under another root key as well', async () => {
    const first = await launchServerOn(dataDir);
    const root = connect(first.endpoint, 'test-root', 'test-secret');
    await root.createInstance({ instanceName: 'shoes', serviceType: 'generic' });
    const { accessKey } = await root.createAccessKey({ role: 'read', scopes: 'instance:*' });
    await expect(offline().rotateMasterKey()).rejects.toMatchObject({ code: 'StoreLocked' });
    await first.kill();
    const other = { LIKENESS_ACCESS_KEY_ID: 'other', LIKENESS_ACCESS_KEY_SECRET: 'other-secret' };
    const second = await launchServerOn(dataDir, { environment: other });
    try {
      const { accessKeyId, accessKeySecret } = accessKey;
      const reader = connect(second.endpoint, accessKeyId, accessKeySecret);
      expect((await reader.listInstances()).instances).toHaveLength(1);
      const renewed = connect(second.endpoint, 'other', 'other-secret');
      expect((await renewed.listAccessKeys()).accessKeys).toHaveLength(1);
      const former = connect(second.endpoint, 'test-root', 'test-secret');
      await expect(former.listInstances()).rejects.toMatchObject({
        code: 'InvalidAccessKeyId.NotFound',
      });
    } finally {
      await second.stop();
    }
  }, 180_000);
});
