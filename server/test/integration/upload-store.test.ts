import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ApiError } from '@likeness/shared/errors';

import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { ownerOf, type UploadName } from '../../src/uploads/upload-address.ts';
import { UploadStore } from '../../src/uploads/upload-store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MAX_BYTES = 1000;
const TEXT = 'the bytes of a picture';
const PICTURE = Buffer.from(TEXT);

let folder: string;
let nowMs: number;
let store: UploadStore;
let errors: unknown[];
let isDiskFull: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-uploads-'));
  nowMs = 1_763_744_400_000;
  errors = [];
  isDiskFull = false;
  store = await open();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
  expect(errors).toEqual([]);
});

function open(options: { maxBytes?: number; disk?: Disk } = {}): Promise<UploadStore> {
  return UploadStore.open({
    folder,
    disk: nodeDisk,
    maxBytes: 10_000,
    guardWrite: async (task) => {
      if (isDiskFull) throw new ApiError('InsufficientStorage');
      return task();
    },
    now: () => nowMs,
    onError: (error) => errors.push(error),
    ...options,
  });
}

/** Another process over the same folder, after this one ended without a word. */
async function restart(options: { maxBytes?: number } = {}): Promise<void> {
  await store.close();
  store = await open(options);
}

let names = 0;
function nameFor(key: string): UploadName {
  names += 1;
  return { owner: ownerOf(key), id: names.toString(16).padStart(32, '0') };
}

async function put(name: UploadName, bytes: Uint8Array = PICTURE): Promise<void> {
  const writer = await store.begin({ name, accessKeyId: 'k', maxBytes: MAX_BYTES });
  try {
    await writer.write(bytes.subarray(0, 5));
    await writer.write(bytes.subarray(5));
    await writer.commit();
  } finally {
    await writer.abort();
  }
}

const read = async (name: UploadName): Promise<string | undefined> => {
  const bytes = await store.read(name);
  return bytes && Buffer.from(bytes).toString();
};
const files = (): Promise<readonly string[]> => readdir(folder);

test('an upload is there for its owner once it is whole', async () => {
  const name = nameFor('a');
  const writer = await store.begin({ name, accessKeyId: 'a', maxBytes: MAX_BYTES });
  await writer.write(PICTURE);
  expect(store.sizeOf(name)).toBeUndefined();
  expect(await read(name)).toBeUndefined();
  await writer.commit();
  await writer.abort();
  expect(store.sizeOf(name)).toBe(PICTURE.length);
  expect(await read(name)).toBe(TEXT);
  expect(await read({ ...name, owner: ownerOf('b') })).toBeUndefined();
  expect(store.load).toEqual({ objects: 1, bytes: PICTURE.length, refused: 0 });
});

test('what is not used goes an hour after it was uploaded, and is not found from then on', async () => {
  const name = nameFor('a');
  await put(name);
  nowMs += HOUR_MS - 1;
  await store.sweep();
  expect(await read(name)).toBe(TEXT);
  nowMs += 1;
  expect(await read(name)).toBeUndefined();
  await store.sweep();
  expect(await files()).toEqual([]);
  expect(store.load).toMatchObject({ objects: 0, bytes: 0 });
});

test('what was used goes ten minutes after its first use, however often it is used', async () => {
  const name = nameFor('a');
  await put(name);
  nowMs += MINUTE_MS;
  await store.noteUsed(name);
  nowMs += 9 * MINUTE_MS;
  await Promise.all([store.noteUsed(name), store.noteUsed(name)]);
  expect(await read(name)).toBe(TEXT);
  nowMs += MINUTE_MS;
  await store.sweep();
  expect(await files()).toEqual([]);
});

test('a sweep comes by itself', async () => {
  await store.close();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  try {
    store = await open();
    await put(nameFor('a'));
    nowMs += HOUR_MS;
    jest.advanceTimersByTime(15_000);
    await store.close();
  } finally {
    jest.useRealTimers();
  }
  expect(await files()).toEqual([]);
});

test('a use never puts off when it goes', async () => {
  const name = nameFor('a');
  await put(name);
  nowMs += 59 * MINUTE_MS;
  await store.noteUsed(name);
  nowMs += MINUTE_MS;
  await store.sweep();
  expect(await files()).toEqual([]);
});

test('a restart knows what is there, what was used, and what has had its time', async () => {
  const [unused, used, late] = [nameFor('a'), nameFor('a'), nameFor('b')];
  await put(unused);
  await put(used);
  await store.noteUsed(used);
  await restart();
  expect(store.load).toMatchObject({ objects: 2, bytes: 2 * PICTURE.length });
  expect([await read(unused), await read(used)]).toEqual([TEXT, TEXT]);
  await expect(put(unused)).rejects.toMatchObject({ code: 'FileAlreadyExists' });
  await put(late);
  nowMs += 10 * MINUTE_MS;
  await restart();
  expect(await read(used)).toBeUndefined();
  expect(await files()).toHaveLength(2);
  nowMs += HOUR_MS;
  await restart();
  expect(await files()).toEqual([]);
});

