import { spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { launchServerOn } from '../support/launched-server.ts';
import { withFolder } from '../support/stored-catalog.ts';
import {
  connectTo,
  FIRST_CAPACITY,
  readShelf,
  SHOP,
  WriteClients,
} from '../support/write-clients.ts';
import { findWrong, type Shelf } from '../support/write-history.ts';

const isProving = process.env['LIKENESS_PROVE'] !== undefined;
const SEED = Number(process.env['LIKENESS_SEED'] ?? 20_261_121);
const KILLS = isProving ? 200 : 2;
const FAULTS = isProving ? 20 : 1;
/** A system call that fails once in the life of a server: in the first round the one of number `first`, in each next `step` later. */
interface Fault {
  readonly call: string;
  readonly first: number;
  readonly step: number;
  /** Only of the record store's files; anywhere, a write that fails between threads ends the process, like any crash. */
  readonly isOfRecords?: true;
}
const FSYNC: Fault = { call: 'fdatasync', first: 30, step: 2 };
const FAULTY_CALLS: readonly Fault[] = isProving
  ? [
      FSYNC,
      { call: 'fsync', first: 30, step: 2 },
      { call: 'rename', first: 30, step: 2 },
      { call: 'write', first: 1, step: 3, isOfRecords: true },
      { call: 'write', first: 200, step: 97 },
    ]
  : [FSYNC];
/** LevelDB numbers its files; a round makes a handful. */
const MAX_RECORD_FILES = 300;
/** Most that clients write before a kill, and how long they go on beside a failing disk. */
const MAX_WRITING_MS = 900;
const FAULT_WRITING_MS = 3_000;
/** Two starts, each of which may wait for a processor. */
const ROUND_TIMEOUT_MS = 180_000;
const STRACE = 'strace';
/** What a full disk's test mounts. */
const DISK_MB = 64;
const MB = 1024 * 1024;

/** A disk is full when it is full. */
const NO_RESERVE = { LIKENESS_MIN_FREE_MB: '0' };

let pictures: readonly Buffer[];
beforeAll(async () => {
  pictures = await WriteClients.draw();
});

interface Round {
  readonly round: number;
  readonly under?: readonly string[];
  /** What happens while the clients write; then the server is killed. */
  readonly while: (endpoint: string, clients: WriteClients) => Promise<void>;
}

/** What the API shows after a start. */
interface Stored {
  readonly shelf: Shelf;
  /** Of the instance. */
  readonly capacity: number;
}

interface Outcome extends Stored {
  readonly acknowledged: number;
  readonly failed: number;
}

/** Lets clients write, kills the server, starts it again, and compares what the API shows. */
async function endure(dataDir: string, before: Stored, round: Round): Promise<Outcome> {
  const clients = new WriteClients(pictures, SEED + round.round, before.capacity);
  const first = await launchFailing(dataDir, round.under);
  if (first !== undefined) {
    const written = clients.run(first.endpoint, round.round);
    try {
      await round.while(first.endpoint, clients);
    } finally {
      clients.stop();
      await first.kill();
      await written;
    }
  }
  const second = await launchServerOn(dataDir, { environment: NO_RESERVE });
  try {
    const shelf = await readShelf(second.endpoint, pictures[0] ?? Buffer.alloc(0));
    expect([round.round, findWrong(before.shelf, clients.lines, shelf)]).toEqual([round.round, []]);
    const { instances } = await connectTo(second.endpoint).listInstances();
    const { acknowledged: least, begun } = clients.settings;
    const capacity = Number(instances[0]?.capacity);
    expect([round.round, capacity >= least && capacity <= begun]).toEqual([round.round, true]);
    const ready = await (await fetch(`${second.endpoint}/readyz`)).json();
    expect(ready).toMatchObject({ Status: 'ready', Writable: true, Damage: {} });
    return { shelf, capacity, acknowledged: clients.count('end'), failed: clients.count('error') };
  } finally {
    await second.stop();
  }
}

/** Undefined where the fault already ended the server before it listened. */
async function launchFailing(
  dataDir: string,
  under: readonly string[] | undefined,
): Promise<Awaited<ReturnType<typeof launchServerOn>> | undefined> {
  if (under === undefined) return launchServerOn(dataDir, { environment: NO_RESERVE });
  return launchServerOn(dataDir, { environment: NO_RESERVE, under }).catch(() => undefined);
}

/** An empty instance. */
async function createShop(dataDir: string): Promise<Stored> {
  const server = await launchServerOn(dataDir, { environment: NO_RESERVE });
  const settings = { instanceName: SHOP, capacity: FIRST_CAPACITY, serviceType: 'generic' };
  await connectTo(server.endpoint).createInstance(settings);
  await server.kill();
  return { shelf: new Map(), capacity: FIRST_CAPACITY };
}

async function endureAll(
  dataDir: string,
  rounds: readonly Round[],
): Promise<{ readonly acknowledged: number; readonly failed: number }> {
  let stored = await createShop(dataDir);
  const sum = { acknowledged: 0, failed: 0 };
  for (const round of rounds) {
    const outcome = await endure(dataDir, stored, round);
    stored = outcome;
    sum.acknowledged += outcome.acknowledged;
    sum.failed += outcome.failed;
  }
  return sum;
}

describe('a server, killed while four clients write through the API', () => {
  test(
    `loses nothing, shows nothing that is gone, and starts by itself: ${KILLS} times`,
    () =>
      withFolder(async (folder) => {
        const rounds = Array.from({ length: KILLS }, (_, index) => ({
          round: index + 1,
          while: () => sleep(((index + 1) * 7_919) % MAX_WRITING_MS),
        }));
        const { acknowledged } = await endureAll(folder, rounds);
        console.log(
          `seed ${SEED}: ${KILLS} kills, ${acknowledged} acknowledged, 0 lost, 0 resurrected, 0 wrong`,
        );
        expect(acknowledged).toBeGreaterThan(0);
      }),
    KILLS * ROUND_TIMEOUT_MS,
  );

  const canTrace =
    spawnSync(STRACE, ['-qq', '-o', '/dev/null', process.execPath, '-v']).status === 0;
  (canTrace ? test : test.skip).each(FAULTY_CALLS)(
    'loses nothing either when a call failed before and it went on writing: %p',
    (fault) =>
      withFolder(async (folder) => {
        const rounds = Array.from({ length: FAULTS }, (_, index) => {
          const number = fault.first + index * fault.step;
          const under = traceFailing(fault, number, folder);
          return { round: index + 1, under, while: () => sleep(FAULT_WRITING_MS) };
        });
        const { acknowledged, failed } = await endureAll(folder, rounds);
        const where = fault.isOfRecords ? ' to the record store' : '';
        console.log(
          `${fault.call}${where}: ${failed} failed, ${acknowledged} acknowledged, 0 lost`,
        );
        expect(acknowledged).toBeGreaterThan(0);
      }),
    FAULTS * ROUND_TIMEOUT_MS,
  );
});

describe('a disk that is really full', () => {
  const canMount = ((): boolean => {
    const made = spawnSync('sh', [
      '-c',
      'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs "$d" && umount "$d" && rmdir "$d"',
    ]);
    return made.status === 0;
  })();
  if (!canMount) console.log('skipped: no file system may be mounted here');

  (canMount ? test : test.skip)(
    'refuses writes, goes on searching, writes again once there is room, and loses nothing',
    () =>
      withFolder(async (folder) => {
        const dataDir = join(folder, 'disk');
        await mkdir(dataDir);
        mount('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', dataDir]);
        try {
          const filler = join(dataDir, 'lost+found');
          const codes = new Set<string>();
          const fill = async (endpoint: string, clients: WriteClients): Promise<void> => {
            await sleep(MAX_WRITING_MS);
            const { bavail, bsize } = await statfs(dataDir);
            await writeFile(filler, Buffer.alloc(bavail * bsize - 64 * 1024)).catch(
              () => undefined,
            );
            await sleep(FAULT_WRITING_MS);
            const client = connectTo(endpoint);
            const picContent = pictures[0] ?? Buffer.alloc(0);
            const found = await client.searchImageByPic({ instanceName: SHOP, picContent });
            expect(found.head.docsFound).toBeGreaterThan(0);
            for (const line of clients.lines) {
              if (line.kind === 'error')
                codes.add(/^\w+: (.*)$/u.exec(line.message ?? '')?.[1] ?? '');
            }
            await rm(filler);
            const before = clients.count('end');
            await sleep(FAULT_WRITING_MS);
            expect(clients.count('end')).toBeGreaterThan(before);
          };
          const { failed, acknowledged } = await endureAll(dataDir, [{ round: 1, while: fill }]);
          console.log(`full disk: ${failed} refused, ${acknowledged} acknowledged, 0 lost`);
          expect(failed).toBeGreaterThan(0);
          expect([...codes].join('\n')).toContain('no room to store');
          expect((await statfs(dataDir)).bavail).toBeGreaterThan(MB / 4096);
        } finally {
          mount('umount', ['-l', dataDir]);
        }
      }),
    ROUND_TIMEOUT_MS,
  );
});

/** What runs a server whose call of this number fails, counted by thread. */
function traceFailing({ call, isOfRecords }: Fault, number: number, dataDir: string): string[] {
  const inject = `inject=${call}:error=EIO:when=${number}`;
  const files = isOfRecords ? recordFiles(dataDir).flatMap((path) => ['-P', path]) : [];
  return [STRACE, '-f', '-qq', '-o', '/dev/null', ...files, '-e', `trace=${call}`, '-e', inject];
}

/** Files that LevelDB has, or will have. */
function recordFiles(dataDir: string): readonly string[] {
  const numbers = Array.from({ length: MAX_RECORD_FILES }, (_, index) =>
    String(index + 1).padStart(6, '0'),
  );
  const names = numbers.flatMap((number) => [
    `${number}.log`,
    `${number}.ldb`,
    `MANIFEST-${number}`,
  ]);
  return names.map((name) => join(dataDir, 'records', name));
}

function mount(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command}: ${stderr.toString()}`);
}
