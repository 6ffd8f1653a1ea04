import { randomBytes } from 'node:crypto';

import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseScope } from '@likeness/shared/api';

import { openMemoryKeyRing } from '../../test/support/action-services.ts';
import { MemoryValues } from '../../test/support/memory-values.ts';
import type { AccessKeySettings } from './access-key.ts';
import type { KeyRing, KeyRingOptions } from './key-ring.ts';
import { createMasterKey, GivenMasterKey, type MasterKeySource } from './master-key-source.ts';
import { GivenRootKey } from './root-key.ts';
import { fingerprintOf, openText, sealText, type MasterKey } from './secret-box.ts';

const SETTINGS: AccessKeySettings = {
  name: 'web shop',
  role: 'read',
  scopes: [parseScope('instance:shop-*')!],
  rate: 5,
  expiresMs: 2000,
  isEnabled: true,
};
const MASTER_KEY = createMasterKey(randomBytes);

let values: MemoryValues;
let nowMs: number;
let told: string[];

beforeEach(() => {
  values = new MemoryValues();
  nowMs = 1000;
  told = [];
});

const given = (masterKey: MasterKey): MasterKeySource =>
  new GivenMasterKey(masterKey, async () => {});

function open(options: Partial<KeyRingOptions> = {}): Promise<KeyRing> {
  return openMemoryKeyRing({
    values,
    masterKeys: given(MASTER_KEY),
    now: () => nowMs,
    onDamage: ({ detail }) => void told.push(detail),
    ...options,
  });
}

describe('KeyRing', () => {
  test('finds the root key, which no list shows', async () => {
    const ring = await open({
      root: new GivenRootKey({ accessKeyId: 'root', accessKeySecret: 's' }),
    });
    expect(await ring.find('root')).toMatchObject({ rights: { role: 'root' }, isActive: true });
    expect(ring.list()).toEqual([]);
    expect(await ring.find('other')).toBeUndefined();
  });

  test('keeps keys over a start, and their secrets from whoever reads the store', async () => {
    const first = await open();
    const { key, accessKeySecret } = await first.create(SETTINGS);
    const { accessKeyId } = key;
    const second = await open();
    expect(second.list()).toEqual(first.list());
    expect(await second.find(accessKeyId)).toEqual({
      accessKeyId,
      accessKeySecret,
      rights: { role: 'read', scopes: SETTINGS.scopes },
      rate: 5,
      isActive: true,
    });
    const stored = JSON.stringify([...values.texts]);
    expect(stored).not.toContain(accessKeySecret);
    expect(stored).not.toContain(Buffer.from(accessKeySecret).toString('base64').slice(0, 16));
    expect(JSON.stringify(second.list())).not.toContain(accessKeySecret);
  });

  test('lets a key end when it expires, is disabled, or is removed', async () => {
    const ring = await open();
    const { accessKeyId } = (await ring.create(SETTINGS)).key;
    const isActive = async () => (await ring.find(accessKeyId))?.isActive;
    nowMs = 1999;
    expect(await isActive()).toBe(true);
    nowMs = 2000;
    expect(await isActive()).toBe(false);
    expect((await ring.update(accessKeyId, { expiresMs: 0, isEnabled: false })).status).toBe(
      'disabled',
    );
    expect(await isActive()).toBe(false);
    await ring.update(accessKeyId, { isEnabled: true });
    expect(await isActive()).toBe(true);
    await ring.remove(accessKeyId);
    expect(await ring.find(accessKeyId)).toBeUndefined();
    expect((await open()).list()).toEqual([]);
    for (const change of [ring.remove(accessKeyId), ring.update(accessKeyId, {})]) {
      await expect(change).rejects.toMatchObject({ code: 'EntityNotExist.User.AccessKey' });
    }
  });

  test('writes last uses once a stretch of time, and at its close', async () => {
    const ring = await open({ usedRestMs: 60_000 });
    const { accessKeyId } = (await ring.create(SETTINGS)).key;
    let writes = 0;
    values.onWrite = async (write) => {
      writes += 1;
      write();
    };
    for (nowMs = 1100; nowMs < 1200; nowMs += 1) ring.noteUsed(accessKeyId);
    expect(ring.list()[0]?.lastUsedMs).toBe(1199);
    expect(writes).toBe(0);
    await ring.close();
    expect(writes).toBe(1);
    expect((await open()).list()[0]?.lastUsedMs).toBe(1199);
  });

  test('takes so many keys and no more', async () => {
    const ring = await open({ maxKeys: 1 });
    const one = (await ring.create(SETTINGS)).key;
    await expect(ring.create(SETTINGS)).rejects.toMatchObject({
      code: 'LimitExceeded.User.AccessKey',
    });
    await ring.remove(one.accessKeyId);
    await ring.create(SETTINGS);
  });

  test('goes on with what was acknowledged after a write that failed half', async () => {
    const ring = await open();
    const kept = (await ring.create(SETTINGS)).key;
    values.onWrite = async (write) => {
      write();
      throw Object.assign(new Error('EIO'), { errno: -5 });
    };
    await expect(ring.create({ ...SETTINGS, name: 'lost' })).rejects.toThrow('EIO');
    await expect(ring.remove(kept.accessKeyId)).rejects.toThrow('EIO');
    expect(ring.list()).toEqual([kept]);
    values.onWrite = async (write) => write();
    await ring.update(kept.accessKeyId, { name: 'new' });
    expect((await open()).list()).toMatchObject([{ accessKeyId: kept.accessKeyId, name: 'new' }]);
    expect(told).toEqual([]);
  });
});