test('a start removes what did not arrive whole, and what has no name of ours', async () => {
  await store.begin({ name: nameFor('a'), accessKeyId: 'a', maxBytes: MAX_BYTES });
  await writeFile(join(folder, 'notes.txt'), 'x');
  expect(await files()).toHaveLength(2);
  await restart();
  expect(await files()).toEqual([]);
});

test('a clock that was set back keeps nothing for longer', async () => {
  await put(nameFor('a'));
  nowMs -= 365 * 24 * HOUR_MS;
  await store.sweep();
  expect(await files()).toEqual([]);
});

describe('a ticket takes one upload', () => {
  test('while it arrives, and once it is there', async () => {
    const name = nameFor('a');
    const permit = { name, accessKeyId: 'a', maxBytes: MAX_BYTES };
    const writer = await store.begin(permit);
    await expect(store.begin(permit)).rejects.toMatchObject({ code: 'FileAlreadyExists' });
    await writer.write(PICTURE);
    await writer.commit();
    await expect(store.begin(permit)).rejects.toMatchObject({ code: 'FileAlreadyExists' });
  });

  test('also when it made room for others', async () => {
    await restart({ maxBytes: 4 * MAX_BYTES });
    const first = nameFor('a');
    await put(first, Buffer.alloc(MAX_BYTES));
    await store.noteUsed(first);
    for (const key of ['b', 'c', 'd', 'e']) await put(nameFor(key), Buffer.alloc(MAX_BYTES));
    expect(await read(first)).toBeUndefined();
    await expect(put(first)).rejects.toMatchObject({ code: 'FileAlreadyExists' });
  });

  test('and a failed one may be tried again', async () => {
    const name = nameFor('a');
    await expect(put(name, Buffer.alloc(MAX_BYTES + 1))).rejects.toMatchObject({
      code: 'EntityTooLarge',
    });
    await expect(put(name, Buffer.alloc(0))).rejects.toMatchObject({ code: 'EntityTooSmall' });
    isDiskFull = true;
    await expect(put(name)).rejects.toMatchObject({ code: 'InsufficientStorage' });
    isDiskFull = false;
    expect(await files()).toEqual([]);
    expect(store.load).toEqual({ objects: 0, bytes: 0, refused: 0 });
    await put(name);
    expect(await read(name)).toBe(TEXT);
  });
});

describe('room', () => {
  test('is bounded: what was used makes way, what was not is kept', async () => {
    await restart({ maxBytes: 8 * MAX_BYTES });
    const own = Array.from('abcdefgh', (key) => nameFor(key));
    for (const name of own) await put(name, Buffer.alloc(MAX_BYTES));
    await expect(put(nameFor('i'))).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      retryAfterMs: expect.any(Number),
    });
    for (const name of [own[3]!, own[1]!]) await store.noteUsed(name);
    await put(nameFor('i'), Buffer.alloc(MAX_BYTES));
    const left = await Promise.all(own.map(async (name) => (await store.read(name)) !== undefined));
    expect(left).toEqual([true, true, true, false, true, true, true, true]);
    expect(store.load).toEqual({ objects: 8, bytes: 8 * MAX_BYTES, refused: 1 });
  });

  test('is shared: one key fills a quarter of it with what it does not use', async () => {
    await restart({ maxBytes: 8 * MAX_BYTES });
    const own = [nameFor('a'), nameFor('a')];
    for (const name of own) await put(name, Buffer.alloc(MAX_BYTES));
    await expect(put(nameFor('a'))).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    await put(nameFor('b'));
    await store.noteUsed(own[0]!);
    await put(nameFor('a'));
  });
});

test('reads, uses and sweeps at once leave every upload whole', async () => {
  await restart({ maxBytes: 1_000_000 });
  const own = Array.from({ length: 40 }, () => nameFor('a'));
  await Promise.all(own.map((name) => put(name)));
  const seen = await Promise.all(
    own.flatMap((name, i) => [
      read(name),
      store.noteUsed(name).then(() => undefined),
      read(name),
      ...(i % 2 === 0 ? [store.sweep().then(() => undefined)] : []),
    ]),
  );
  expect(new Set(seen)).toEqual(new Set([undefined, TEXT]));
  expect(seen.filter((each) => each !== undefined)).toHaveLength(80);
  for (const file of await files()) {
    expect(file).toMatch(/-used$/u);
    expect(await readFile(join(folder, file))).toEqual(PICTURE);
  }
});

test('what the disk does not let go is told, and tried again', async () => {
  await store.close();
  let isStuck = true;
  const remove: Disk['remove'] = async (path) => {
    if (isStuck) throw new Error('stuck');
    return nodeDisk.remove(path);
  };
  store = await open({ disk: { ...nodeDisk, remove } });
  await put(nameFor('a'));
  nowMs += HOUR_MS;
  await store.sweep();
  expect(errors.splice(0)).toEqual([expect.objectContaining({ message: 'stuck' })]);
  isStuck = false;
  await store.sweep();
  expect(await files()).toEqual([]);
});
