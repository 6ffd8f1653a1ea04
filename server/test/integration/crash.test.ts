import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import { describe, expect, test } from '@jest/globals';

import type { StoredImage } from '../../src/catalog/catalog.ts';
import { openStoredCatalog, withFolder, type StoredCatalog } from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const WRITER = fileURLToPath(new URL('../support/crash-writer.mjs', import.meta.url));
const SEED = 20_261_121;
const ROUNDS = process.env['LIKENESS_PROVE'] === undefined ? 5 : 100;
/** A process writes this long at most … */
const MAX_WRITING_MS = 600;
/** … and every fifth is killed this long after its birth, which may be before it can write. */
const MAX_LIFE_MS = 500;

interface Write {
  readonly id: string;
  readonly kind: 'add' | 'update' | 'remove' | 'remove-product';
  readonly productId: string;
  readonly picName: string;
  readonly number: number;
}

type Line =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begin'; readonly write: Write }
  | { readonly kind: 'end' | 'refused'; readonly id: string }
  | { readonly kind: 'error' | 'damage'; readonly message?: string };

/** Pictures by key: what they carry. */
type Shelf = ReadonlyMap<string, { readonly customContent: string; readonly number: number }>;

/** Runs a writer for a while, kills it, and says what it told until then. */
async function runUntilKilled(folder: string, round: number): Promise<Line[]> {
  const child = spawn(process.execPath, [WRITER, folder, String(SEED + round), String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => {
    reader.on('line', (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line.kind === 'ready') resolve();
    });
    reader.on('close', resolve);
  });
  const closed = once(reader, 'close');
  if (round % 5 !== 0) await ready;
  // Any fixed pattern that meets every moment will do.
  await setTimeout((round * 7_919) % (round % 5 === 0 ? MAX_LIFE_MS : MAX_WRITING_MS));
  child.kill('SIGKILL');
  await closed;
  return lines;
}

function apply(shelf: Shelf, { id, kind, productId, picName, number }: Write): Shelf {
  const key = `${productId}/${picName}`;
  const next = new Map(shelf);
  if (kind === 'add' || (kind === 'update' && next.has(key))) {
    next.set(key, { customContent: id, number });
  }
  if (kind === 'remove') next.delete(key);
  if (kind === 'remove-product') {
    for (const other of next.keys()) if (other.startsWith(`${productId}/`)) next.delete(other);
  }
  return next;
}

/** Applies what was acknowledged, and of the rest what turned out to be there: wholly, or not at all. */
function settle(before: Shelf, lines: readonly Line[], found: Shelf): Shelf {
  const ended = new Set(lines.flatMap((line) => (line.kind === 'end' ? [line.id] : [])));
  const refused = new Set(lines.flatMap((line) => (line.kind === 'refused' ? [line.id] : [])));
  const writes = lines.flatMap((line) => (line.kind === 'begin' ? [line.write] : []));
  let shelf = before;
  for (const write of writes.filter(({ id }) => ended.has(id))) shelf = apply(shelf, write);
  for (const write of writes.filter(({ id }) => !ended.has(id) && !refused.has(id))) {
    const applied = apply(shelf, write);
    const own = (of: Shelf): unknown =>
      [...of].filter(([key]) => key.startsWith(`${write.productId}/`)).toSorted(byKey);
    if (isDeepStrictEqual(own(found), own(applied))) shelf = applied;
  }
  return shelf;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
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

describe('a process killed while four clients write', () => {
  test(
    'loses no acknowledged write, and leaves the others whole or absent',
    () =>
      withFolder(async (folder) => {
        let shelf: Shelf = new Map();
        let acknowledged = 0;
        for (let round = 1; round <= ROUNDS; round += 1) {
          const lines = await runUntilKilled(folder, round);
          expect(lines.filter(({ kind }) => kind === 'error' || kind === 'damage')).toEqual([]);
          acknowledged += lines.filter(({ kind }) => kind === 'end').length;
          const stored = await openStoredCatalog(folder);
          const found = await readShelf(stored);
          shelf = settle(shelf, lines, found);
          expect([round, found]).toEqual([round, shelf]);
          await expectObjects(stored);
          expect([stored.damage, stored.errors]).toEqual([[], []]);
          await stored.close();
        }
        console.log(`${ROUNDS} kills, ${acknowledged} acknowledged writes, 0 lost`);
        expect(acknowledged).toBeGreaterThan(0);
      }),
    ROUNDS * 10_000,
  );
});
