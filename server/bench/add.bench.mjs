/**
 * Counts pictures added over HTTP beside decode and inference alone on all cores, and times searches meanwhile.
 *
 *     npm run bench:add -- [--images 5000] [--rounds 3] [--seconds 4] [--workers CORES]
 *
 * Needs no network; about 75 s on a quiet machine. A round is the bare loop, then adds, then searches alone, then both. Requests are signed before each step by the
 * client, a process of its own, whose processor time is told and taken off: the adds had the cores without it.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { answeredWell, INSTANCE, openBareLoops, openBench, WHOLE } from './path/bench-server.mjs';
import { processorMs } from './path/processes.mjs';
import { describeMachine, spread } from './path/report.mjs';
import { median, table } from './statistics.mjs';

const { values: args } = parseArgs({
  options: {
    images: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const CORES = availableParallelism();
const ROUND_MS = Number(args.seconds) * 1000;
/** Adds under way for each vision process: one that is looked at, one that is written, one that arrives. */
const CLIENTS_PER_WORKER = 3;
const WORKERS = Number(args.workers);
/** More than one client gets answered. */
const SEARCHES_PER_SECOND = 60;

const machine = describeMachine();
const environment = () => ({ LIKENESS_WORKERS: args.workers });
const bench = await openBench({ images: Number(args.images), environment });
const bare = await openBareLoops(CORES);
let added = 0;
try {
  await step({ adding: CLIENTS_PER_WORKER * WORKERS, expected: 20 });
  const rounds = [];
  for (let round = 0; round < Number(args.rounds); round += 1) rounds.push(await measure());
  print(rounds);
} finally {
  await bare.stop();
  await bench.close();
}

async function measure() {
  const alone = await bare.run({ files: bench.files, windows: [WHOLE], untilMs: ROUND_MS });
  const alonePerSecond = (alone.times.length / ROUND_MS) * 1000;
  const expected = Math.ceil(alone.times.length * 1.2);
  const adds = await step({ adding: CLIENTS_PER_WORKER * WORKERS, expected });
  const idle = await step({ searching: 1 });
  const both = await step({ adding: CLIENTS_PER_WORKER * WORKERS, searching: 1, expected });
  return {
    alonePerSecond,
    aloneCpuMs: alone.cpuMs / alone.times.length,
    ...adds,
    idleMs: idle.searchMs,
    meanwhileMs: both.searchMs,
  };
}

/** Adds, searches or both until the time is over. */
async function step({ adding = 0, searching = 0, expected }) {
  const { client, port } = bench;
  const lanes = [
    { lane: 'add', clients: adding },
    { lane: 'search', clients: searching },
  ].filter(({ clients }) => clients > 0);
  const searches = Math.ceil((SEARCHES_PER_SECOND * ROUND_MS) / 1000);
  for (const { lane } of lanes) await prepare(lane, lane === 'search' ? searches : expected);
  const before = processorMs(bench.server.pid);
  const { outcomes, wallMs, cpuMs } = await client.ask({
    kind: 'run',
    port,
    lanes,
    untilMs: ROUND_MS,
  });
  const after = processorMs(bench.server.pid);
  const count = answeredWell(outcomes.add ?? []).length;
  return {
    searchMs: median(answeredWell(outcomes.search ?? []).map(({ ms }) => ms)),
    perSecond: (count / wallMs) * 1000,
    withoutClientPerSecond: (count / (wallMs - cpuMs / CORES)) * 1000,
    clientCpuMs: cpuMs / count,
    serverCpuMs: (after.own - before.own) / count,
    visionCpuMs: (after.children - before.children) / count,
  };
}

function prepare(lane, count) {
  const calls = Array.from({ length: count }, (_, i) => {
    const form = { InstanceName: INSTANCE, Crop: 'false' };
    const picture = bench.files[i % bench.files.length];
    if (lane === 'search') return { action: 'SearchImageByPic', form, picture };
    added += 1;
    const names = { ProductId: `added-${added}`, PicName: 'front.jpg' };
    return { action: 'AddImage', form: { ...form, ...names }, picture, stamp: added };
  });
  const { key } = bench.server;
  return bench.client.ask({ kind: 'prepare', port: bench.port, key, lane, calls });
}

function print(rounds) {
  const of = (pick, digits) => spread(rounds.map(pick), digits);
  console.log(`${machine}; ${WORKERS} vision processes, ${CORES} bare loops`);
  console.log(`${rounds.length} rounds of ${args.seconds} s a step; median (least–most)\n`);
  console.log(
    table(
      ['', 'measured', 'bar'],
      [
        [
          'decode + inference alone, pictures a second',
          of(({ alonePerSecond }) => alonePerSecond, 1),
          '',
        ],
        ['added over HTTP, a second', of(({ perSecond }) => perSecond, 1), ''],
        [
          '… the client’s share of the cores taken off',
          of((each) => each.withoutClientPerSecond, 1),
          '',
        ],
        ['added / alone', of((each) => each.perSecond / each.alonePerSecond), ''],
        [
          '… the client taken off',
          of((each) => each.withoutClientPerSecond / each.alonePerSecond),
          '.85',
        ],
        ['processor ms a picture: alone', of(({ aloneCpuMs }) => aloneCpuMs, 1), ''],
        ['… vision processes', of(({ visionCpuMs }) => visionCpuMs, 1), ''],
        ['… the server’s process', of(({ serverCpuMs }) => serverCpuMs, 1), ''],
        ['… the client', of(({ clientCpuMs }) => clientCpuMs, 1), ''],
        ['alone / (vision + server), processor time', of(efficiency), '.85'],
        ['a search alone, p50 ms', of(({ idleMs }) => idleMs, 1), ''],
        [
          'a search while pictures are added, p50 / alone',
          of((each) => each.meanwhileMs / each.idleMs),
          '2',
        ],
      ],
    ),
  );
}

function efficiency({ aloneCpuMs, visionCpuMs, serverCpuMs }) {
  return aloneCpuMs / (visionCpuMs + serverCpuMs);
}
