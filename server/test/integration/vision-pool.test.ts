import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  WorkerPool,
  type PoolOptions,
  type WorkerLost,
} from '../../src/vision/pool/worker-pool.ts';
import type { Priority } from '../../src/vision/vision.ts';

/** A worker that does to itself what it is told to. */
const WORKER = `
import { Socket } from 'node:net';
import { encodeFrame, FrameReader } from '${new URL('../../dist/processes/frames.js', import.meta.url).href}';
const pipe = new Socket({ fd: 3, readable: true, writable: true });
const send = (head, body = new Uint8Array()) => encodeFrame({ head, body }).forEach((chunk) => pipe.write(chunk));
const reader = new FrameReader();
const hoard = [];
const deeds = {
  echo: (head, body) => send(head, body),
  pid: () => send(process.pid),
  environment: () => send(Object.keys(process.env)),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  fault: () => process.kill(process.pid, 'SIGSEGV'),
  exit: () => process.exit(3),
  spin: () => { for (;;); },
  hang: () => {},
  gibberish: () => pipe.write(Buffer.alloc(64, 255)),
  slow: (head, body) => setTimeout(() => send(head, body), head.ms),
  keep: () => { hoard.push(Buffer.alloc(400 * 1024 * 1024, 1)); send(process.pid); },
  eat: () => setInterval(() => hoard.push(Buffer.alloc(32 * 1024 * 1024, 1)), 20),
};
pipe.on('data', (chunk) => {
  for (const { head, body } of reader.push(chunk)) deeds[head.deed](head, Buffer.from(body));
});
pipe.on('end', () => process.exit(0));
if (process.argv[2] === 'broken') process.exit(1);
send('ready');
`;
/** A pool in a process that has no file handle left when its worker dies, and has some a second later. */
const STARVING = `
import { openSync, closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WorkerPool } from '${new URL('../../dist/vision/pool/worker-pool.js', import.meta.url).href}';
const limits = { maxQueue: 16, targetMs: 60_000, maxWaitMs: 60_000, jobTimeoutMs: 20_000 };
const times = { startTimeoutMs: 20_000, closeTimeoutMs: 2000, maxWorkerBytes: 2 ** 40 };
const lost = [];
const onLost = ({ reason }) => lost.push(reason);
const script = pathToFileURL(process.argv[2]);
const pool = await WorkerPool.open({ script, args: [], workers: 1, onLost, ...limits, ...times });
const ask = (deed) => pool.run({ head: { deed }, body: new Uint8Array() });
const pid = (await ask('pid')).head;
const handles = [];
try { for (;;) handles.push(openSync('/dev/null')); } catch {}
process.kill(pid, 'SIGKILL');
while (lost.length < 2) await sleep(10);
for (const handle of handles) closeSync(handle);
const answer = await ask('echo');
process.stdout.write(JSON.stringify({ lost, answer: answer.head }));
await pool.close();
`;
const NOTHING = new Uint8Array();

let script: URL;
let pool: WorkerPool | undefined;
let lost: WorkerLost[] = [];

async function openPool(options: Partial<PoolOptions> = {}): Promise<WorkerPool> {
  lost = [];
  pool = await WorkerPool.open({
    script,
    args: [],
    workers: 2,
    maxQueue: 16,
    targetMs: 60_000,
    maxWaitMs: 60_000,
    jobTimeoutMs: 20_000,
    startTimeoutMs: 20_000,
    closeTimeoutMs: 2000,
    maxWorkerBytes: 2 ** 40,
    onLost: (event) => lost.push(event),
    ...options,
  });
  return pool;
}

function ask(workers: WorkerPool, deed: string, more: object = {}): Promise<unknown> {
  return workers.run({ head: { deed, ...more }, body: NOTHING }).then(({ head }) => head);
}

