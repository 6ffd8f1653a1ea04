import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { AuditEvent } from '../../src/log/audit-log.ts';
import { AUDIT_FILE, FileAuditLog } from '../../src/log/file-audit-log.ts';

const EVENT: AuditEvent = { kind: 'administration', action: 'ClearInstance', key: 'LK1' };
const DENIED: AuditEvent = { kind: 'denied', action: 'AddImage', key: 'LK1', code: 'NoPermission' };

let parent: string;
let folder: string;
let nowMs: number;
let told: unknown[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'likeness-audit-'));
  folder = join(parent, 'audit');
  nowMs = Date.parse('2026-11-21T08:00:00Z');
  told = [];
});
afterEach(() => rm(parent, { recursive: true }));

function open(maxMegabytes = 100): FileAuditLog {
  return new FileAuditLog({
    folder,
    maxMegabytes,
    now: () => nowMs,
    onUnwritable: (error) => void told.push(error),
  });
}

async function linesOf(file = join(folder, AUDIT_FILE)): Promise<readonly unknown[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('the audit log', () => {
  test('adds lines to those of earlier starts, for its owner alone', async () => {
    for (const action of ['ClearInstance', 'DeleteInstance']) {
      const log = open();
      log.note({ ...EVENT, action, parameters: { InstanceName: 'shoes' }, result: { removed: 3 } });
      await log.close();
    }
    expect(await linesOf()).toEqual(
      ['ClearInstance', 'DeleteInstance'].map((action) => ({
        time: '2026-11-21T08:00:00.000Z',
        kind: 'administration',
        action,
        key: 'LK1',
        parameters: { InstanceName: 'shoes' },
        result: { removed: 3 },
      })),
    );
    expect((await stat(join(folder, AUDIT_FILE))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('counts a denial that comes again, and every id that somebody made up as one', async () => {
    const log = open();
    for (let again = 0; again < 100; again += 1) log.note(DENIED);
    for (const code of ['InvalidAccessKeyId.NotFound', 'InvalidTimeStamp.Expired']) {
      for (let id = 0; id < 100; id += 1) log.note({ ...DENIED, code, key: `made-up-${id}` });
    }
    nowMs += 60_000;
    log.note(DENIED);
    await log.close();
    expect(await linesOf()).toMatchObject([
      { code: 'NoPermission' },
      { code: 'InvalidAccessKeyId.NotFound', key: 'made-up-0' },
      { code: 'InvalidTimeStamp.Expired', key: 'made-up-0' },
      { code: 'NoPermission', repeated: 99 },
    ]);
  });

  test('is rotated by size, and takes no more than it may', async () => {
    const log = open(1);
    const parameters = { Filter: 'x'.repeat(10_000) };
    for (let line = 0; line < 600; line += 1) {
      log.note({ ...EVENT, parameters });
      // Gives the disk its turns, as requests do.
      if (line % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await log.close();
    const names = (await readdir(folder)).filter((name) => name.endsWith(AUDIT_FILE));
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(names).toHaveLength(10);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1.1 * 1024 ** 2);
    expect(told).toEqual([]);
  });

  test('that cannot be written is told once, fails nothing, and counts what it lost', async () => {
    await writeFile(folder, 'in the way');
    const log = open();
    for (let line = 0; line < 3; line += 1) log.note(EVENT);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toHaveLength(1);
    await rm(folder);
    nowMs += 5_000;
    log.note(EVENT);
    nowMs += 10_000;
    log.note(EVENT);
    await log.close();
    expect(await linesOf()).toMatchObject([{ action: 'ClearInstance', lostBefore: 4 }]);
    expect(told).toHaveLength(1);
  });

  test('that is lost while it is open is told', async () => {
    await mkdir(join(folder, AUDIT_FILE), { recursive: true });
    const log = open();
    log.note(EVENT);
    await log.close();
    expect(told).toHaveLength(1);
  });
});