describe('damage', () => {
  test('of one key is told, and the others are served', async () => {
    const ring = await open();
    const bad = (await ring.create(SETTINGS)).key.accessKeyId;
    const good = (await ring.create(SETTINGS)).key.accessKeyId;
    values.damaged.add(`keys/key/${bad}`);
    const damaged = await open();
    expect(damaged.list().map(({ accessKeyId }) => accessKeyId)).toEqual([good]);
    expect(told).toEqual([
      'the access keys are not all, or not those, that were written last',
      `the access key ${bad} cannot be read`,
    ]);
    values.damaged.clear();
    await damaged.remove(bad);
    told = [];
    expect((await open()).size).toBe(1);
    expect(told).toEqual([]);
  });

  test('is a key that comes back, or whose rights somebody raised', async () => {
    const ring = await open();
    const { accessKeyId } = (await ring.create(SETTINGS)).key;
    const name = `keys/key/${accessKeyId}`;
    const text = values.texts.get(name) ?? '';
    await ring.remove(accessKeyId);
    values.texts.set(name, text);
    await open();
    expect(told).toHaveLength(1);
    values.texts.set(name, text.replace('"role":"read"', '"role":"admin"'));
    expect(await (await open()).find(accessKeyId)).toBeUndefined();
  });
});

describe('the master key', () => {
  test('of another time opens nothing, and says so', async () => {
    await (await open()).create(SETTINGS);
    const other = given(createMasterKey(randomBytes));
    await expect(open({ masterKeys: other })).rejects.toMatchObject({ code: 'MasterKey' });
    await expect(open({ masterKeys: other })).rejects.toThrow(fingerprintOf(MASTER_KEY));
  });

  test('changes for all keys in one step, or for none', async () => {
    const next: MasterKey[] = [];
    const masterKeys = new GivenMasterKey(MASTER_KEY, async (each) => void next.push(each));
    const ring = await open({ masterKeys });
    for (let key = 0; key < 3; key += 1) await ring.create(SETTINGS);
    const secrets = await secretsOf(ring);
    values.onWrite = async () => {
      throw new Error('killed before');
    };
    await expect(ring.rotateMasterKey()).rejects.toThrow('killed before');
    expect(await secretsOf(await open())).toEqual(secrets);
    values.onWrite = async (write) => write();
    await ring.rotateMasterKey();
    expect(await secretsOf(await open({ masterKeys: given(next[1]!) }))).toEqual(secrets);
    await expect(open()).rejects.toMatchObject({ code: 'MasterKey' });
    expect(told).toEqual([]);
  });
});

async function secretsOf(ring: KeyRing): Promise<readonly unknown[]> {
  const ids = ring.list().map(({ accessKeyId }) => accessKeyId);
  return Promise.all(ids.map(async (id) => (await ring.find(id))?.accessKeySecret));
}

describe('a sealed text', () => {
  test('opens in its context under its key alone, and is another one each time', () => {
    const sealed = sealText('hush', 'context', MASTER_KEY);
    expect(openText(sealed, 'context', MASTER_KEY)).toBe('hush');
    expect(openText(sealed, 'other', MASTER_KEY)).toBeUndefined();
    expect(openText(sealed, 'context', createMasterKey(randomBytes))).toBeUndefined();
    expect(openText('', 'context', MASTER_KEY)).toBeUndefined();
    expect(sealText('hush', 'context', MASTER_KEY)).not.toBe(sealed);
  });

  test('with any bit flipped opens nothing', () => {
    const bytes = Buffer.from(sealText('hush', 'context', MASTER_KEY), 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(openText(flipped.toString('base64'), 'context', MASTER_KEY)).toBeUndefined();
    }
  });
});