describe('WorkerPool', () => {
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'likeness-pool-'));
    script = pathToFileURL(join(folder, 'worker.mjs'));
    await writeFile(script, WORKER);
  });
  afterEach(() => pool?.close());
  afterAll(() => pool?.close());

  test('outlives a worker that cannot be replaced for want of file handles', async () => {
    const starving = join(dirname(fileURLToPath(script)), 'starving.mjs');
    await writeFile(starving, STARVING);
    const few = `ulimit -n 64; exec "$0" "$@"`;
    const args = [process.execPath, starving, fileURLToPath(script)];
    const { stdout } = await promisify(execFile)('sh', ['-c', few, ...args]);
    expect(JSON.parse(stdout)).toEqual({
      lost: ['SIGKILL', expect.stringContaining('EMFILE')],
      answer: { deed: 'echo' },
    });
  });

  test('carries bodies of any size there and back', async () => {
    const workers = await openPool();
    const bodies = [0, 1, 7, 4096, 65_536, 5_000_000].map((n) => Buffer.alloc(n, n % 251));
    const answers = await Promise.all(
      bodies.map((body, i) => workers.run({ head: { deed: 'echo', i }, body })),
    );
    for (const [i, answer] of answers.entries()) {
      expect(answer.head).toEqual({ deed: 'echo', i });
      expect(Buffer.compare(answer.body, bodies[i] ?? NOTHING)).toBe(0);
    }
  });

  test('gives workers none of its environment', async () => {
    const names = (await ask(await openPool(), 'environment')) as string[];
    expect(names.filter((name) => !/^(VIPS|UV|MALLOC)_/.test(name))).toEqual([]);
  });

  test.each(['kill', 'fault', 'exit', 'gibberish'])(
    'a worker that dies by %s takes its own job alone and is replaced',
    async (deed) => {
      const workers = await openPool();
      const others = [1, 2, 3, 4].map((i) => ask(workers, 'slow', { ms: 50, i }));
      const doomed = ask(workers, deed);
      const later = [5, 6, 7, 8].map((i) => ask(workers, 'echo', { i }));
      await expect(doomed).rejects.toMatchObject({ code: 'InternalError' });
      expect(await Promise.all(others)).toMatchObject([{ i: 1 }, { i: 2 }, { i: 3 }, { i: 4 }]);
      expect(await Promise.all(later)).toHaveLength(4);
      expect(lost).toMatchObject([{ wasBusy: true }]);
    },
  );

  test('a worker that is killed while idle is replaced', async () => {
    const workers = await openPool({ workers: 1 });
    const before = (await ask(workers, 'pid')) as number;
    process.kill(before, 'SIGKILL');
    while (lost.length === 0) await sleep(5);
    expect(await ask(workers, 'pid')).not.toBe(before);
  });

  test.each(['spin', 'hang'])('a job that does not end (%s) is killed', async (deed) => {
    const workers = await openPool({ workers: 1, jobTimeoutMs: 300 });
    const stuck = ask(workers, deed);
    const next = ask(workers, 'echo', { i: 1 });
    await expect(stuck).rejects.toMatchObject({ code: 'ExtractFeatureTimeout', status: 500 });
    await expect(next).resolves.toMatchObject({ i: 1 });
  });

  const isLinux = process.platform === 'linux';
  (isLinux ? test : test.skip)('a worker that eats all memory is killed', async () => {
    const workers = await openPool({ workers: 1, maxWorkerBytes: 400 * 1024 * 1024 });
    await expect(ask(workers, 'eat')).rejects.toMatchObject({ code: 'InternalError' });
    await expect(ask(workers, 'echo', { i: 1 })).resolves.toMatchObject({ i: 1 });
  });

  (isLinux ? test : test.skip)('a worker that kept much memory is replaced', async () => {
    const workers = await openPool({ workers: 1, maxWorkerBytes: 700 * 1024 * 1024 });
    const before = await ask(workers, 'keep');
    const after = await ask(workers, 'pid');
    expect(after).not.toBe(before);
    expect(lost).toMatchObject([{ wasBusy: false }]);
  });

  test('refuses what no longer fits into the queue, and says when to come back', async () => {
    const workers = await openPool({ workers: 1, maxQueue: 3 });
    const running = [1, 2, 3, 4].map(() => ask(workers, 'slow', { ms: 100 }));
    await expect(ask(workers, 'echo')).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      status: 503,
      retryAfterMs: expect.any(Number),
    });
    await Promise.all(running);
    await expect(ask(workers, 'echo')).resolves.toBeDefined();
  });

  test('runs searches before adds, and both before the background', async () => {
    const workers = await openPool({ workers: 1 });
    const ended: unknown[] = [];
    const run = async (i: string, priority?: Priority): Promise<void> => {
      const frame = { head: { deed: 'slow', ms: 30, i }, body: NOTHING };
      ended.push((await workers.run(frame, undefined, priority)).head);
    };
    const background = ['b1', 'b2', 'b3'].map((i) => run(i, 'background'));
    const adds = ['a1', 'a2'].map((i) => run(i, 'add'));
    const searches = ['s1', 's2', 's3', 's4'].map((i) => run(i, 'search'));
    await Promise.all([...background, ...adds, ...searches]);
    const order = ['b1', 's1', 's2', 's3', 'a1', 's4', 'a2', 'b2', 'b3'];
    expect(ended).toMatchObject(order.map((i) => ({ i })));
  });

  test('leaves a worker to requests, whatever the background does', async () => {
    const workers = await openPool({ workers: 2, closeTimeoutMs: 100 });
    const jobs = ['hang', 'echo'].map((deed) =>
      workers.run({ head: { deed }, body: NOTHING }, undefined, 'background'),
    );
    const outcomes = Promise.allSettled(jobs);
    await ask(workers, 'slow', { ms: 200 });
    expect(await Promise.race([jobs[1], Promise.resolve('waits')])).toBe('waits');
    await workers.close();
    expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('refuses what waited for too long, and never runs it', async () => {
    const workers = await openPool({ workers: 1, maxWaitMs: 100 });
    let isOver = false;
    const running = ask(workers, 'slow', { ms: 2000 }).then(() => (isOver = true));
    await expect(ask(workers, 'kill')).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    expect(isOver).toBe(false);
    await running;
    await ask(workers, 'echo');
    expect(lost).toEqual([]);
    expect(workers.load.refused).toEqual({ search: 1, add: 0, background: 0 });
  });

  test('never runs a job that is aborted while it waits', async () => {
    const workers = await openPool({ workers: 1 });
    const first = ask(workers, 'slow', { ms: 100 });
    const controller = new AbortController();
    const doomed = workers.run({ head: { deed: 'kill' }, body: NOTHING }, controller.signal);
    controller.abort();
    await expect(doomed).rejects.toMatchObject({ name: 'AbortError' });
    await first;
    await ask(workers, 'echo');
    expect(lost).toEqual([]);
  });

  test('answers an aborted job at once though its worker goes on', async () => {
    const workers = await openPool({ workers: 1 });
    const controller = new AbortController();
    const running = workers.run(
      { head: { deed: 'slow', ms: 200 }, body: NOTHING },
      controller.signal,
    );
    setTimeout(() => controller.abort(), 20);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect(ask(workers, 'echo', { i: 1 })).resolves.toMatchObject({ i: 1 });
    await expect(
      workers.run({ head: { deed: 'echo' }, body: NOTHING }, AbortSignal.abort()),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('finishes its jobs before it closes, and refuses new ones', async () => {
    const workers = await openPool({ workers: 1 });
    const jobs = [1, 2, 3].map((i) => ask(workers, 'slow', { ms: 30, i }));
    const closing = workers.close();
    await expect(ask(workers, 'echo')).rejects.toMatchObject({ code: 'ServiceUnavailable' });
    expect(await Promise.all(jobs)).toHaveLength(3);
    await closing;
  });

  test('kills what does not end in time when it closes', async () => {
    const workers = await openPool({ workers: 1, closeTimeoutMs: 100 });
    const stuck = ask(workers, 'spin');
    const waiting = ask(workers, 'echo');
    const outcomes = Promise.allSettled([stuck, waiting]);
    await workers.close();
    expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });

  test('says so when no worker starts', async () => {
    await expect(openPool({ args: ['broken'] })).rejects.toThrow('cannot start: exit code 1');
  });
});
