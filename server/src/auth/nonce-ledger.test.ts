import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { NonceLedger, NONCE_KEPT_MS, type NonceLedgerOptions } from './nonce-ledger.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-21T04:00:00Z');

let folder: string;
let nowMs: number;
let complaints: unknown[];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'likeness-nonces-')), 'nonces');
  nowMs = START_MS;
  complaints = [];
});
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true });
});

function open(options: Partial<NonceLedgerOptions> = {}): Promise<NonceLedger> {
  return NonceLedger.open({
    folder,
    now: () => nowMs,
    bootId: 'boot-1',
    mayHavePredecessor: true,
    onUnwritable: (reason) => complaints.push(reason),
    ...options,
  });
}

/** A ledger that has used `nonce`, and whose process was then killed. */
async function killedAfter(nonce: string): Promise<void> {
  const ledger = await open({ mayHavePredecessor: false });
  expect(await ledger.use('key', nonce)).toBe('fresh');
}

async function sliceFile(): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.endsWith('.nonces'));
  return join(folder, name ?? 'none');
}

describe('a nonce ledger', () => {
  test('lets each nonce of each key through once', async () => {
    const ledger = await open();
    expect(await ledger.use('a', 'n')).toBe('fresh');
    expect(await ledger.use('b', 'n')).toBe('fresh');
    expect(await ledger.use('a', 'n')).toBe('used');
  });

  test('lets one of a hundred at the same moment through', async () => {
    const ledger = await open();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => ledger.use('a', 'n')));
    expect(outcomes.filter((each) => each === 'fresh')).toHaveLength(1);
  });

  test('keeps a nonce for 30 minutes at least, and drops it and its file within 10 more', async () => {
    const ledger = await open();
    nowMs = START_MS + 4.9 * MINUTE_MS;
    await ledger.use('a', 'n');
    const file = await sliceFile();
    nowMs += NONCE_KEPT_MS;
    expect(await ledger.use('a', 'n')).toBe('used');
    nowMs += 10 * MINUTE_MS;
    expect(await ledger.use('a', 'n')).toBe('fresh');
    await ledger.close();
    expect(existsSync(file)).toBe(false);
  });

  test('refuses a key at its bound and drops none of its nonces', async () => {
    const ledger = await open({ maxPerKey: 3 });
    for (const nonce of ['1', '2', '3']) expect(await ledger.use('a', nonce)).toBe('fresh');
    expect(await ledger.use('a', '4')).toBe('full');
    expect(await ledger.use('a', '1')).toBe('used');
    expect(await ledger.use('b', '4')).toBe('fresh');
    nowMs += NONCE_KEPT_MS + 10 * MINUTE_MS;
    expect(await ledger.use('a', '4')).toBe('fresh');
  });

  test('does not forget when the clock is set back', async () => {
    const ledger = await open();
    await ledger.use('a', 'n');
    nowMs -= 60 * MINUTE_MS;
    expect(await ledger.use('a', 'n')).toBe('used');
    expect(await ledger.use('a', 'm')).toBe('fresh');
  });
});

describe('the next process', () => {
  test('knows every nonce after a kill, and refuses nothing older', async () => {
    await killedAfter('n');
    const ledger = await open();
    expect(ledger.refusesBeforeMs).toBeUndefined();
    expect(await ledger.use('key', 'n')).toBe('used');
  });

  test('counts them against the bound', async () => {
    await killedAfter('n');
    const ledger = await open({ maxPerKey: 1 });
    expect(await ledger.use('key', 'm')).toBe('full');
  });

  test('trusts a ledger that was closed, also after a restart of the machine', async () => {
    const first = await open({ mayHavePredecessor: false });
    await first.use('key', 'n');
    await first.close();
    const ledger = await open({ bootId: 'boot-2' });
    expect(ledger.refusesBeforeMs).toBeUndefined();
    expect(await ledger.use('key', 'n')).toBe('used');
  });

  test.each<[string, () => Promise<void>]>([
    ['is lost', () => rm(folder, { recursive: true })],
    ['has lost its state', () => rm(join(folder, 'state.json'))],
    ['has a damaged state', () => writeFile(join(folder, 'state.json'), '{')],
    ['has a torn record', async () => appendFile(await sliceFile(), 'torn')],
    ['was cut within a record', async () => truncate(await sliceFile(), 5)],
    [
      'has a flipped bit',
      async () => {
        const bytes = await readFile(await sliceFile());
        bytes[9]! ^= 1;
        await writeFile(await sliceFile(), bytes);
      },
    ],
    ['has lost a file', async () => rm(await sliceFile())],
  ])('refuses what is dated before its start when the ledger %s', async (_how, damage) => {
    await killedAfter('n');
    await damage();
    nowMs += MINUTE_MS;
    expect((await open()).refusesBeforeMs).toBe(START_MS + MINUTE_MS);
    // And so does the one after it, although its own ledger is whole.
    nowMs += MINUTE_MS;
    const third = await open();
    expect(third.refusesBeforeMs).toBe(START_MS + MINUTE_MS);
  });

  test.each([['boot-2'], [undefined]])(
    'refuses it after the machine restarted without a close (boot id %s)',
    async (bootId) => {
      await killedAfter('n');
      nowMs += MINUTE_MS;
      expect((await open({ bootId })).refusesBeforeMs).toBe(nowMs);
    },
  );

  test('refuses nothing where no key was ever used', async () => {
    expect((await open({ mayHavePredecessor: false })).refusesBeforeMs).toBeUndefined();
  });
});

describe('a ledger that cannot be written', () => {
  test('lives in memory when its folder cannot be made', async () => {
    await writeFile(folder, 'a file where the folder should be');
    const ledger = await open({ mayHavePredecessor: false });
    expect(complaints).toHaveLength(1);
    expect(await ledger.use('a', 'n')).toBe('fresh');
    expect(await ledger.use('a', 'n')).toBe('used');
    await ledger.close();
  });

  test('lives in memory from the first failed write on, and is doubted by the next process', async () => {
    const ledger = await open({ mayHavePredecessor: false });
    const slice = Number(/(\d+)\.nonces$/u.exec(await sliceFile())?.[1]);
    // Every write to the next file fails as on a full disk.
    await symlink('/dev/full', join(folder, `${slice + 1}.nonces`));
    nowMs += 5 * MINUTE_MS;
    expect(await ledger.use('a', 'n')).toBe('fresh');
    expect(complaints).toMatchObject([{ code: 'ENOSPC' }]);
    expect(await ledger.use('a', 'n')).toBe('used');
    await ledger.close();
    await rm(join(folder, `${slice + 1}.nonces`));
    nowMs += MINUTE_MS;
    expect((await open()).refusesBeforeMs).toBe(nowMs);
  });

  test('keeps its files to their owner', async () => {
    await killedAfter('n');
    expect((await stat(await sliceFile())).mode & 0o777).toBe(0o600);
  });
});
