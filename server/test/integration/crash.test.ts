import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';

import type { StoredImage } from '../../src/catalog/catalog.ts';
import { openStoredCatalog, withFolder, type StoredCatalog } from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';
import { findWrong, type HistoryLine, type Shelf } from '../support/write-history.ts';

const WRITER = fileURLToPath(new URL('../support/crash-writer.mjs', import.meta.url));
const SEED = Number(process.env['LIKENESS_SEED'] ?? 20_261_121);
const ROUNDS = process.env['LIKENESS_PROVE'] === undefined ? 5 : 100;
/** A process writes this long at most … */
const MAX_WRITING_MS = 600;
/** … and every fifth is killed this long after its birth, which may be before it can write. */
const MAX_LIFE_MS = 500;

/** Makes system calls of a real process fail; skipped where it is missing or not allowed. */
const STRACE = 'strace';
const FAULT_ROUNDS = process.env['LIKENESS_PROVE'] === undefined ? 1 : 20;
/** Long enough to fail, to rest, to reopen the store and to write on. */
const FAULT_LIFE_MS = 3_000;

/** How a writer is run, and how long. */
interface Life {
  readonly under: readonly string[];
  readonly ms: number;
  /** Counted from when it can write, or from its birth. */
  readonly fromReady: boolean;
}

/** Runs a writer for a while, kills it, and says what it told until then. */
async function runUntilKilled(folder: string, round: number, life: Life): Promise<HistoryLine[]> {
  const writer = [process.execPath, WRITER, folder, String(SEED + round), String(round)];
  const [command = '', ...args] = [...life.under, ...writer];
  // A group of its own, so that what runs the writer is killed with it.
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const lines: HistoryLine[] = [];
  const reader = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => {
    reader.on('line', (text) => {
      const line = JSON.parse(text) as HistoryLine;
      lines.push(line);
      if (line.kind === 'ready') resolve();
    });
    reader.on('close', resolve);
  });
  const closed = once(reader, 'close');
  if (life.fromReady) await ready;
  await setTimeout(life.ms);
  killGroup(child.pid);
  await closed;
  return lines;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It died by itself; what it told says why.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function readShelf({ catalog }: StoredCatalog): Promise<Shelf> {
  const info = catalog.listCollections('instance')[0];
  if (info === undefined) return new Map();
  const { images, found } = await catalog.list(info, { start: 0, num: 1_000 });
  expect(found).toBe(images.length);
  expect(info.images).toBe(images.length);
  const picture = tellPicture({ vector: [1, 0, 0, 0] });
  const { hits } = await catalog.search(info, {
    query: { kind: 'picture', picture, crop: true },
    start: 0,
    num: 1_000,
    minScore: 0,
    distinct: false,
  });
  expect(hits.map(nameOf)).toEqual(images.map(nameOf));
  return new Map(
    images.map((image) => [
      nameOf(image),
      { customContent: image.customContent, number: Number(image.attributes['int_attr']) },
    ]),
  );
}

function nameOf({ productId, picName }: StoredImage): string {
  return `${productId}/${picName}`;
}

/** Every kept picture is whole, and nothing else is kept. */
async function expectObjects({ catalog, records, objects }: StoredCatalog): Promise<void> {
  await catalog.maintain();
  const kept = new Set<string>();
  for (const { id } of catalog.listCollections('instance')) {
    for await (const step of records.scan(id)) {
      if (step.kind === 'image') kept.add(step.record.objectHash ?? '');
    }
  }
  const found: string[] = [];
  for await (const hash of objects.list()) found.push(hash);
  expect(found.toSorted()).toEqual([...kept].toSorted());
  for (const hash of kept) expect(await objects.get(hash)).toBeDefined();
}

/** Kills a writer again and again, and compares what is there after each start. */
async function killAgainAndAgain(
  rounds: number,
  lifeOf: (round: number) => Life,
): Promise<{ readonly acknowledged: number; readonly failed: number }> {
  let acknowledged = 0;
  let failed = 0;
  await withFolder(async (folder) => {
    let shelf: Shelf = new Map();
    for (let round = 1; round <= rounds; round += 1) {
      const lines = await runUntilKilled(folder, round, lifeOf(round));
      acknowledged += lines.filter(({ kind }) => kind === 'end').length;
      failed += lines.filter(({ kind }) => kind === 'error').length;
      expect(lines.filter(({ kind }) => kind === 'damage')).toEqual([]);
      const stored = await openStoredCatalog(folder);
      const found = await readShelf(stored);
      expect([round, findWrong(shelf, lines, found)]).toEqual([round, []]);
      shelf = found;
      await expectObjects(stored);
      expect([round, stored.damage, stored.errors]).toEqual([round, [], []]);
      await stored.close();
    }
  });
  return { acknowledged, failed };
}

describe('a process killed while four clients write', () => {
  test(
    'loses no acknowledged write, and leaves the others whole or absent',
    async () => {
      // Any fixed pattern that meets every moment will do; every fifth may not get to write.
      const { acknowledged, failed } = await killAgainAndAgain(ROUNDS, (round) => ({
        under: [],
        ms: (round * 7_919) % (round % 5 === 0 ? MAX_LIFE_MS : MAX_WRITING_MS),
        fromReady: round % 5 !== 0,
      }));
      console.log(`seed ${SEED}: ${ROUNDS} kills, ${acknowledged} acknowledged writes, 0 lost`);
      expect(acknowledged).toBeGreaterThan(0);
      expect(failed).toBe(0);
    },
    ROUNDS * 10_000,
  );

  const canTrace =
    spawnSync(STRACE, ['-qq', '-o', '/dev/null', process.execPath, '-v']).status === 0;
  const testWithStrace = canTrace ? test : test.skip;
  testWithStrace.each(['fdatasync', 'fsync', 'rename'])(
    'loses none either when %s fails and it goes on writing',
    async (call) => {
      const { acknowledged, failed } = await killAgainAndAgain(FAULT_ROUNDS, (round) => {
        const inject = `inject=${call}:error=EIO:when=${5 + ((round * 13) % 20)}`;
        const under = [STRACE, '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject];
        return { under, ms: FAULT_LIFE_MS, fromReady: true };
      });
      console.log(`${call}: ${failed} failed writes, ${acknowledged} acknowledged, 0 lost`);
      expect(acknowledged).toBeGreaterThan(0);
    },
    FAULT_ROUNDS * 20_000,
  );
});
