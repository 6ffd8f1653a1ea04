import { EventEmitter, once } from 'node:events';

import { expect, test } from '@jest/globals';

import { WorkGate, type WorkGateOptions } from './work-gate.ts';

const OPTIONS: WorkGateOptions = {
  maxRunning: 1,
  maxWaiting: 2,
  targetWaitMs: 60_000,
  maxWaitMs: 60_000,
};
const UNAVAILABLE = { code: 'ServiceUnavailable', retryAfterMs: expect.any(Number) };

/** A gate whose only place is taken until `release` is called. */
function openBusyGate(options: Partial<WorkGateOptions> = {}) {
  const gate = new WorkGate({ ...OPTIONS, ...options });
  const ran: string[] = [];
  const task = (name: string) => async (): Promise<string> => {
    ran.push(name);
    return name;
  };
  const hold = new EventEmitter();
  const blocker = gate.run(() => once(hold, 'release'));
  return { gate, ran, task, blocker, release: () => hold.emit('release') };
}

test('tasks run in the order in which they came, so many at once', async () => {
  const { gate, ran, task, release } = openBusyGate();
  const answers = Promise.all([gate.run(task('a')), gate.run(task('b'))]);
  await Promise.resolve();
  expect([ran, gate.load]).toEqual([[], { running: 1, waiting: 2, refused: 0 }]);
  release();
  expect(await answers).toEqual(['a', 'b']);
  expect(ran).toEqual(['a', 'b']);
  expect(gate.load).toEqual({ running: 0, waiting: 0, refused: 0 });
});

test('a task that fails hands its place on', async () => {
  const gate = new WorkGate(OPTIONS);
  const outcomes = await Promise.allSettled([
    gate.run(() => Promise.reject(new Error('broken'))),
    gate.run(async () => 'ran'),
  ]);
  expect(outcomes).toMatchObject([{ status: 'rejected' }, { value: 'ran' }]);
});

test('what does not fit is refused at once, and told when to come back', async () => {
  const { gate, task, release, blocker } = openBusyGate();
  const waiting = [gate.run(task('a')), gate.run(task('b'))];
  await expect(gate.run(task('c'))).rejects.toMatchObject(UNAVAILABLE);
  expect(gate.load.refused).toBe(1);
  release();
  await Promise.all([blocker, ...waiting]);
});

test('what has waited too long is refused, and never runs', async () => {
  const { gate, ran, task, release, blocker } = openBusyGate({ maxWaitMs: 20 });
  await expect(gate.run(task('late'))).rejects.toMatchObject(UNAVAILABLE);
  release();
  await blocker;
  expect(ran).toEqual([]);
});

test('a task whose client has gone never runs', async () => {
  const { gate, ran, task, release, blocker } = openBusyGate();
  const client = new AbortController();
  const gone = gate.run(task('gone'), client.signal);
  client.abort();
  await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
  release();
  await blocker;
  expect([ran, gate.load.running]).toEqual([[], 0]);
});
