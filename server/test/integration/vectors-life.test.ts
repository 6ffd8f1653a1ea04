import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { ApiError } from '@likeness/shared/errors';

import { createVectorEngine, type ScanEngine } from '../../src/vectors/create-vector-engine.ts';
import type { ScanJob } from '../../src/vectors/scan/scan-job.ts';
import { ScanPool } from '../../src/vectors/scan/scan-pool.ts';
import type { IndexOptions, IndexRow, VectorIndex } from '../../src/vectors/vector-index.ts';
import { createClusteredEngine } from '../support/clustered-engine.ts';
import { RandomRows } from '../support/random-rows.ts';

const SEED = 20_260_404;
const ROUNDS = process.env['LIKENESS_PROVE'] === undefined ? 60 : 1_500;
const PROVE_TIMEOUT_MS = 900_000;
const OPTIONS: IndexOptions = {
  dims: 40,
  calibration: [
    [-1, 0],
    [1, 1],
  ],
};

const engine = createVectorEngine({ workers: 2 });
const cellEngine = createClusteredEngine(300);
afterAll(async () => {
  await engine.close();
  await cellEngine.close();
});

/** What rows take, after places that searches had held back were freed a few at a time, down to `bytes`. */
async function settledBytes(of: ScanEngine, bytes: number): Promise<number> {
  for (let turns = 0; turns < 1_000 && of.allocatedBytes > bytes; turns += 1) await setImmediate();
  return of.allocatedBytes;
}

describe('searches beside writes', () => {
  const anchors = Array.from({ length: 20 }, (_, i) => `anchor${i}`);

  /** Rows that come and go, and anchors whose attributes alone change. */
  function fill(rows: RandomRows, index: VectorIndex): Map<string, IndexRow> {
    const current = new Map<string, IndexRow>();
    for (let i = 0; i < 3_000; i += 1) {
      const key = anchors[i] ?? `k${i}`;
      const row = { ...rows.row(), key, category: i % 2, attributes: { a: 1 } };
      index.put(row);
      current.set(key, row);
    }
    return current;
  }

  function write(rows: RandomRows, index: VectorIndex, current: Map<string, IndexRow>): void {
    const row = { ...rows.row(), key: `k${rows.random.below(3_500)}`, attributes: { a: 1 } };
    const anchor = current.get(rows.random.pick(anchors)) ?? row;
    if (rows.random.chance(0.4)) {
      index.remove(row.key);
      current.delete(row.key);
    } else if (rows.random.chance(0.5)) {
      index.put(row);
      current.set(row.key, row);
    } else {
      const changed = { ...anchor, revision: row.revision };
      index.setAttributes(anchor.key, { a: 1, b: row.revision }, row.revision);
      current.set(anchor.key, changed);
    }
  }

  test.each([
    { where: 'as they were written', engine },
    { where: 'in cells', engine: cellEngine },
  ])(
    `find no row that was removed or replaced, and miss none that stays, rows lying $where (seed ${SEED})`,
    async ({ engine }) => {
      const rows = new RandomRows(SEED, OPTIONS.dims);
      const index = engine.createIndex(OPTIONS);
      const current = fill(rows, index);
      const filter = { kind: 'compare', field: 'a', operator: '=', value: 1 } as const;
      const wrong: string[] = [];
      const search = async (key: string): Promise<void> => {
        const vector = current.get(key)?.vector ?? rows.vector();
        const query = { vector, filter, start: 0, num: 5, minScore: 0, distinct: false };
        const { hits } = await index.search({ ...query, pinnedKey: key });
        for (const hit of hits)
          if (current.get(hit.key)?.revision !== hit.revision) wrong.push(`stale ${hit.key}`);
        if (hits[0]?.key !== key) wrong.push(`missed ${key}`);
      };
      const list = async (): Promise<void> => {
        const { keys } = await index.list({ filter, start: 0, num: 30 });
        if (!anchors.every((anchor) => keys.some(({ key }) => key === anchor)))
          wrong.push('an anchor is not listed');
        for (const { key, revision } of keys)
          if (current.get(key)?.revision !== revision) wrong.push(`stale ${key} listed`);
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        const searches = [
          ...Array.from({ length: 6 }, async () => search(rows.random.pick(anchors))),
          list(),
        ];
        // Rows are moved meanwhile, where they are many enough.
        const settled = index.cells.settle();
        for (let i = 0; i < 15; i += 1) {
          for (let j = 0; j < 10; j += 1) write(rows, index, current);
          await setImmediate();
        }
        await Promise.all([settled, ...searches]);
      }
      expect(wrong).toEqual([]);
      expect(index.size).toBe(current.size);
      index.close();
    },
    PROVE_TIMEOUT_MS,
  );

  test('give memory back: a collection filled and emptied again and again takes no more of it', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const before = engine.allocatedBytes;
    const index = engine.createIndex(OPTIONS);
    const peaks: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const current = fill(rows, index);
      const query = { vector: rows.vector(), start: 0, num: 5, minScore: 0, distinct: true };
      const searches = [index.search(query), index.search(query)];
      peaks.push(engine.allocatedBytes - before);
      for (const key of current.keys()) index.remove(key);
      await Promise.all(searches);
      expect(await settledBytes(engine, before)).toBe(before);
    }
    expect(new Set(peaks).size).toBe(1);
    index.close();
  });

  test('list all rows, and find all by words, while these are moved into cells', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const index = cellEngine.createIndex(OPTIONS);
    for (let i = 0; i < 3_000; i += 1)
      index.put({ ...rows.row(), key: `k${i}`, category: i % 2, attributes: { word: 'zebra' } });
    const filter = { kind: 'compare', field: 'word', operator: '=', value: 'zebra' } as const;
    const page = { filter, start: 0, num: 9_999 };
    const before = await index.list(page);
    const moving = { isDone: false };
    const settled = index.cells.settle().finally(() => (moving.isDone = true));
    for (let rounds = 0; !moving.isDone || rounds === 0; rounds += 1) {
      expect(await index.list(page)).toEqual(before);
      const query = { words: [['zebra']], minScore: 0, distinct: false, ...page };
      const { hits, found } = await index.searchWords(query);
      expect([hits.length, found]).toEqual([3_000, 3_000]);
      await setTimeout(10);
    }
    await settled;
    index.close();
  });

  test('give memory back when rows that lie in cells are removed, or the index is closed while they are laid', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const before = cellEngine.allocatedBytes;
    for (let round = 0; round < 2; round += 1) {
      const index = cellEngine.createIndex(OPTIONS);
      const current = fill(rows, index);
      const settled = index.cells.settle();
      if (round === 0) await settled;
      else await setTimeout(20);
      if (round === 0) for (const key of current.keys()) index.remove(key);
      index.close();
      await settled;
      expect(await settledBytes(cellEngine, before)).toBe(before);
    }
  });

  test('stop when their caller goes, and reject when the index is closed', async () => {
    const rows = new RandomRows(SEED, OPTIONS.dims);
    const index = engine.createIndex(OPTIONS);
    fill(rows, index);
    const query = { vector: rows.vector(), start: 0, num: 5, minScore: 0, distinct: false };
    const leaving = new AbortController();
    const left = index.search(query, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const late = index.search(query);
    index.close();
    await expect(late).rejects.toThrow('closed');
    await expect(index.search(query)).rejects.toThrow('closed');
  });
});

