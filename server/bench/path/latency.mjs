/** Whole searches by picture, beside what must be done at the least, and beside a socket that does nothing. */
import { answeredWell, INSTANCE, openBareLoops, WHOLE } from './bench-server.mjs';
import { processorMs, startProcess } from './processes.mjs';
import { spread } from './report.mjs';
import { median, quantile, table } from '../statistics.mjs';

const CLIENTS = [1, 2];

/** Prints a table of one and of two clients. */
export async function measureLatency(bench, { images, rounds, requests }) {
  const echo = await startProcess('echo-server.mjs');
  const { port: echoPort } = await echo.ask({});
  console.log(
    `### Searches by picture, ${images} images, ${rounds} rounds of ${requests} requests\n`,
  );
  try {
    for (const clients of CLIENTS) {
      const bare = await openBareLoops(clients);
      const measured = [];
      for (let round = -1; round < rounds; round += 1) {
        const told = await measureRound(bench, { bare, echoPort, clients, requests });
        if (round >= 0) measured.push(told);
      }
      await bare.stop();
      print(measured, clients);
    }
  } finally {
    await echo.stop();
  }
}

async function measureRound(bench, { bare, echoPort, clients, requests }) {
  const { files, server, port, client } = bench;
  const looks = Math.ceil(requests / clients);
  const alone = await bare.run({ files, windows: [WHOLE], looks });
  const lanes = [{ lane: 'search', clients }];
  await prepare(bench, requests);
  const echoed = await client.ask({ kind: 'run', port: echoPort, lanes });
  await prepare(bench, requests);
  const before = processorMs(server.pid);
  const { outcomes, wallMs, cpuMs } = await client.ask({ kind: 'run', port, lanes });
  const after = processorMs(server.pid);
  const times = answeredWell(outcomes.search).map(({ ms }) => ms);
  const clientMs = cpuMs / times.length;
  const aloneMs = median(alone.times);
  return {
    aloneMs,
    echoMs: median(echoed.outcomes.search.map(({ ms }) => ms)),
    p50: median(times),
    p99: quantile(times, 0.99),
    clientMs,
    ratio: (median(times) - clientMs) / aloneMs,
    perSecond: (times.length / wallMs) * 1000,
    aloneCpuMs: alone.cpuMs / alone.times.length,
    visionCpuMs: (after.children - before.children) / times.length,
    serverCpuMs: (after.own - before.own) / times.length,
  };
}

function prepare({ client, port, files, server }, count) {
  const calls = Array.from({ length: count }, (_, i) => ({
    action: 'SearchImageByPic',
    form: { InstanceName: INSTANCE, Crop: 'false', Num: '10' },
    picture: files[i % files.length],
  }));
  return client.ask({ kind: 'prepare', port, key: server.key, lane: 'search', calls });
}

function print(rounds, clients) {
  const of = (pick, digits) => spread(rounds.map(pick), digits);
  const bar = (text) => (clients === 1 ? text : '');
  console.log(
    table(
      [`${clients} client${clients === 1 ? '' : 's'}`, 'measured', 'bar'],
      [
        ['decode + inference alone, p50 ms', of(({ aloneMs }) => aloneMs), ''],
        ['`node:http` echo of the same bodies, p50 ms', of(({ echoMs }) => echoMs), ''],
        ['a search, p50 ms', of(({ p50 }) => p50), ''],
        ['a search, p99 ms', of(({ p99 }) => p99), ''],
        ['p99 / p50', of(({ p99, p50 }) => p99 / p50), clients === 2 ? '2' : ''],
        ['processor ms of the client, a request', of(({ clientMs }) => clientMs), ''],
        ['(p50 − client) / alone', of(({ ratio }) => ratio), bar('1.2')],
        ['searches a second', of(({ perSecond }) => perSecond, 1), ''],
        ['processor ms: alone', of(({ aloneCpuMs }) => aloneCpuMs), ''],
        ['… vision processes', of(({ visionCpuMs }) => visionCpuMs), ''],
        ['… the server’s process, scan included', of(({ serverCpuMs }) => serverCpuMs), ''],
        ['(vision + server) / alone, processor time', of(needed), ''],
      ],
    ),
    '\n',
  );
}

/** What a search takes of the cores beside what must be done. */
function needed({ visionCpuMs, serverCpuMs, aloneCpuMs }) {
  return (visionCpuMs + serverCpuMs) / aloneCpuMs;
}