/** A worker that does not scan but what the code says with each job; the job's control word counts tries. */
function workerThat(code: string, atStart = ''): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { readFile } from 'node:fs/promises';
      import { parentPort } from 'node:worker_threads';
      ${atStart}
      parentPort.on('message', ({ ticket, job }) => {
        const tries = Atomics.add(new Int32Array(job.rows.control), 1, 1);
        const answer = () => parentPort.postMessage({ kind: 'done', ticket, part: { kind: 'match', units: [] } });
        ${code}
      });`)}`,
  );
}

function job(): ScanJob {
  return {
    kind: 'match',
    rows: {
      stride: 32,
      chunks: new Float64Array(0),
      chunkRecordLength: 4,
      units: new Uint32Array(0),
      control: new SharedArrayBuffer(8),
      plan: undefined,
    },
  };
}

describe('the pool of scan workers', () => {
  test('replaces a worker that dies, and has its job done again', async () => {
    const workerUrl = workerThat('if (tries === 1) process.exit(); else answer();');
    const pool = new ScanPool({ workers: 2, workerUrl });
    await expect(pool.run(job(), 1)).resolves.toHaveLength(1);
    await expect(pool.run(job(), 2)).resolves.toHaveLength(2);
    await expect(pool.run(job(), 2)).resolves.toHaveLength(2);
    await pool.close();
    await expect(pool.run(job(), 1)).rejects.toThrow('closed');
  });

  test('fails a job that kills its workers, and goes on', async () => {
    const workerUrl = workerThat('if (job.rows.stride === 64) process.exit(); answer();');
    const pool = new ScanPool({ workers: 1, workerUrl });
    await pool.run(job(), 1);
    const deadly = { ...job(), rows: { ...job().rows, stride: 64 } };
    await expect(pool.run(deadly, 1)).rejects.toThrow('a scan worker ended');
    await expect(pool.run(job(), 1)).resolves.toHaveLength(1);
    await pool.close();
  });

  test('is unavailable while workers cannot start, and is there again once one can', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'likeness-pool-'));
    const path = join(folder, 'may-start');
    const workerUrl = workerThat('answer();', `await readFile(${JSON.stringify(path)});`);
    const lost: unknown[] = [];
    const onLost = (cause: unknown): void => void lost.push(cause);
    const pool = new ScanPool({ workers: 1, workerUrl, restartDelayMs: 10, onLost });
    const attempt = async (): Promise<unknown> =>
      pool.run(job(), 1).catch((error: unknown) => (ApiError.is(error) ? error.code : 'died'));
    const attemptUntil = async (isDone: (outcome: unknown) => boolean): Promise<void> => {
      for (let outcome = await attempt(); !isDone(outcome); outcome = await attempt())
        await setTimeout(5);
    };
    await attemptUntil((outcome) => outcome === 'ServiceUnavailable');
    expect(lost.length).toBeGreaterThanOrEqual(3);
    await writeFile(path, '');
    await attemptUntil(Array.isArray);
    await pool.close();
    await rm(folder, { recursive: true });
  });
});
